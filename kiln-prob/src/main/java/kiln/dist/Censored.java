package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Observations of which some are only known to lie on one side of the value.
public sealed interface Censored extends Distribution permits LeftCensoredDistribution, RightCensoredDistribution {
    /// {@return the distribution of the variable}
    Distribution baseDist();

    /// {@return whether the value is a bound}
    NDArray censored();

    /// {@return the logarithm of the probability beyond a bound}
    NDArray logBeyond(NDArray value);

    @Override
    default Constraint support() {
        return baseDist().support();
    }

    @Override
    default boolean isDiscrete() {
        return baseDist().isDiscrete();
    }

    @Override
    default Shape batchShape() {
        return Shape.broadcast(baseDist().batchShape(), censored().shape());
    }

    @Override
    default boolean hasRsample() {
        return baseDist().hasRsample();
    }

    /// Draws of the variable; they are not censored.
    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        return baseDist().expand(batchShape()).sample(key, sampleShape);
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray bound = censored().ne(0);
        NDArray feasible = support().feasibleLike(value);
        NDArray beyond = logBeyond(where(bound, value, feasible));
        return where(bound, beyond, baseDist().logProb(where(bound, feasible, value)));
    }
}
