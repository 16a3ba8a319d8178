package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.transform.ZeroSumTransform;

/// Normal distribution of effects that sum to 0 along each axis of the event.
///
/// ```
/// log p(x) = −½ (|x| / scale)² − m (log scale + ½ log 2π),  m = Πᵢ (nᵢ − 1)
/// ```
///
/// Here nᵢ are the sizes of the event, and |x|² is the sum of all squares.
///
/// - **support** arrays that sum to 0 along each axis of the event
/// - **shapes** batch = shape of `scale`, event as given
/// - **moments** mean = 0, variance = scale² Πᵢ (1 − 1 / nᵢ)
/// - **gradient of a draw** pathwise, in all parameters
///
/// The density is that on the subspace, as in NumPyro and PyMC.
///
/// @param scale      standard deviation before the constraint; > 0; unit of the data
/// @param eventShape shape of one value; every size ≥ 2
public record ZeroSumNormal(NDArray scale, Shape eventShape) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    public ZeroSumNormal {
        scale = Check.in(positive, "scale", scale, ZeroSumNormal.class);
    }

    /// The same parameter everywhere.
    public ZeroSumNormal(Number scale, Shape eventShape) {
        this(NDArray.as(scale), eventShape);
    }

    @Override
    public Constraint support() {
        return zeroSum(eventShape.rank());
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return full(batchShape().then(eventShape), 0);
    }

    @Override
    public NDArray variance() {
        double kept = 1;
        for (int n : eventShape.dims()) {
            kept *= 1 - 1.0 / n;
        }
        return broadcastTo(Density.trailing(square(scale).times(kept), eventShape.rank()), batchShape().then(eventShape));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape free = transform().inverseShape(eventShape);
        NDArray z = key.normal(sampleShape.then(batchShape()).then(free));
        return transform().call(z.times(Density.trailing(scale, free.rank())));
    }

    @Override
    public NDArray entropy() {
        return log(scale).plus(0.5 + Constants.HALF_LOG_2PI).times(transform().inverseShape(eventShape).size());
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            int m = transform().inverseShape(eventShape).size();
            NDArray norm = log(scale).plus(Constants.HALF_LOG_2PI).times(m);
            return Density.sumRightmost(square(x), eventShape.rank()).times(-0.5).div(square(scale)).minus(norm);
        });
    }

    private ZeroSumTransform transform() {
        return new ZeroSumTransform(eventShape.rank());
    }
}
