package kiln.dist;

import static kiln.array.Np.*;

import java.util.function.Function;
import java.util.function.Supplier;
import kiln.array.Dense;
import kiln.array.NDArray;

/// Loader's saddle-point form of densities that are differences of logarithms of Γ.
///
/// ```
/// log Γ(x + 1) = x log x − x + rest(x),   deviance(x, y) = x log(x/y) + y − x ≥ 0
/// ```
///
/// The terms `x log x` of a density, of which each is far larger than their sum, are collected in deviances of counts or shapes from what is
/// expected of them; these, and the rests, are of the size of the result. A deviance is least, and 0, where both are equal, so that rounding in
/// `y` costs no more than the condition of the density.
///
/// A deviance takes a logarithm of every element, where the plain form has one of a parameter or of known data. So a density takes this form only
/// where a known number is so large that the plain one would lose digits ([#isNeeded]).
///
/// Source: C. Loader, *Fast and accurate computation of binomial probabilities* (2000).
final class Saddle {
    /// Up to here the logarithms of Γ, below 6000, leave the result 12 digits behind the point.
    private static final double LARGE = 1000;

    /// From here on the asymptotic series of a rest is exact to rounding.
    private static final double SERIES = 25;

    /// Two numbers that far apart leave nothing to cancel.
    private static final double FAR = 1e8;

    private Saddle() {}

    /// {@return whether a count or shape is known to be so large that logarithms of Γ cancel}
    static boolean isNeeded(NDArray... x) {
        if (!Cancellation.matters()) {
            return false;
        }
        for (NDArray each : x) {
            if (each instanceof Dense && any(each.gt(LARGE)).isTrue()) {
                return true;
            }
        }
        return false;
    }

    /// {@return `x log(x/y) + y − x`, which is y at `x = 0` and ∞ for other x at `y = 0`, there with finite derivatives}
    ///
    /// @param x    ≥ 0
    /// @param y    ≥ 0
    /// @param logY its logarithm, for where y is far from x, or no double
    static NDArray deviance(NDArray x, NDArray y, Supplier<NDArray> logY) {
        NDArray none = x.eq(0);
        NDArray some = Density.isAllFalse(none) ? x : where(none, 1.0, x);
        NDArray ratio = y.div(some);
        NDArray far = logicalOr(ratio.gt(FAR), ratio.lt(1 / FAR));
        NDArray near = Density.isAllFalse(far) ? ratio : where(far, 1.0, ratio);
        NDArray deviance = some.times(near.minus(1).minus(log(near)));
        if (near != ratio) {
            // Nothing cancels, and the ratio may be no double.
            NDArray other = y.plus(some.times(log(some).minus(1))).minus(Density.count(some, logY.get()));
            deviance = where(far, other, deviance);
        }
        return some == x ? deviance : where(none, y, deviance);
    }

    /// {@return `log Γ(x + 1) − x log x + x`, about `½ log 2πx`}
    ///
    /// @param x ≥ 0
    static NDArray rest(NDArray x) {
        NDArray few = minimum(x, SERIES);
        NDArray direct = lgamma(few.plus(1)).minus(xlogy(few, few)).plus(few);
        NDArray many = maximum(x, SERIES);
        NDArray i = reciprocal(many);
        NDArray j = square(i);
        NDArray series = i.times(j.times(j.times(j.times(-1.0 / 1680).plus(1.0 / 1260)).minus(1.0 / 360)).plus(1.0 / 12));
        return where(x.gt(SERIES), series.plus(log(many).times(0.5)).plus(Constants.HALF_LOG_2PI), direct);
    }

    /// The deviances of two parts x and y of a whole from shares of it, `x log(x/np) + y log(y/nq)`.
    private static NDArray deviances(NDArray n, NDArray x, NDArray y, Shares s) {
        return deviance(x, n.times(s.p), () -> log(n).plus(s.logP)).plus(deviance(y, n.times(s.q), () -> log(n).plus(s.logQ)));
    }

    /// Probabilities that add up to 1, and their logarithms.
    record Shares(NDArray p, NDArray q, NDArray logP, NDArray logQ) {
        /// The shares of two positive numbers in their sum.
        private static Shares of(NDArray x, NDArray y) {
            NDArray n = x.plus(y);
            return new Shares(x.div(n), y.div(n), log(x).minus(log(n)), log(y).minus(log(n)));
        }
    }

    /// {@return `log C(n, k) + k log p + (n − k) log q`}
    static NDArray binomial(NDArray n, NDArray k, Shares s) {
        NDArray l = n.minus(k);
        return rest(n).minus(rest(k)).minus(rest(l)).minus(deviances(n, k, l, s));
    }

    /// {@return `log Γ(a + k) − log Γ(a) − log k! + k log p + a log q`}
    static NDArray negativeBinomial(NDArray a, NDArray k, Shares s) {
        NDArray n = a.plus(k);
        return rest(n).minus(rest(a)).minus(rest(k)).plus(log(a.div(n))).minus(deviances(n, k, a, s));
    }

    /// {@return `a log y − y − log Γ(a)`, the gamma density of the logarithm of y}
    static NDArray gamma(NDArray a, NDArray y, Supplier<NDArray> logY) {
        return log(a).minus(rest(a)).minus(deviance(a, y, logY));
    }

    /// {@return the density of counts whose probability has a beta distribution}
    ///
    /// By Bayes' rule: the joint density of the counts and a probability, here the expected one, over the density of that given the counts.
    ///
    /// @param a      shape of the probability
    /// @param b      shape of the complement
    /// @param ones   how many times the one came
    /// @param zeros  how many times the other
    /// @param counts the density of the counts given the probability
    static NDArray overBeta(NDArray a, NDArray b, NDArray ones, NDArray zeros, Function<Shares, NDArray> counts) {
        NDArray nowOnes = ones.plus(a);
        NDArray nowZeros = zeros.plus(b);
        Shares expected = Shares.of(nowOnes, nowZeros);
        return counts.apply(expected).plus(beta(a, b, expected)).minus(beta(nowOnes, nowZeros, expected));
    }

    /// {@return `a log p + b log q − log B(a, b)`, the beta density of the log odds of p}
    static NDArray beta(NDArray a, NDArray b, Shares s) {
        NDArray n = a.plus(b);
        return rest(n).minus(rest(a)).minus(rest(b)).plus(log(a.div(n)).plus(log(b))).minus(deviances(n, a, b, s));
    }
}
