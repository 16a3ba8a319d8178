package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Dagum (inverse Burr) distribution, for incomes.
///
/// ```
/// log p(x) = log(a p / x) + a p log(x / b) − (p + 1) log(1 + (x / b)^a),  p = concentration, a = sharpness, b = scale
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(concentration, sharpness, scale), event = `[]`
/// - **moments** E xⁿ = bⁿ p B(1 − n/a, p + n/a) for a > n, else ∞
/// - **gradient of a draw** pathwise, in all parameters
///
/// Source: Kleiber and Kotz, *Statistical Size Distributions in Economics and Actuarial Sciences* (2003), section 6.3.
///
/// @param concentration weight of the lower tail; > 0
/// @param sharpness     exponent of the upper tail; > 0
/// @param scale         scale; > 0; unit of the data
public record Dagum(NDArray concentration, NDArray sharpness, NDArray scale) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Dagum {
        concentration = Check.in(positive, "concentration", concentration, Dagum.class);
        sharpness = Check.in(positive, "sharpness", sharpness, Dagum.class);
        scale = Check.in(positive, "scale", scale, Dagum.class);
        Check.broadcasts(Dagum.class, "concentration, sharpness and scale", concentration.shape(), sharpness.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Dagum(Number concentration, Number sharpness, Number scale) {
        this(NDArray.as(concentration), NDArray.as(sharpness), NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration.shape(), sharpness.shape(), scale.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return moment(1);
    }

    @Override
    public NDArray variance() {
        NDArray finite = sharpness.gt(2);
        NDArray step = reciprocal(where(finite, sharpness, 3.0));
        NDArray excess = SecondDifference.ofLogGamma(concentration.plus(step), step).plus(SecondDifference.ofLogGamma(subtract(1, step), step));
        return where(finite, square(moment(1)).times(expm1(excess)), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return icdf(key.uniform(sampleShape.then(batchShape()), 0, 1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray power = sharpness.times(concentration);
        return Density.likePower(value, power, log(scale).unaryMinus(), x -> {
            NDArray logX = log(x);
            if (Cancellation.matters()) {
                NDArray z = sharpness.times(Density.logRatio(x, scale));
                return log(power).minus(logX).minus(concentration.times(softplus(z.unaryMinus()))).minus(softplus(z));
            }
            NDArray y = sharpness.times(logX.minus(log(scale)));
            NDArray norm = log(power).plus(power.minus(1).times(logX)).minus(power.times(log(scale)));
            return norm.minus(concentration.plus(1).times(softplus(y)));
        });
    }

    @Override
    public NDArray cdf(NDArray value) {
        return exp(logCdf(value));
    }

    @Override
    public NDArray sf(NDArray value) {
        return expm1(logCdf(value)).unaryMinus();
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, Double.NEGATIVE_INFINITY, 0, v -> Density.ofPositive(v, Double.NEGATIVE_INFINITY, x -> {
            NDArray y = sharpness.times(log(x.div(scale)));
            return concentration.times(softplus(y.unaryMinus())).unaryMinus();
        }));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return quantile(log(q));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return quantile(log1p(q.unaryMinus()));
    }

    @Override
    public NDArray entropy() {
        NDArray spread = reciprocal(sharpness).plus(1).times(digamma(concentration).plus(Constants.EULER));
        NDArray norm = log(scale).minus(log(sharpness)).minus(log(concentration));
        return spread.plus(reciprocal(concentration)).plus(norm).plus(1.0);
    }

    private NDArray moment(int n) {
        NDArray finite = sharpness.gt(n);
        NDArray step = reciprocal(where(finite, sharpness, n + 1.0)).times(n);
        NDArray logBeta = betaln(subtract(1, step), concentration.plus(step));
        return where(finite, scale.pow(n).times(concentration).times(exp(logBeta)), Double.POSITIVE_INFINITY);
    }

    /// The value below which there is a probability with the given logarithm.
    private NDArray quantile(NDArray logBelow) {
        NDArray t = logBelow.div(concentration);
        return scale.times(exp(log1mexp(t).minus(t).div(sharpness).unaryMinus()));
    }
}
