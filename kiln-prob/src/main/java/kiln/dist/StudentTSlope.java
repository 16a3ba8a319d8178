package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// The derivative of Student's t distribution function by its degrees of freedom.
///
/// ```
/// ∂P(T > z)/∂ν = ∫_z^∞ p s dt = −∫₀ᶻ p s dt,  2 s = δ − q + (1 + 1/ν)(1 − e^−q),  q = log(1 + t²/ν),  δ = ψ((ν + 1)/2) − ψ(ν/2) − 1/ν
/// ```
///
/// from the side on which the derivative s of the log density keeps its sign, by the double exponential rule; in the tail with
///
/// ```
/// p dt = c e^(−ν q₀/2) / √ν · e^−r / √(1 − e^−q) dr,  q = q₀ + 2 r / ν
/// ```
///
/// whose terms neither overflow nor cancel for any ν.
final class StudentTSlope {
    private StudentTSlope() {}

    /// {@return `∂P(T > z)/∂ν`}
    ///
    /// @param df ν; > 0
    /// @param z  ≥ 0, of the same shape
    static NDArray of(NDArray df, NDArray z) {
        NDArray at = minimum(z, 1e300);
        NDArray isTail = score(Density.log1pSquare(at, df), df).lt(0);
        NDArray inner = where(isTail, 0.0, at);
        NDArray centre = Expectation.fromZero(inner, t -> {
            NDArray q = Density.log1pSquare(t, df);
            return exp(df.plus(1).times(-0.5).times(q).minus(StudentT.normalizer(df))).times(score(q, df));
        });
        NDArray start = Density.log1pSquare(where(isTail, at, sqrt(df)), df);
        NDArray tail = Expectation.fromZero(onesLike(start), u -> {
            NDArray q = start.minus(log(u).times(2).div(df));
            return score(q, df).div(sqrt(expm1(q.unaryMinus()).unaryMinus()));
        });
        NDArray height = exp(df.times(-0.5).times(start).minus(StudentT.normalizer(df))).div(sqrt(df));
        return where(isTail, tail.times(height), centre.unaryMinus());
    }

    private static NDArray onesLike(NDArray x) {
        return full(x.shape(), 1.0);
    }

    /// `∂ log p/∂ν` where `log(1 + t²/ν) = q`.
    private static NDArray score(NDArray q, NDArray df) {
        NDArray rest = expm1(q.unaryMinus()).unaryMinus();
        return StudentT.digammaRest(df).plus(rest.div(df)).minus(beyondLinear(q)).times(0.5);
    }

    /// `q − 1 + e^−q`, by its series where that cancels.
    private static NDArray beyondLinear(NDArray q) {
        NDArray small = minimum(q, 0.2);
        NDArray series = full(q.shape(), 0);
        for (int k = 12; k >= 2; k--) {
            series = subtract(1, series).times(small).div(k);
        }
        return where(q.lt(0.2), series.times(small), q.plus(expm1(maximum(q, 0.2).unaryMinus())));
    }
}
