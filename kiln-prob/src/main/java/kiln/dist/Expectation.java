package kiln.dist;

import static kiln.array.Np.*;

import java.util.function.UnaryOperator;
import kiln.array.NDArray;

/// Expectations under a distribution of one number, as integrals over its quantile function.
///
/// ```
/// E f(X) = ∫₀^p f(icdf(u)) du + ∫₀^(1−p) f(isf(u)) du
/// ```
///
/// By the double exponential rule, which gives all digits of a double where f grows at most as u^−½ at the ends. It differentiates and compiles
/// where the quantile does.
final class Expectation {
    private static final NDArray NODES = DoubleExponential.RULE.nodes();
    private static final NDArray WEIGHTS = DoubleExponential.RULE.weights();

    private Expectation() {}

    /// {@return `E f(X)`, of shape `batch`}
    ///
    /// @param f of an array of values, `[nodes] + batch`
    static NDArray of(Distribution d, UnaryOperator<NDArray> f) {
        return below(d, NDArray.as(0.5), f).plus(above(d, NDArray.as(0.5), f));
    }

    /// {@return `E (X − m)²` about the mean `m` of the distribution, of shape `batch`}
    static NDArray variance(Distribution d) {
        NDArray mean = d.mean();
        return of(d, x -> square(x.minus(mean)));
    }

    /// {@return `∫₀^p f(icdf(u)) du`, the part of the expectation below the quantile of `p`}
    static NDArray below(Distribution d, NDArray p, UnaryOperator<NDArray> f) {
        return integral(p, d, u -> f.apply(d.icdf(u)));
    }

    /// {@return `∫₀^p f(isf(u)) du`, the part of the expectation above}
    static NDArray above(Distribution d, NDArray p, UnaryOperator<NDArray> f) {
        return integral(p, d, u -> f.apply(d.isf(u)));
    }

    /// {@return `∫ f(icdf(u)) du` from `below` to `1 − above`}
    ///
    /// @param below a probability, as `above`; the quantile is taken from the end on which one half lies
    static NDArray between(Distribution d, NDArray below, NDArray above, UnaryOperator<NDArray> f) {
        NDArray low = below.lt(above);
        NDArray start = where(low, below, above);
        return integral(subtract(1, below).minus(above), d, u -> {
            NDArray p = minimum(start.plus(u), 0.5);
            return f.apply(where(low, d.icdf(p), d.isf(p)));
        });
    }

    private static NDArray integral(NDArray p, Distribution d, UnaryOperator<NDArray> f) {
        int axes = Math.max(p.rank(), d.batchShape().rank());
        // A part of no mass counts nothing, and the quantiles in it and their derivatives must not get in the way.
        NDArray isNone = p.lt(1e-300);
        NDArray mass = where(isNone, 0.5, p);
        NDArray u = maximum(Density.trailing(NODES, axes).times(mass), Double.MIN_NORMAL);
        return where(isNone, 0.0, Density.trailing(WEIGHTS, axes).times(f.apply(u)).sum(0).times(mass));
    }
}
