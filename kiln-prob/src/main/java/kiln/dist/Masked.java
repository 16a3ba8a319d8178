package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// A distribution whose log density is 0 where a mask is false: what `mask` makes. Draws are not masked.
///
/// ```
/// log p(x) = log p_base(x) for mask, else 0
/// ```
///
/// - **support** that of the base
/// - **shapes** batch = broadcast(mask, batch of the base), event = event of the base
/// - **moments** those of the base
///
/// Numerics: a masked value is replaced by a feasible one before the density of the base sees it, so that derivatives stay
/// finite whatever stands at the masked places. Where nothing is left, the density of the base is not computed at all.
///
/// @param baseDist the distribution
/// @param mask     truth values, or numbers of which 0 is false; broadcasts with the batch
public record Masked(Distribution baseDist, NDArray mask) implements Distribution {
    /// @throws kiln.array.ShapeException if the mask does not broadcast with the batch
    public Masked {
        if (!Pytree.isRebuilding()) {
            mask = mask.dtype() == DType.BOOL ? mask : mask.ne(0);
            Check.broadcasts(Masked.class, "baseDist and mask", baseDist.batchShape(), mask.shape());
            baseDist = baseDist.expand(Shape.broadcast(mask.shape(), baseDist.batchShape()));
        }
    }

    @Override
    public Constraint support() {
        return baseDist.support();
    }

    @Override
    public Shape batchShape() {
        return baseDist.batchShape();
    }

    @Override
    public Shape eventShape() {
        return baseDist.eventShape();
    }

    @Override
    public boolean hasRsample() {
        return baseDist.hasRsample();
    }

    @Override
    public NDArray mean() {
        return baseDist.mean();
    }

    @Override
    public NDArray variance() {
        return baseDist.variance();
    }

    /// 0 where the density is switched off.
    @Override
    public NDArray entropy() {
        return where(mask, baseDist.entropy(), 0.0);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return baseDist.sample(key, sampleShape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        if (mask instanceof Dense d) {
            if (all(d).isTrue()) {
                return baseDist.logProb(value);
            }
            if (!any(d).isTrue()) {
                Shape given = value.shape().slice(0, Math.max(0, value.rank() - eventShape().rank()));
                return full(Shape.broadcast(given, batchShape()), 0);
            }
        }
        NDArray kept = Density.trailing(mask, eventShape().rank());
        NDArray feasible = where(kept, value, support().feasibleLike(value));
        return where(mask, baseDist.logProb(feasible), 0.0);
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return baseDist.cdf(value);
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return baseDist.sf(value);
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return baseDist.logCdf(value);
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return baseDist.logSf(value);
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return baseDist.isf(q);
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return baseDist.icdf(q);
    }

    @Override
    public boolean hasEnumerateSupport() {
        return baseDist.hasEnumerateSupport();
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return baseDist.enumerateSupport(expand);
    }

    @Override
    public Distribution expand(Shape batchShape) {
        return new Masked(baseDist.expand(batchShape), mask);
    }

    /// Two masks hold together.
    @Override
    public Distribution mask(NDArray other) {
        return new Masked(baseDist, logicalAnd(mask, other));
    }
}
