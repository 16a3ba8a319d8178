package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Sine-skewed distribution of angles: a symmetric distribution on the torus, tilted to one side.
///
/// ```
/// log p(x) = log p_base(x) + log(1 + Σᵢ skewnessᵢ sin(xᵢ − locᵢ)),  loc = mean of the base
/// ```
///
/// - **support** vectors of angles in [−π, π]
/// - **shapes** those of the base, whose event is `[d]`
/// - **moments** circular ones, for a base of von Mises angles: mean = loc + arctan(skewness / κ), variance = 1 − length of the mean; NumPyro
///   gives the mean of the base instead
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

    /// Of von Mises angles: the skewness adds `E sin² = I₁(κ) / (κ I₀(κ))` times itself across the direction of the base.
    @Override
    public NDArray mean() {
        if (baseDist instanceof Independent(VonMises base, int axes) && axes == 1) {
            return Angles.wrapped(base.mean().plus(arctan(skewness.div(base.concentration()))));
        }
        return Distribution.super.mean();
    }

    @Override
    public NDArray variance() {
        if (baseDist instanceof Independent(VonMises base, int axes) && axes == 1) {
            NDArray length = subtract(1, base.variance()).times(sqrt(square(skewness.div(base.concentration())).plus(1)));
            return subtract(1, length);
        }
        return Distribution.super.variance();
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
