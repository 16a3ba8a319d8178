package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Gamma distribution with shape `concentration` and inverse scale `rate`.
///
/// ```
/// log p(x) = a log b + (a − 1) log x − b x − log Γ(a),  a = concentration, b = rate, x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(concentration, rate), event = `[]`
/// - **moments** mean = a / b, variance = a / b²
/// - **gradient of a draw** pathwise in `rate`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 17.
///
/// @param concentration shape; > 0
/// @param rate          inverse scale; > 0; inverse unit of the data; broadcasts with `concentration`
public record Gamma(NDArray concentration, NDArray rate) implements Distribution {
    /// @throws DomainException if a known parameter is not > 0
    /// @throws ShapeException if the parameters do not broadcast
    public Gamma {
        concentration = Check.in(positive, "concentration", concentration, Gamma.class);
        rate = Check.in(positive, "rate", rate, Gamma.class);
        Check.broadcasts(Gamma.class, "concentration and rate", concentration.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public Gamma(Number concentration, Number rate) {
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
        return concentration.div(rate);
    }

    @Override
    public NDArray variance() {
        return concentration.div(square(rate));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.gamma(concentration, rate, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        if (Saddle.isNeeded(concentration)) {
            return Density.likePower(value, concentration, log(rate), x -> {
                NDArray logX = log(x);
                return Saddle.gamma(concentration, rate.times(x), () -> log(rate).plus(logX)).minus(logX);
            });
        }
        return Density.likePower(value, concentration, log(rate), x -> concentration.minus(1).times(log(x)).minus(rate.times(x))
                .plus(concentration.times(log(rate)).minus(lgamma(concentration))));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, 1, v -> Density.ofPositive(v, 0, x -> gammainc(concentration, rate.times(x))));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 1, 0, v -> Density.ofPositive(v, 1, x -> gammaincc(concentration, rate.times(x))));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Implicit.quantile(this, q, (d, p) -> Quantiles.gamma(d.concentration, p).div(d.rate));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return Implicit.upperQuantile(this, q, (d, p) -> Quantiles.gammaUpper(d.concentration, p).div(d.rate));
    }

    @Override
    public NDArray entropy() {
        return concentration.minus(log(rate)).plus(lgamma(concentration))
                .plus(subtract(1, concentration).times(digamma(concentration)));
    }
}
