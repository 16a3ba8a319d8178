package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.List;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Random walk of `numSteps` normal steps that starts at 0.
///
/// ```
/// log p(x) = Σᵢ log N(xᵢ − xᵢ₋₁; 0, scale²),  x₀ = 0
/// ```
///
/// - **support** real vectors
/// - **shapes** batch = shape of `scale`, event = `[numSteps]`
/// - **moments** meanᵢ = 0, varianceᵢ = i scale²
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param scale    standard deviation of a step; > 0; unit of the data
/// @param numSteps how many steps; ≥ 1
public record GaussianRandomWalk(NDArray scale, int numSteps) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    public GaussianRandomWalk {
        scale = Check.in(positive, "scale", scale, GaussianRandomWalk.class);
    }

    /// The same parameter everywhere.
    public GaussianRandomWalk(Number scale, int numSteps) {
        this(NDArray.as(scale), numSteps);
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public Shape eventShape() {
        return Shape.of(numSteps);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return full(batchShape().then(eventShape()), 0);
    }

    @Override
    public NDArray variance() {
        return square(expandDims(scale, -1)).times(arange(numSteps).plus(1));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return cumsum(key.normal(sampleShape.then(batchShape()).then(eventShape())), -1).times(expandDims(scale, -1));
    }

    @Override
    public NDArray entropy() {
        return log(scale).plus(0.5 + Constants.HALF_LOG_2PI).times(numSteps);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray first = value.get(Index.DOTS, Index.slice(null, 1));
        NDArray steps = numSteps == 1
                ? first
                : concatenate(List.of(first, value.get(Index.DOTS, Index.slice(1, null))
                        .minus(value.get(Index.DOTS, Index.slice(null, -1)))), -1);
        NDArray norm = log(scale).plus(Constants.HALF_LOG_2PI).times(numSteps);
        return square(steps).sum(-1).times(-0.5).div(square(scale)).minus(norm);
    }
}
