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
/// where a number is so large that the plain one would lose digits, or may be since it is not known ([#isNeeded]). Derivatives of this form by a
/// shape are differences of ψ from logarithms, of which little is left, with the digits of that.
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

    /// {@return whether a count or shape is so large that logarithms of Γ cancel, or may be since it is not known}
    static boolean isNeeded(NDArray... x) {
        if (!Cancellation.matters()) {
            return false;
        }
        for (NDArray each : x) {
            if (!(each instanceof Dense) || any(each.gt(LARGE)).isTrue()) {
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
        // An infinite ratio has no derivative that 0 could take out.
        NDArray near = Density.isAllFalse(far) ? ratio : where(far, 1.0, y).div(where(far, 1.0, some));
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
        return Density.split(x, SERIES, few -> lgamma(few.plus(1)).minus(xlogy(few, few)).plus(few),
                many -> series(many).plus(log(many).times(0.5)).plus(Constants.HALF_LOG_2PI));
    }

    private static NDArray series(NDArray x) {
        NDArray i = reciprocal(x);
        NDArray j = square(i);
        return i.times(j.times(j.times(j.times(-1.0 / 1680).plus(1.0 / 1260)).minus(1.0 / 360)).plus(1.0 / 12));
    }

    /// {@return `log Γ(a + k) − log Γ(a) − (a + k) log(a + k) + a log a + k`}
    ///
    /// Beside a large shape a small count leaves little of the difference of two rests.
    private static NDArray rise(NDArray a, NDArray k) {
        return Density.split(a, SERIES, few -> rest(few.plus(k)).minus(rest(few)).minus(log(few.plus(k).div(few))),
                many -> series(many.plus(k)).minus(series(many)).minus(log1p(k.div(many)).times(0.5)));
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
        NDArray some = rest(n).minus(rest(k)).minus(rest(l)).minus(deviances(n, k, l, s));
        return none(k, n, s.logQ, none(l, n, s.logP, some));
    }

    /// The density of a count, where that is 0 by the power of the probability of the other, of which nothing cancels.
    private static NDArray none(NDArray k, NDArray others, NDArray logOther, NDArray some) {
        NDArray none = k.eq(0);
        return Density.isAllFalse(none) ? some : where(none, Density.count(others, logOther), some);
    }

    /// {@return `log Γ(a + k) − log Γ(a) − log k! + k log p + a log q`}
    static NDArray negativeBinomial(NDArray a, NDArray k, Shares s) {
        NDArray some = rise(a, k).minus(rest(k)).minus(deviances(a.plus(k), k, a, s));
        return none(k, a, s.logQ, some);
    }

    /// {@return the former with its mean m in the place of probabilities}
    ///
    /// With `t = (k − m)/(a + m)` the derivative of the deviances by a is `−log(1 + t) + t`, which their sum loses where a is far larger than both:
    ///
    /// ```
    /// k log(k/m) − (a + k) log(1 + t) = deviance(k, m) − (k − m) t − (a + k) (log(1 + t) − t)
    /// ```
    static NDArray negativeBinomial(NDArray a, NDArray k, NDArray mean, Shares s) {
        NDArray t = k.minus(mean).div(a.plus(mean));
        NDArray isNear = logicalAnd(a.ge(mean), abs(t).lt(0.5));
        NDArray near = where(isNear, t, 0.0);
        NDArray loss = deviance(k, mean, () -> log(mean)).minus(k.minus(mean).times(near)).minus(a.plus(k).times(Density.log1pmx(near)));
        return where(isNear, rise(a, k).minus(rest(k)).minus(loss), negativeBinomial(a, k, s));
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

    /// {@return `log n! − Σᵢ log xᵢ! + Σᵢ xᵢ log pᵢ`, for probabilities that add up to 1}
    ///
    /// @param x    counts that add up to n, `[…, k]`
    /// @param p    `[…, k]`
    /// @param logP their logarithms
    static NDArray multinomial(NDArray n, NDArray x, NDArray p, NDArray logP) {
        NDArray all = expandDims(n, -1);
        return rest(n).minus(rest(x).plus(deviance(x, all.times(p), () -> log(all).plus(logP))).sum(-1));
    }

    /// {@return `log Γ(Σᵢ aᵢ) − Σᵢ log Γ(aᵢ) + Σᵢ aᵢ log pᵢ`, for probabilities that add up to 1}
    ///
    /// @param a    shapes, `[…, k]`
    /// @param p    `[…, k]`
    /// @param logP their logarithms
    static NDArray dirichlet(NDArray a, NDArray p, NDArray logP) {
        NDArray sum = a.sum(-1);
        NDArray all = expandDims(sum, -1);
        NDArray each = rest(a).minus(log(a)).plus(deviance(a, all.times(p), () -> log(all).plus(logP)));
        return rest(sum).minus(log(sum)).minus(each.sum(-1));
    }

    /// {@return the density of counts whose probabilities have a Dirichlet distribution, by Bayes' rule as [#overBeta]}
    ///
    /// @param a shapes, `[…, k]`
    /// @param n the sum of the counts
    /// @param x counts, `[…, k]`
    static NDArray overDirichlet(NDArray a, NDArray n, NDArray x) {
        NDArray now = a.plus(x);
        NDArray all = expandDims(now.sum(-1), -1);
        NDArray p = now.div(all);
        NDArray logP = log(now).minus(log(all));
        return multinomial(n, x, p, logP).plus(dirichlet(a, p, logP)).minus(dirichlet(now, p, logP));
    }
}
