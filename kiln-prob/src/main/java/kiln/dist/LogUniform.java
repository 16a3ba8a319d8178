package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Log-uniform (reciprocal) distribution: the logarithm is uniform.
///
/// ```
/// log p(x) = −log x − log log(high / low)
/// ```
///
/// - **support** [low, high]
/// - **shapes** batch = broadcast(low, high), event = `[]`
/// - **moments** mean = (high − low) / log(high / low), variance = (high² − low²) / (2 log(high / low)) − mean²
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Hamming, *On the distribution of numbers* (1970).
///
/// @param low  lower end; > 0; unit of the data
/// @param high upper end; > low; unit of the data
public record LogUniform(NDArray low, NDArray high) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public LogUniform {
        low = Check.in(positive, "low", low, LogUniform.class);
        high = Check.in(greaterThan(low), "high", high, LogUniform.class);
        Check.broadcasts(LogUniform.class, "low and high", low.shape(), high.shape());
    }

    /// Scalars and arrays in any mix.
    public LogUniform(Number low, Number high) {
        this(NDArray.as(low), NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return interval(low, high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(low.shape(), high.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return high.minus(low).div(ratio());
    }

    /// With `r = ½ log(b/a)` it is `ab (sinh r / r) (cosh r − sinh r / r)`, whose last factor is `Σ 2k r²ᵏ / (2k + 1)!`: of a narrow interval the
    /// difference of the moments leaves nothing.
    @Override
    public NDArray variance() {
        NDArray r = ratio().times(0.5);
        NDArray isNarrow = r.lt(1);
        NDArray square = square(where(isNarrow, r, 1.0));
        NDArray size = zerosLike(square);
        NDArray spread = zerosLike(square);
        for (int k = 9; k >= 1; k--) {
            size = size.plus(1).times(square).times(1.0 / (2 * k * (2 * k + 1)));
            spread = spread.times(square).times(1.0 / ((2 * k + 2) * (2 * k + 3))).plus(2 * k);
        }
        NDArray narrow = low.times(square).times(size.plus(1)).times(spread).times(1.0 / 6).times(high);
        NDArray wide = square(high).minus(square(low)).div(r.times(4)).minus(square(mean()));
        return where(isNarrow, narrow, wide);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return exp(log(low).plus(ratio().times(key.uniform(sampleShape.then(batchShape()), 0, 1))));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> log(x).plus(log(ratio())).unaryMinus());
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return logRatio(Density.between(value, low, high), low).div(ratio());
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return logRatio(high, Density.between(value, low, high)).div(ratio());
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> {
            // In two halves, as the ratio itself may be no double.
            NDArray half = exp(u.times(ratio()).times(0.5));
            return low.times(half).times(half);
        });
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> {
            NDArray half = exp(u.times(ratio()).times(-0.5));
            return high.times(half).times(half);
        });
    }

    @Override
    public NDArray entropy() {
        return log(low).plus(log(high)).times(0.5).plus(log(ratio()));
    }

    /// `log(high / low)`
    private NDArray ratio() {
        return logRatio(high, low);
    }

    /// `log(x / y)`, by two logarithms where the ratio is no double
    private static NDArray logRatio(NDArray x, NDArray y) {
        NDArray ratio = x.div(y);
        NDArray beyond = ratio.gt(Double.MAX_VALUE);
        if (Density.isAllFalse(beyond)) {
            return log(ratio);
        }
        NDArray near = where(beyond, 1.0, x).div(where(beyond, 1.0, y));
        return where(beyond, log(x).minus(log(y)), log(near));
    }
}
