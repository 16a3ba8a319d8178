package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Gompertz distribution of life times whose hazard grows exponentially.
///
/// ```
/// log p(x) = log concentration + log rate + rate x − concentration (e^(rate x) − 1),  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(concentration, rate), event = `[]`
/// - **moments** mean = e^c E₁(c) / rate with c = concentration. The variance is found by quadrature of the quantile
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Lenart, *The moments of the Gompertz distribution* (2014).
///
/// @param concentration hazard at 0 in units of `rate`; > 0
/// @param rate          growth of the hazard; > 0; inverse unit of the data
public record Gompertz(NDArray concentration, NDArray rate) implements Surviving {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Gompertz {
        concentration = Check.in(positive, "concentration", concentration, Gompertz.class);
        rate = Check.in(positive, "rate", rate, Gompertz.class);
        Check.broadcasts(Gompertz.class, "concentration and rate", concentration.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public Gompertz(Number concentration, Number rate) {
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
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return icdf(key.uniform(sampleShape.then(batchShape()), 0, 1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.onHalfLine(nonnegative, value, x -> log(concentration).plus(log(rate)).plus(rate.times(x))
                .minus(Density.growing(rate.times(x), y -> concentration.times(expm1(y)))));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 0, Double.NEGATIVE_INFINITY,
                x -> Density.growing(rate.times(x), y -> concentration.times(expm1(y))).unaryMinus());
    }

    @Override
    public NDArray icdf(NDArray q) {
        return log1p(log1p(q.unaryMinus()).div(concentration).unaryMinus()).div(rate);
    }

    @Override
    public NDArray isf(NDArray q) {
        return log1p(log(q).div(concentration).unaryMinus()).div(rate);
    }

    @Override
    public NDArray mean() {
        return scaledIntegral(concentration).div(rate);
    }

    @Override
    public NDArray variance() {
        return Expectation.variance(this);
    }

    @Override
    public NDArray entropy() {
        return subtract(1, log(concentration).plus(log(rate)).plus(scaledIntegral(concentration)));
    }

    /// `e^c E₁(c)`, by the power series of E₁ below 2 and by its continued fraction from there on.
    ///
    /// Source: NIST Digital Library of Mathematical Functions, 6.6.2 and 6.9.1.
    private static NDArray scaledIntegral(NDArray c) {
        return Density.split(c, 2, Gompertz::series, Gompertz::fraction);
    }

    private static NDArray series(NDArray small) {
        NDArray term = small.times(-1);
        NDArray sum = term;
        for (int k = 2; k <= 40; k++) {
            term = term.times(small).times(-1.0 / k);
            sum = sum.plus(term.div(k));
        }
        return log(small).plus(Constants.EULER).plus(sum).times(exp(small)).unaryMinus();
    }

    private static NDArray fraction(NDArray large) {
        NDArray fraction = large.plus(161);
        for (int k = 80; k >= 1; k--) {
            fraction = large.plus(2 * k - 1).minus(reciprocal(fraction).times((double) k * k));
        }
        return reciprocal(fraction);
    }
}
