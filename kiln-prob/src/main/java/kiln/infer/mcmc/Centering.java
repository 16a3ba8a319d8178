package kiln.infer.mcmc;

/// In which coordinates the variables of a hierarchy are sampled: those that are located or scaled by other variables, such as
/// `theta ~ Normal(mu, tau)`.
public enum Centering {
    /// As the model is written.
    AS_WRITTEN,

    /// In coordinates u that are about standard normal given all others.
    ///
    /// ```
    /// theta = mu + tau z,   z = u √r + (h − k mu) tau r,   r = 1 / (1 + k tau²)
    /// ```
    ///
    /// k and h say what the data tells about theta, as a likelihood `exp(h theta − ½ k theta²)`; a short chain before the run finds them for every
    /// element. Where tau is small against `1/√k` that is the non-centred form, where it is large the centred one: there is a funnel at neither end. The
    /// posterior and everything that is returned are those of the model as written.
    ///
    /// Effects around constants, or around variables that nothing else depends on, are looked at along the directions in which the data tells them apart, and what they
    /// cannot be told from, such as an intercept or their location, is sampled without the part that follows them (docs/hierarchies.md).
    ///
    /// Normal vectors, `z ~ MultivariateNormal(mu, L Lᵀ)`, have matrices for k and r, each its own.
    ///
    /// As written stay sites in scans, masked or scaled ones, and all where discrete sites are summed out, where some sites are sampled by another kernel, and
    /// where the metric is given or not adapted or the warm-up is shorter than 100 iterations.
    ADAPTED
}
