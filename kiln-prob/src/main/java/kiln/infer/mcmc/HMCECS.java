package kiln.infer.mcmc;

import java.util.Map;
import java.util.Optional;
import kiln.array.NDArray;
import kiln.infer.TaylorProxy;

/// Hamiltonian Monte Carlo with energy conserving subsampling: a gradient looks at `m` of `n` rows of the data.
///
/// ```
/// target      π(q, u) ∝ prior(q) exp(L(q, u)),   u the m rows, drawn with replacement
/// rows        u' = u with one of numBlocks blocks drawn anew;   accept with min(1, exp(L(q, u') − L(q, u)))
/// then one transition of the inner kernel in q, given u
///
/// no proxy    L = n/m Σ_j ℓ_{u_j}(q)
/// proxy w     L = Σ_i w_i(q) + n mean(d) − ½ n²/m var(d),   d_j = ℓ_{u_j}(q) − w_{u_j}(q)
/// ```
///
/// `π` is sampled exactly; its marginal of `q` is an approximation to the posterior. With a proxy the error is small where the variance of
/// `n mean(d)` is below about 1 nat² over the bulk of the posterior: near a mode with much data a [#taylorProxy] of degree 2. It is exact where
/// the differences `d` vanish, for any normal likelihood for instance. Without a proxy `exp L` is large wherever some choice of rows fits well, so that the
/// marginal is another one than the posterior, unless `n/m Σ ℓ` hardly varies with the rows; this is for comparison.
///
/// A polynomial is a proxy near its point only. Where rows have different curvatures, the estimate of degree 2 grows without bound far from it, and
/// is kept in check by the prior alone: chains should start near the mode ([MCMC#initParams]), and `m` not be a handful.
///
/// The likelihood of a model stands in a plate with `subsampleSize(m)`, and takes its rows by `subsample` or the plate's `indices()`; only data may be
/// inside. More blocks change the estimate less at a time, so that more of the proposals are accepted; each block takes as many more iterations to be
/// drawn anew.
///
/// Source: Dang, Quiroz, Kohn, Tran and Villani, *Hamiltonian Monte Carlo with energy conserving subsampling* (2019), algorithm 1; Quiroz, Kohn, Villani
/// and Tran, *Speeding up MCMC by efficient data subsampling* (2019), for the estimate; Deligiannidis, Doucet and Pitt (2018) and Tran,
/// Kohn, Quiroz and Villani (2016) for blocks. Differs from NumPyro in that blocks are of equal size up to one row, so that all rows are renewed.
///
/// @param innerKernel the kernel of the parameters, with the target, which is a model
/// @param numBlocks   number of blocks, ≥ 1; default 1: all rows are drawn anew
/// @param proxy       what stands for the rows that are not looked at; default none
public record HMCECS(AdaptiveSampler<?> innerKernel, int numBlocks, Optional<TaylorProxy> proxy) implements GibbsSampler {
    /// @throws IllegalArgumentException if `numBlocks` is not ≥ 1
    public HMCECS {
        HMCSettings.require(numBlocks >= 1, "numBlocks must be ≥ 1", numBlocks);
    }

    /// One block and no proxy: `new HMCECS(new NUTS(() -> model(x, y)))`.
    public HMCECS(AdaptiveSampler<?> innerKernel) {
        this(innerKernel, 1, Optional.empty());
    }

    /// A copy with another [#numBlocks()].
    public HMCECS numBlocks(int v) {
        return new HMCECS(innerKernel, v, proxy);
    }

    /// A copy with another [#proxy()].
    public HMCECS proxy(TaylorProxy v) {
        return new HMCECS(innerKernel, numBlocks, Optional.of(v));
    }

    /// {@return the Taylor polynomials of degree 2 of the log likelihoods}
    ///
    /// @param referenceParams where they are made: the position of every latent site on unconstrained space, near the mode
    public static TaylorProxy taylorProxy(Map<String, NDArray> referenceParams) {
        return taylorProxy(referenceParams, 2);
    }

    /// {@return the Taylor polynomials of the log likelihoods}
    ///
    /// @param referenceParams where they are made: the position of every latent site on unconstrained space, near the mode
    /// @param degree          1 or 2
    /// @throws kiln.array.DomainException if the degree is neither
    public static TaylorProxy taylorProxy(Map<String, NDArray> referenceParams, int degree) {
        return new TaylorProxy(referenceParams, degree);
    }
}
