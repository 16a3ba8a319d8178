package kiln.infer.mcmc;

/// In which coordinates the variables of a hierarchy are sampled: those that are located or scaled by other variables, such as
/// `theta ~ Normal(mu, tau)`.
///
/// ```
/// theta = mu + tau^(1−c) (u − c mu),    u the coordinate
/// ```
///
/// c = 1 is the model as written (centred). It is good where the data says much about theta, and a funnel where it says little; c = 0 (decentred)
/// is the other way round. Neither changes the posterior or anything that is returned.
public enum Centering {
    /// As the model is written: c = 1.
    AS_WRITTEN,

    /// For every element what a short run before the chains finds best, among 0, ¼, ½, ¾ and 1.
    ADAPTED
}
