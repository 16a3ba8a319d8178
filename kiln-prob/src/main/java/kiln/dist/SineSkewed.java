package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.Optional;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Sine-skewed distribution of angles: a symmetric distribution on the torus, tilted to one side.
///
/// ```
/// log p(x) = log p_base(x) + log(1 + Σᵢ skewnessᵢ sin(xᵢ − locᵢ))
/// ```
///
/// Here loc is the mean of the base.
///
/// - **support** vectors of angles in [−π, π]
/// - **shapes** those of the base, whose event is `[d]`
/// - **moments** circular ones: the mean is loc + arctan(Σⱼ skewnessⱼ E sin aᵢ sin aⱼ / E cos aᵢ), where a is x − loc under the base,
///   and loc + arctan(skewness / κ) for von Mises angles; the variance is 1 less the length of the mean; NumPyro gives the mean of the base
///   instead
/// - **gradient of a draw** none
///
/// Numerics: the entropy of one or two von Mises angles by quadrature, to 1e-13 absolutely for one angle of a concentration up to 1e4, to 1e-11 for two angles where checked, up to 30.
///
/// Source: Ameijeiras-Alonso and Ley, *Sine-skewed toroidal distributions and their application in protein bioinformatics* (2021).
///
/// @param baseDist a distribution of d angles, symmetric around its mean: `new VonMises(…).toEvent(1)` or [SineBivariateVonMises]
/// @param skewness `[…, d]`; absolute sum ≤ 1
public record SineSkewed(Distribution baseDist, NDArray skewness) implements Distribution {
    /// The density may have a peak at 0, and the tilt a logarithm at π/2.
    private static final NDArray ANGLES = DoubleExponential.FINE.nodes().times(Math.PI / 2);

    private static final NDArray WEIGHTS = DoubleExponential.FINE.weights();

    /// @throws DomainException if a known parameter lies outside its domain
    public SineSkewed {
        skewness = Check.in(l1Ball, "skewness", skewness, SineSkewed.class);
    }

    @Override
    public Constraint support() {
        return independent(circular, 1);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(baseDist.batchShape(), skewness.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return baseDist.eventShape();
    }

    @Override
    public NDArray mean() {
        return tangent().map(t -> Angles.wrapped(baseDist.mean().plus(arctan(t)))).orElseGet(Distribution.super::mean);
    }

    @Override
    public NDArray variance() {
        return tangent()
                .map(t -> subtract(1, subtract(1, baseDist.variance()).times(sqrt(square(t).plus(1)))))
                .orElseGet(Distribution.super::variance);
    }

    /// What the skewness adds across the direction of the base, over the length along it, which it leaves. For von Mises angles
    /// `E sin² = I₁(κ) / (κ I₀(κ))` and `E cos = I₁(κ) / I₀(κ)`.
    private Optional<NDArray> tangent() {
        return Optional.ofNullable(
                switch (baseDist) {
                    case Independent(VonMises base, int axes) when axes == 1 -> skewness.div(base.concentration());
                    case SineBivariateVonMises base -> base.sineProducts().times(expandDims(skewness, -2)).sum(-1)
                            .div(subtract(1, base.variance()));
                    default -> null;
                });
    }

    /// That of the base, less `E (1 + s) log(1 + s)` under the base with the tilt s, because s is odd and log p even.
    @Override
    public NDArray entropy() {
        return switch (baseDist) {
            case Independent(VonMises base, int axes) when axes == 1 && eventShape().dim(0) <= 2 -> {
                NDArray k = broadcastTo(base.concentration(), base.batchShape());
                boolean isOne = eventShape().dim(0) == 1;
                yield baseDist.entropy().minus(isOne ? tiltOfOne(part(k, 0)) : tiltOfTwo(part(k, 0), part(k, 1), NDArray.as(0.0)));
            }
            case SineBivariateVonMises base -> base.entropy()
                    .minus(tiltOfTwo(base.phiConcentration(), base.psiConcentration(), base.correlation()));
            default -> Distribution.super.entropy();
        };
    }

    private static NDArray part(NDArray x, int i) {
        return x.get(Index.DOTS, Index.at(i));
    }

    private NDArray tiltOfOne(NDArray k) {
        NDArray a = Density.trailing(ANGLES, batchShape().rank());
        NDArray weight = exp(logFolded(k, a)).times(Density.trailing(WEIGHTS, batchShape().rank()));
        return weight.times(both(part(skewness, 0).times(sin(a)))).sum(0).div(weight.sum(0).times(2));
    }

    private NDArray tiltOfTwo(NDArray k1, NDArray k2, NDArray correlation) {
        int axes = batchShape().rank();
        NDArray a = Density.trailing(ANGLES, 1 + axes);
        NDArray b = Density.trailing(ANGLES, axes);
        NDArray across = correlation.times(sin(a)).times(sin(b));
        NDArray along = logFolded(k1, a).plus(logFolded(k2, b));
        NDArray top = max(along.plus(abs(across)), 0, 1).stopGradient();
        NDArray first = part(skewness, 0).times(sin(a));
        NDArray second = part(skewness, 1).times(sin(b));
        NDArray weights = Density.trailing(WEIGHTS, 1 + axes).times(Density.trailing(WEIGHTS, axes));
        NDArray same = exp(along.plus(across).minus(top)).times(weights);
        NDArray opposite = exp(along.minus(across).minus(top)).times(weights);
        NDArray sum = same.times(both(first.plus(second))).plus(opposite.times(both(first.minus(second)))).sum(0, 1);
        return sum.div(same.plus(opposite).sum(0, 1).times(2));
    }

    /// `log (e^(κ (cos a − 1)) + e^(κ (−cos a − 1)))`: an angle in [0, π/2] and the one with the same sine.
    private static NDArray logFolded(NDArray k, NDArray a) {
        return k.times(-2).times(square(sin(a.times(0.5)))).plus(log1p(exp(k.times(-2).times(cos(a)))));
    }

    /// `(1 + s) log(1 + s) + (1 − s) log(1 − s)`
    private static NDArray both(NDArray s) {
        return xlog1py(s.plus(1), s).plus(xlog1py(subtract(1, s), s.unaryMinus()));
    }

    /// A draw of the base, reflected or not: as in NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray x = baseDist.expand(batchShape()).sample(keys[0], sampleShape);
        NDArray loc = baseDist.mean();
        NDArray u = keys[1].uniform(sampleShape.then(batchShape()), 0, 1);
        NDArray keep = expandDims(u.le(tilt(x).plus(1).times(0.5)), -1);
        return Angles.wrapped(where(keep, x, loc.times(2).minus(x)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        return Density.within(support(), value, x -> baseDist.logProb(x).plus(log1p(tilt(x))));
    }

    private NDArray tilt(NDArray x) {
        return skewness.times(sin(x.minus(baseDist.mean()))).sum(-1);
    }
}
