package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.UserCode;

/// The Kullback–Leibler divergence in closed form.
///
/// ```
/// KL(p ‖ q) = E_p [log p(x) − log q(x)]
/// ```
///
/// There is a rule for
///
/// - two members of one exponential family, whatever their parameters: probabilities or logits, a gamma and an exponential distribution, two
///   kinds of Gaussian vectors, truncated normal distributions, a Laplace distribution and an asymmetric one, …;
/// - two of one of the families Cauchy, half-Cauchy, Gumbel, Weibull, Pareto, Lévy, Gompertz, Kumaraswamy, uniform, log-uniform;
/// - a Weibull beside a gamma distribution in either order, a Kumaraswamy beside a beta;
/// - a point mass or a distribution with finitely many values, beside anything with the same kind of values;
/// - hurdle distributions of such pairs, and expanded, independent and masked ones.
///
/// Where no closed form exists (Kumaraswamy, Lévy and Gompertz, powers on an interval) it is an integral over the quantile, to all digits.
public final class KL {
    private KL() {}

    /// The two arguments, for the rules.
    private record Pair(Distribution p, Distribution q) {}

    /// {@return the divergence of q from p, of the shape of their batches broadcast; 0 where they are equal, ∞ where q has no mass where p has}
    ///
    /// @throws UnsupportedOperationException if no rule knows the pair
    public static NDArray klDivergence(Distribution p, Distribution q) {
        return switch (new Pair(p, q)) {
            case Pair(Equivalent a, var b) -> klDivergence(a.equivalent(), b);
            case Pair(var a, Equivalent b) -> klDivergence(a, b.equivalent());
            case Pair(Expanded a, var b) -> repeated(klDivergence(a.baseDist(), b), a, b);
            case Pair(var a, Expanded b) -> repeated(klDivergence(a, b.baseDist()), a, b);
            case Pair(Delta a, var b) -> a.logDensity().minus(b.logProb(a.v()));
            case Pair(Hurdle a, Hurdle b) when a.isDiscrete() == b.isDiscrete() -> repeated(a.divergence(b), p, q);
            case Pair(Masked a, Masked b) -> masked(a, b);
            case Pair(Independent a, Independent b) -> {
                int shared = Math.min(a.reinterpretedBatchNdims(), b.reinterpretedBatchNdims());
                yield Density.sumRightmost(
                        klDivergence(
                                a.baseDist().toEvent(a.reinterpretedBatchNdims() - shared),
                                b.baseDist().toEvent(b.reinterpretedBatchNdims() - shared)),
                        shared);
            }
            default -> known(p, q);
        };
    }

    private static NDArray known(Distribution p, Distribution q) {
        NDArray value = ContinuousKL.rule(p, q)
                .or(() -> QuadratureKL.rule(p, q))
                .or(() -> DiscreteKL.rule(p, q))
                .or(() -> GaussianKL.rule(p, q))
                .or(() -> MatrixKL.rule(p, q))
                .orElseThrow(() -> unknown(p, q));
        return repeated(value, p, q);
    }

    private static NDArray repeated(NDArray value, Distribution p, Distribution q) {
        return broadcastTo(value, Shape.broadcast(value.shape(), p.batchShape(), q.batchShape()));
    }

    /// Where both are masked out nothing differs; where only one is, the divergence of a density and a constant has no meaning.
    private static NDArray masked(Masked p, Masked q) {
        if (p.mask() != q.mask() && p.mask() instanceof Dense && q.mask() instanceof Dense && any(p.mask().ne(q.mask())).isTrue()) {
            throw new UnsupportedOperationException(new Diagnosis("KL", "the two distributions have different masks")
                    .expected("equal masks: one distribution switched off where the other is not has no divergence")
                    .got("masks of shapes " + p.mask().shape() + " and " + q.mask().shape())
                    .at(UserCode.line())
                    .fix("mask the divergence: where(mask, klDivergence(p, q), 0).")
                    .message());
        }
        return where(logicalAnd(p.mask(), q.mask()), klDivergence(p.baseDist(), q.baseDist()), 0.0);
    }

    private static UnsupportedOperationException unknown(Distribution p, Distribution q) {
        return new UnsupportedOperationException(new Diagnosis("KL", "the divergence of this pair is not known in closed form")
                .expected("two members of one exponential family, or a pair listed in the documentation of KL")
                .got(p.getClass().getSimpleName() + " and " + q.getClass().getSimpleName())
                .at(UserCode.line())
                .fix("estimate it: x = p.sample(key, Shape.of(10_000)); p.logProb(x).minus(q.logProb(x)).mean(0).")
                .message());
    }
}
