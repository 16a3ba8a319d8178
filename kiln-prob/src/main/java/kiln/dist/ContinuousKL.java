package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import kiln.array.Bessel;
import kiln.array.NDArray;

/// Divergences of continuous distributions of one number, and of the Dirichlet distribution.
final class ContinuousKL {
    private ContinuousKL() {}

    private record Pair(Distribution p, Distribution q) {}

    static Optional<NDArray> rule(Distribution p, Distribution q) {
        return Optional.ofNullable(
                switch (new Pair(gamma(p), gamma(q))) {
                    case Pair(Normal a, Normal b) -> normal(a.loc().minus(b.loc()), a.scale(), b.scale());
                    case Pair(LogNormal a, LogNormal b) -> normal(a.loc().minus(b.loc()), a.scale(), b.scale());
                    case Pair(HalfNormal a, HalfNormal b) -> normal(zerosLike(a.scale()), a.scale(), b.scale());
                    case Pair(Gamma a, Gamma b) -> gamma(a.concentration(), a.rate(), b.concentration(), b.rate());
                    // A bijection of the value changes nothing: 1/x is gamma.
                    case Pair(InverseGamma a, InverseGamma b) -> gamma(a.concentration(), a.rate(), b.concentration(), b.rate());
                    case Pair(Beta a, Beta b) -> dirichlet(
                            stackLast(a.concentration1(), a.concentration0()), stackLast(b.concentration1(), b.concentration0()));
                    case Pair(Dirichlet a, Dirichlet b) -> dirichlet(a.concentration(), b.concentration());
                    case Pair(Laplace a, Laplace b) -> laplace(a, b);
                    case Pair(Cauchy a, Cauchy b) -> log(square(a.scale().plus(b.scale())).plus(square(a.loc().minus(b.loc()))))
                            .minus(log(a.scale().times(b.scale()).times(4.0)));
                    case Pair(Gumbel a, Gumbel b) -> gumbel(a, b);
                    case Pair(Weibull a, Weibull b) -> weibull(a, b);
                    case Pair(Weibull a, Gamma b) -> weibull(a, b);
                    case Pair(Pareto a, Pareto b) -> pareto(a, b);
                    case Pair(Kumaraswamy a, Beta b) -> kumaraswamy(a, b);
                    case Pair(Uniform a, Uniform b) -> within(a.low(), a.high(), b.low(), b.high(),
                            log(b.high().minus(b.low())).minus(log(a.high().minus(a.low()))));
                    case Pair(LogUniform a, LogUniform b) -> within(a.low(), a.high(), b.low(), b.high(),
                            log(log(b.high()).minus(log(b.low()))).minus(log(log(a.high()).minus(log(a.low())))));
                    case Pair(VonMises a, VonMises b) -> vonMises(a, b);
                    default -> null;
                });
    }

    /// Exponential and χ² are gamma distributions.
    private static Distribution gamma(Distribution d) {
        return switch (d) {
            case Exponential e -> new Gamma(onesLike(e.rate()), e.rate());
            case Chi2 c -> new Gamma(c.df().times(0.5), 0.5);
            default -> d;
        };
    }

    private static NDArray stackLast(NDArray a, NDArray b) {
        return stack(broadcastArrays(a, b), -1);
    }

    /// `½ (r − 1 − log r) + d² / 2σ_q²` with `r = σ_p²/σ_q²`.
    static NDArray normal(NDArray difference, NDArray scaleP, NDArray scaleQ) {
        NDArray r = scaleP.div(scaleQ);
        return square(r).minus(1).times(0.5).minus(log(r)).plus(square(difference.div(scaleQ)).times(0.5));
    }

    private static NDArray gamma(NDArray a, NDArray rateA, NDArray b, NDArray rateB) {
        NDArray ratio = rateB.div(rateA);
        return a.minus(b).times(digamma(a)).plus(lgamma(b)).minus(lgamma(a)).minus(b.times(log(ratio))).plus(a.times(ratio.minus(1)));
    }

    /// `log Γ(A)/Γ(B) + Σ log Γ(bᵢ)/Γ(aᵢ) + Σ (aᵢ − bᵢ)(ψ(aᵢ) − ψ(A))`
    static NDArray dirichlet(NDArray a, NDArray b) {
        NDArray totalA = a.sum(-1);
        NDArray parts = lgamma(b).minus(lgamma(a)).plus(a.minus(b).times(digamma(a).minus(expandDims(digamma(totalA), -1))));
        return lgamma(totalA).minus(lgamma(b.sum(-1))).plus(parts.sum(-1));
    }

