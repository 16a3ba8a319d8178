package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.Optional;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.func.Functions;
import kiln.func.Pytree;

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
/// - **moments** circular ones: the mean is the direction of E cos aᵢ and Σⱼ skewnessⱼ E sin aᵢ sin aⱼ, turned by loc, where a is x − loc
///   under the base; for von Mises angles loc + arctan(skewness / κ). The variance is 1 less the length; NumPyro gives the mean of the base
///   instead
/// - **gradient of a draw** over von Mises angles, the whole circle or [SineBivariateVonMises]: pathwise in the directions, implicit in the other
///   parameters, of each angle given those before it; right for functions with the period 2π, as that of [VonMises]. Over other bases none
///
/// Numerics: the entropy of independent angles is one integral over the products of their moment generating functions, that of
/// [SineBivariateVonMises] one over both angles: to 1e-13 absolutely for von Mises angles of a concentration up to 1e4, to 1e-11 for dependent ones
/// where checked, up to 30. A base of independent angles other than von Mises ones is integrated by the double exponential rule from its
/// mean to a right angle and from there to the opposite, where a density should be smooth.
///
/// Source: Ameijeiras-Alonso and Ley, *Sine-skewed toroidal distributions and their application in protein bioinformatics* (2021).
///
/// @param baseDist a distribution of d angles, symmetric around its mean: independent ones, as `new VonMises(…).toEvent(1)` or
///                 `new Uniform(−π, π).expand(d).toEvent(1)`, or [SineBivariateVonMises]; of others there are neither moments nor an entropy
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
    public boolean hasRsample() {
        return SkewedDraws.of(baseDist).isPresent();
    }

    @Override
    public NDArray mean() {
        return direction()
                .map(d -> Angles.wrapped(baseDist.mean().plus(arctan2(d.across(), subtract(1, d.less())))))
                .orElseGet(Distribution.super::mean);
    }

    /// With `v = 1 − E cos` and `s = E sin` of the turned angle it is `1 − √((1 − v)² + s²)`, here without cancellation.
    @Override
    public NDArray variance() {
        return direction()
                .map(d -> {
                    NDArray along = subtract(1, d.less());
                    NDArray rest = d.less().times(along.plus(1)).minus(square(d.across()));
                    return rest.div(sqrt(square(along).plus(square(d.across()))).plus(1));
                })
                .orElseGet(Distribution.super::variance);
    }

    /// The expectation of the angles around loc as points of the circle.
    ///
    /// @param less   `1 − E cos aᵢ`, which the skewness leaves
    /// @param across `E sin aᵢ`, which it adds
    private record Direction(NDArray less, NDArray across) {}

    /// For von Mises angles `E sin² = I₁(κ) / (κ I₀(κ))` under the base and `E cos = I₁(κ) / I₀(κ)`.
    private Optional<Direction> direction() {
        return Optional.ofNullable(
                switch (baseDist) {
                    case Independent(VonMises base, int axes) when axes == 1 ->
                        new Direction(base.variance(), skewness.times(subtract(1, base.variance())).div(base.concentration()));
                    case Independent(Distribution base, int axes) when axes == 1 && base.eventShape().rank() == 0 -> {
                        var angles = new SymmetricAngles(base, batchShape().rank());
                        yield new Direction(angles.lessCos(), skewness.times(angles.squaredSin()));
                    }
                    case SineBivariateVonMises base ->
                        new Direction(base.variance(), base.sineProducts().times(expandDims(skewness, -2)).sum(-1));
                    case Expanded(Distribution base, Shape _) -> new SineSkewed(base, skewness).direction().orElse(null);
                    default -> null;
                });
    }

    /// That of the base, less `E (1 + s) log(1 + s)` under the base with the tilt s, because s is odd and log p even.
    @Override
    public NDArray entropy() {
        NDArray tilt = switch (baseDist) {
            case Independent(Distribution base, int axes) when axes == 1 && base.eventShape().rank() == 0 ->
                new SymmetricAngles(base, batchShape().rank()).tiltInformation(skewness);
            case SineBivariateVonMises base -> SymmetricAngles.tiltInformation(base, skewness, batchShape().rank());
            case Expanded(Distribution base, Shape _) -> base.entropy().minus(new SineSkewed(base, skewness).entropy());
            default -> Distribution.super.entropy();
        };
        return broadcastTo(baseDist.entropy().minus(tilt), batchShape());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Optional<SkewedDraws> draws = SkewedDraws.of(baseDist);
        if (draws.isEmpty() || Pytree.leaves(this).stream().allMatch(NDArray::isKnown)) {
            return drawn(key, sampleShape);
        }
        NDArray x = Functions.stopGradient(this).drawn(key, sampleShape);
        NDArray loc = baseDist.mean();
        NDArray moved = draws.get().moved(Angles.wrapped(x.minus(loc.stopGradient())), skewness, batchShape()).plus(loc);
        // The draw itself, with the derivatives of the other.
        return x.plus(moved.minus(moved.stopGradient()));
    }

    /// A draw of the base, reflected or not: as in NumPyro.
    private NDArray drawn(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray x = baseDist.expand(batchShape()).sample(keys[0], sampleShape);
        NDArray loc = baseDist.mean();
        NDArray u = keys[1].uniform(sampleShape.then(batchShape()), 0, 1);
        NDArray keep = expandDims(u.le(tilt(x).plus(1).times(0.5)), -1);
        return Angles.wrapped(where(keep, x, loc.times(2).minus(x)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> baseDist.logProb(x).plus(log1p(tilt(x))));
    }

    private NDArray tilt(NDArray x) {
        return skewness.times(sin(x.minus(baseDist.mean()))).sum(-1);
    }
}
