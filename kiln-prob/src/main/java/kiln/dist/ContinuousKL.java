package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import kiln.array.Bessel;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

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
                    case Pair(Truncated a, Truncated b) when a.baseDist() instanceof Normal n && b.baseDist() instanceof Normal m ->
                        truncated(a, n, b, m);
                    case Pair(Gamma a, Gamma b) -> gamma(a.concentration(), a.rate(), b.concentration(), b.rate());
                    // A bijection of the value changes nothing: 1/x is gamma.
                    case Pair(InverseGamma a, InverseGamma b) -> gamma(a.concentration(), a.rate(), b.concentration(), b.rate());
                    case Pair(Beta a, Beta b) -> dirichlet(
                            stackLast(a.concentration1(), a.concentration0()), stackLast(b.concentration1(), b.concentration0()));
                    case Pair(Dirichlet a, Dirichlet b) -> dirichlet(a.concentration(), b.concentration());
                    case Pair(Laplace a, Laplace b) -> laplace(a, b);
                    case Pair(AsymmetricLaplace a, AsymmetricLaplace b) -> laplace(a, b);
                    case Pair(AsymmetricLaplace a, Laplace b) -> laplace(a, new AsymmetricLaplace(b.loc(), b.scale(), onesLike(b.scale())));
                    case Pair(Laplace a, AsymmetricLaplace b) -> laplace(new AsymmetricLaplace(a.loc(), a.scale(), onesLike(a.scale())), b);
                    case Pair(Cauchy a, Cauchy b) -> cauchy(a.loc().minus(b.loc()), a.scale(), b.scale());
                    // Halves of symmetric densities have the same ratio.
                    case Pair(HalfCauchy a, HalfCauchy b) -> cauchy(zerosLike(a.scale()), a.scale(), b.scale());
                    case Pair(Gumbel a, Gumbel b) -> gumbel(a, b);
                    case Pair(Weibull a, Weibull b) -> weibull(a, b);
                    case Pair(Weibull a, Gamma b) -> weibull(a, b);
                    case Pair(Gamma a, Weibull b) -> weibull(a, b);
                    case Pair(Pareto a, Pareto b) -> pareto(a, b);
                    case Pair(DoublyTruncatedPowerLaw a, DoublyTruncatedPowerLaw b) -> within(a.low(), a.high(), b.low(), b.high(),
                            a.alpha().minus(b.alpha()).times(a.meanLog()).minus(a.logNormalizer()).plus(b.logNormalizer()));
                    case Pair(Uniform a, Uniform b) -> within(a.low(), a.high(), b.low(), b.high(),
                            log(b.high().minus(b.low())).minus(log(a.high().minus(a.low()))));
                    case Pair(LogUniform a, LogUniform b) -> within(a.low(), a.high(), b.low(), b.high(),
                            log(log(b.high()).minus(log(b.low()))).minus(log(log(a.high()).minus(log(a.low())))));
                    case Pair(VonMises a, VonMises b) -> vonMises(a, b);
                    case Pair(SineBivariateVonMises a, SineBivariateVonMises b) -> a.divergence(b);
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

    /// From `E (x − c)₊` and `E (x − c)₋` about the mode c of q.
    private static NDArray laplace(AsymmetricLaplace a, AsymmetricLaplace b) {
        NDArray d = b.loc().minus(a.loc());
        NDArray width = a.left().plus(a.right());
        NDArray mean = a.right().minus(a.left()).minus(d);
        NDArray right = square(a.right()).div(width).times(exp(maximum(d, 0.0).div(a.right()).unaryMinus()));
        NDArray left = square(a.left()).div(width).times(exp(minimum(d, 0.0).div(a.left())));
        NDArray above = where(d.ge(0), right, left.plus(mean));
        NDArray below = where(d.ge(0), right.minus(mean), left);
        return above.div(b.right()).plus(below.div(b.left())).minus(1).plus(log(b.left().plus(b.right())).minus(log(width)));
    }

    private static NDArray cauchy(NDArray difference, NDArray p, NDArray q) {
        return log(square(p.plus(q)).plus(square(difference))).minus(log(p.times(q).times(4.0)));
    }

    /// Of `½ (E z_q² − E z_p²)` and what the densities are divided by; the moments are those of p.
    private static NDArray truncated(Truncated a, Normal p, Truncated b, Normal q) {
        NDArray mean = a.mean();
        NDArray variance = a.variance();
        NDArray forms = square(mean.minus(q.loc())).plus(variance).div(square(q.scale()))
                .minus(square(mean.minus(p.loc())).plus(variance).div(square(p.scale())));
        NDArray value = forms.times(0.5).plus(log(q.scale())).minus(log(p.scale())).plus(b.logMass()).minus(a.logMass());
        return within(end(a.lower(), -1), end(a.upper(), 1), end(b.lower(), -1), end(b.upper(), 1), value);
    }

    private static NDArray end(@Nullable NDArray cut, int side) {
        return cut == null ? NDArray.as(side * Double.POSITIVE_INFINITY) : cut;
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

    private static NDArray weibull(Gamma p, Weibull q) {
        NDArray k = q.concentration();
        NDArray meanLog = digamma(p.concentration()).minus(log(p.rate())).minus(log(q.scale()));
        NDArray power = exp(lgamma(p.concentration().plus(k)).minus(lgamma(p.concentration())).minus(k.times(log(p.rate().times(q.scale())))));
        return power.minus(k.minus(1).times(meanLog)).minus(log(k)).plus(log(q.scale())).minus(p.entropy());
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
        NDArray length = Angles.resultant(p);
        NDArray norms = log(Bessel.i0e(q)).minus(log(Bessel.i0e(p))).plus(q).minus(p);
        return norms.plus(length.times(p.minus(q.times(cos(a.loc().minus(b.loc()))))));
    }
}