    private static NDArray laplace(Laplace a, Laplace b) {
        NDArray d = abs(a.loc().minus(b.loc()));
        NDArray r = a.scale().div(b.scale());
        return d.div(b.scale()).plus(r.times(exp(d.div(a.scale()).unaryMinus()))).minus(1).minus(log(r));
    }

    private static NDArray gumbel(Gumbel a, Gumbel b) {
        NDArray r = a.scale().div(b.scale());
        NDArray shift = a.loc().minus(b.loc()).div(b.scale());
        return r.minus(1).times(Constants.EULER).minus(log(r)).plus(shift).minus(1).plus(exp(lgamma(r.plus(1)).minus(shift)));
    }

    private static NDArray weibull(Weibull a, Weibull b) {
        NDArray r = b.concentration().div(a.concentration());
        NDArray shift = b.concentration().times(log(a.scale().div(b.scale())));
        return r.minus(1).times(Constants.EULER).minus(log(r)).minus(shift).minus(1).plus(exp(lgamma(r.plus(1)).plus(shift)));
    }

    private static NDArray weibull(Weibull p, Gamma q) {
        NDArray meanLog = log(p.scale()).minus(divide(Constants.EULER, p.concentration()));
        return crossEntropy(q, meanLog, p.mean()).minus(p.entropy());
    }

    private static NDArray crossEntropy(Gamma q, NDArray meanLog, NDArray mean) {
        return lgamma(q.concentration())
                .minus(q.concentration().times(log(q.rate())))
                .minus(q.concentration().minus(1).times(meanLog))
                .plus(q.rate().times(mean));
    }

    private static NDArray pareto(Pareto a, Pareto b) {
        NDArray r = b.alpha().div(a.alpha());
        NDArray value = r.minus(1).minus(log(r)).plus(b.alpha().times(log(a.scale().div(b.scale()))));
        return where(a.scale().ge(b.scale()), value, Double.POSITIVE_INFINITY);
    }

    private static NDArray within(NDArray lowP, NDArray highP, NDArray lowQ, NDArray highQ, NDArray value) {
        return where(logicalAnd(lowP.ge(lowQ), highP.le(highQ)), value, Double.POSITIVE_INFINITY);
    }

    private static NDArray vonMises(VonMises a, VonMises b) {
        NDArray p = a.concentration();
        NDArray q = b.concentration();
        NDArray length = Bessel.i1e(p).div(Bessel.i0e(p));
        NDArray norms = log(Bessel.i0e(q)).minus(log(Bessel.i0e(p))).plus(q).minus(p);
        return norms.plus(length.times(p.minus(q.times(cos(a.loc().minus(b.loc()))))));
    }

    /// With x = (1 − v)^(1/a), v = u^(1/b) and u uniform, `E log x = −(γ + ψ(b + 1)) / a` and `E log(1 − x) = −1/b + E log((1 − x)/v)`. The
    /// last logarithm is bounded by |log a|; its mean is an integral over u by Takahasi and Mori's double exponential rule, which is exact to
    /// about 1e-13. (NumPyro cuts a series after ten terms.)
    private static NDArray kumaraswamy(Kumaraswamy p, Beta q) {
        NDArray a = p.concentration1();
        NDArray b = p.concentration0();
        NDArray digammaNext = digamma(b.plus(1)).plus(Constants.EULER);
        NDArray meanLog = digammaNext.div(a).unaryMinus();
        NDArray logU = DoubleExponential.LOG_NODES;
        // Below e⁻³⁷ the last logarithm is −log a to the last digit, and 1 − v is 1.
        NDArray logV = maximum(logU.div(expandDims(b, -1)), -37);
        NDArray log1mX = log1mexp(log1mexp(logV).div(expandDims(a, -1)));
        NDArray smooth = log1mX.minus(logV).times(DoubleExponential.WEIGHTS).sum(-1);
        NDArray meanLog1m = smooth.minus(reciprocal(b));
        NDArray negativeEntropy = log(a).plus(log(b))
                .plus(a.minus(1).times(meanLog))
                .minus(b.minus(1).div(b));
        return negativeEntropy
                .plus(betaln(q.concentration1(), q.concentration0()))
                .minus(q.concentration1().minus(1).times(meanLog))
                .minus(q.concentration0().minus(1).times(meanLog1m));
    }
}
