package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import kiln.array.NDArray;

/// Divergences of random covariance and correlation matrices. They are the same for a matrix, its inverse and its Cholesky factor.
final class MatrixKL {
    private MatrixKL() {}

    private record Pair(Distribution p, Distribution q) {}

    static Optional<NDArray> rule(Distribution p, Distribution q) {
        return Optional.ofNullable(
                switch (new Pair(p, q)) {
                    case Pair(Wishart a, Wishart b) -> wishart(a, b, WishartParts.ratio(b.scaleTril(), a.scaleTril()), 1);
                    case Pair(WishartCholesky a, WishartCholesky b) -> wishart(a, b, WishartParts.ratio(b.scaleTril(), a.scaleTril()), 1);
                    // The inverse has the inverse scale.
                    case Pair(InverseWishart a, InverseWishart b) -> wishart(a, b, WishartParts.ratio(a.scaleTril(), b.scaleTril()), -1);
                    case Pair(InverseWishartCholesky a, InverseWishartCholesky b) ->
                        wishart(a, b, WishartParts.ratio(a.scaleTril(), b.scaleTril()), -1);
                    case Pair(LKJ a, LKJ b) when a.dimension() == b.dimension() -> lkj(a.dimension(), a.concentration(), b.concentration());
                    case Pair(LKJCholesky a, LKJCholesky b) when a.dimension() == b.dimension() ->
                        lkj(a.dimension(), a.concentration(), b.concentration());
                    default -> null;
                });
    }

    /// `½ ν_q log |V_q|/|V_p| + ½ ν_p (tr V_q⁻¹ V_p − d) + log Γ_d(ν_q/2)/Γ_d(ν_p/2) + ½ (ν_p − ν_q) ψ_d(ν_p/2)`
    ///
    /// @param trace tr V_q⁻¹ V_p
    /// @param sign  −1 if the scales are those of the inverse
    private static NDArray wishart(WishartFamily p, WishartFamily q, NDArray trace, int sign) {
        int d = p.scaleTril().size(-1);
        NDArray a = p.concentration().times(0.5);
        NDArray b = q.concentration().times(0.5);
        NDArray logs = Quadratic.halfLogDet(q.scaleTril()).minus(Quadratic.halfLogDet(p.scaleTril())).times(2.0 * sign);
        NDArray digammas = digamma(expandDims(a, -1).minus(arange(d).times(0.5))).sum(-1);
        return b.times(logs)
                .plus(a.times(trace.minus(d)))
                .plus(multigammaln(b, d))
                .minus(multigammaln(a, d))
                .plus(a.minus(b).times(digammas));
    }

    /// The rows of the Cholesky factor have independent squared lengths left of the diagonal, row k (from 1) a beta distribution with parameters
    /// k/2 and η + (d − 1 − k)/2, and directions that do not depend on η.
    private static NDArray lkj(int d, NDArray p, NDArray q) {
        NDArray k = arange(d - 1).plus(1);
        NDArray first = k.times(0.5);
        NDArray rest = subtract(d - 1, k).times(0.5);
        return KL.klDivergence(new Beta(first, expandDims(p, -1).plus(rest)), new Beta(first, expandDims(q, -1).plus(rest))).sum(-1);
    }
}
