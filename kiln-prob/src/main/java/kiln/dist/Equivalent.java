package kiln.dist;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// A distribution that is another one under other parameters: everything is computed by that one.
public interface Equivalent extends Distribution {
    /// {@return the same distribution in the parameters that it computes with}
    Distribution equivalent();

    @Override
    default Shape batchShape() {
        return equivalent().batchShape();
    }

    @Override
    default Shape eventShape() {
        return equivalent().eventShape();
    }

    @Override
    default Constraint support() {
        return equivalent().support();
    }

    @Override
    default boolean hasRsample() {
        return equivalent().hasRsample();
    }

    @Override
    default NDArray mean() {
        return equivalent().mean();
    }

    @Override
    default NDArray variance() {
        return equivalent().variance();
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        return equivalent().sample(key, sampleShape);
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        return equivalent().logProb(value);
    }

    @Override
    default NDArray cdf(NDArray value) {
        Check.value(this, value);
        return equivalent().cdf(value);
    }

    @Override
    default NDArray sf(NDArray value) {
        Check.value(this, value);
        return equivalent().sf(value);
    }

    @Override
    default NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return equivalent().logCdf(value);
    }

    @Override
    default NDArray logSf(NDArray value) {
        Check.value(this, value);
        return equivalent().logSf(value);
    }

    @Override
    default NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return equivalent().icdf(q);
    }

    @Override
    default NDArray isf(NDArray q) {
        Check.probability(this, q);
        return equivalent().isf(q);
    }

    @Override
    default NDArray entropy() {
        return equivalent().entropy();
    }

    @Override
    default boolean hasEnumerateSupport() {
        return equivalent().hasEnumerateSupport();
    }

    @Override
    default NDArray enumerateSupport(boolean expand) {
        return equivalent().enumerateSupport(expand);
    }
}
