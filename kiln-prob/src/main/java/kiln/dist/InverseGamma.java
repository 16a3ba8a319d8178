package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Inverse gamma distribution: the inverse of a gamma variable; `rate` is a scale of the data here.
///
/// ```
/// log p(x) = a log b − (a + 1) log x − b / x − log Γ(a),  a = concentration, b = rate, x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(concentration, rate), event = `[]`
/// - **moments** mean = b / (a − 1) for a > 1, else ∞; variance = b² / ((a − 1)² (a − 2)) for a > 2, else ∞
/// - **gradient of a draw** pathwise in `rate`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 17.
///
/// @param concentration shape; > 0
/// @param rate          inverse scale of the gamma variable; > 0; unit of the data; broadcasts with `concentration`
public record InverseGamma(NDArray concentration, NDArray rate) implements Distribution {
    /// @throws DomainException if a known parameter is not > 0
    /// @throws ShapeException if the parameters do not broadcast
    public InverseGamma {
        concentration = Check.in(positive, "concentration", concentration, InverseGamma.class);
        rate = Check.in(positive, "rate", rate, InverseGamma.class);
        Check.broadcasts(InverseGamma.class, "concentration and rate", concentration.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public InverseGamma(Number concentration, Number rate) {
        this(NDArray.as(concentration), NDArray.as(rate));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration.shape(), rate.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        NDArray mean = rate.div(maximum(concentration.minus(1), 0.0));
        return where(concentration.gt(1), mean, Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray variance() {
        NDArray a = concentration;
        NDArray variance = square(rate.div(a.minus(1))).div(maximum(a.minus(2), 0.0));
        return where(a.gt(2), variance, Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return rate.div(key.gamma(concentration, sampleShape.then(batchShape())));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        if (Saddle.isNeeded(concentration)) {
            return Density.within(support(), value, x -> {
                NDArray logX = log(x);
                return Saddle.gamma(concentration, rate.div(x), () -> log(rate).minus(logX)).minus(logX);
            });
        }
        return Density.within(support(), value, x -> concentration.times(log(rate)).minus(lgamma(concentration))
                .minus(concentration.plus(1).times(log(x)))
                .minus(rate.div(x)));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.ofPositive(value, 0.0, x -> gammaincc(concentration, rate.div(x)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.ofPositive(value, 1.0, x -> gammainc(concentration, rate.div(x)));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return rate.div(new Gamma(concentration, 1).isf(q));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return rate.div(new Gamma(concentration, 1).icdf(q));
    }

    @Override
    public NDArray entropy() {
        return concentration.plus(log(rate)).plus(lgamma(concentration))
                .minus(concentration.plus(1).times(digamma(concentration)));
    }
}
