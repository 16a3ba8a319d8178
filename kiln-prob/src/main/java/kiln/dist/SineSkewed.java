package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.Optional;
import kiln.array.DomainException;
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
/// Source: Ameijeiras-Alonso and Ley, *Sine-skewed toroidal distributions and their application in protein bioinformatics* (2021).
///
/// @param baseDist a distribution of d angles, symmetric around its mean: `new VonMises(…).toEvent(1)` or [SineBivariateVonMises]
/// @param skewness `[…, d]`; absolute sum ≤ 1
public record SineSkewed(Distribution baseDist, NDArray skewness) implements Distribution {
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
