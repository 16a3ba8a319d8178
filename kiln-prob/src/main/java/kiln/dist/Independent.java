package kiln.dist;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.func.Pytree;

/// A distribution whose last batch axes are read as part of one event: what `toEvent` makes.
///
/// ```
/// log p(x) = Σᵢ log pᵢ(xᵢ)
/// ```
///
/// The sum is over the elements along those axes.
///
/// - **support** that of the base, with the axes in the event
/// - **shapes** batch = batch of the base without its last axes, event = those axes, then the event of the base
/// - **moments** those of the base
/// - **gradient of a draw** as the base
///
/// @param baseDist                the distribution of the elements
/// @param reinterpretedBatchNdims how many batch axes become event axes; from 0 to the rank of the batch
public record Independent(Distribution baseDist, int reinterpretedBatchNdims) implements Distribution {
    /// @throws ShapeException if the base has fewer batch axes
    public Independent {
        if (!Pytree.isRebuilding()
                && (reinterpretedBatchNdims < 0 || reinterpretedBatchNdims > baseDist.batchShape().rank())) {
            throw new ShapeException(new Diagnosis("toEvent", "the distribution does not have that many batch axes")
                    .expected("a number from 0 to " + baseDist.batchShape().rank())
                    .got(reinterpretedBatchNdims + ", " + baseDist.getClass().getSimpleName() + " with batch "
                            + baseDist.batchShape())
                    .at(UserCode.line())
                    .fix("give the parameters a batch first: d.expand(n).toEvent(1)."));
        }
    }

    @Override
    public Constraint support() {
        return Constraints.independent(baseDist.support(), reinterpretedBatchNdims);
    }

    @Override
    public Shape batchShape() {
        return baseDist.batchShape().dropLast(reinterpretedBatchNdims);
    }

    @Override
    public Shape eventShape() {
        return baseDist.batchShape().last(reinterpretedBatchNdims).then(baseDist.eventShape());
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

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return baseDist.sample(key, sampleShape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.sumRightmost(baseDist.logProb(value), reinterpretedBatchNdims);
    }

    @Override
    public NDArray entropy() {
        return Density.sumRightmost(baseDist.entropy(), reinterpretedBatchNdims);
    }

    @Override
    public Distribution expand(Shape batchShape) {
        return baseDist.expand(batchShape.then(eventShape().slice(0, reinterpretedBatchNdims)))
                .toEvent(reinterpretedBatchNdims);
    }
}
