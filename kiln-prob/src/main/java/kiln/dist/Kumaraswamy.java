package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Kumaraswamy distribution on the unit interval: close to a beta distribution, with closed distribution function and quantile.
///
/// ```
/// log p(x) = log a + log b + (a − 1) log x + (b − 1) log(1 − x^a),  a = concentration1, b = concentration0
/// ```
///
/// - **support** [0, 1]
/// - **shapes** batch = broadcast(concentration1, concentration0), event = `[]`
/// - **moments** E xⁿ = b B(1 + n/a, b)
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Jones, *Kumaraswamy’s distribution* (2009).
///
/// @param concentration1 weight of 1; > 0
/// @param concentration0 weight of 0; > 0; broadcasts with `concentration1`
public record Kumaraswamy(NDArray concentration1, NDArray concentration0) implements Surviving {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Kumaraswamy {
        concentration1 = Check.in(positive, "concentration1", concentration1, Kumaraswamy.class);
        concentration0 = Check.in(positive, "concentration0", concentration0, Kumaraswamy.class);
        Check.broadcasts(Kumaraswamy.class, "concentration1 and concentration0", concentration1.shape(), concentration0.shape());
    }

    /// Scalars and arrays in any mix.
    public Kumaraswamy(Number concentration1, Number concentration0) {
        this(NDArray.as(concentration1), NDArray.as(concentration0));
    }

    @Override
    public Constraint support() {
        return unitInterval;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration1.shape(), concentration0.shape());
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
        NDArray step = reciprocal(concentration1);
        NDArray isNear = SecondDifference.isNear(step.plus(1), step);
        NDArray x = where(isNear, step, 0.1);
        NDArray excess = SecondDifference.ofLogGamma(x.plus(1), x).minus(SecondDifference.ofLogGamma(x.plus(1).plus(concentration0), x));
        NDArray first = square(moment(1));
        return where(isNear, first.times(expm1(excess)), moment(2).minus(first));
    }

    /// A uniform number is taken as the probability above, as in NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray u = key.uniform(sampleShape.then(batchShape()), Double.MIN_NORMAL, 1);
        return clip(isf(u), Double.MIN_NORMAL, 1 - Math.ulp(1.0));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray a = concentration1.minus(1);
            NDArray b = concentration0.minus(1);
            NDArray open = logicalAnd(x.gt(0), x.lt(1));
            NDArray logX = log(where(open, x, 0.5));
            NDArray inner = a.times(logX).plus(b.times(log1mexp(concentration1.times(logX))));
            NDArray power = where(x.eq(0), a, b);
            NDArray ends = where(power.gt(0), Double.NEGATIVE_INFINITY, where(power.lt(0), Double.POSITIVE_INFINITY, 0.0));
            return where(open, inner, ends).plus(log(concentration1)).plus(log(concentration0));
        });
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return root(log1p(q.unaryMinus()));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return root(log(q));
    }

    @Override
    public NDArray entropy() {
        NDArray a = reciprocal(concentration1);
        NDArray b = reciprocal(concentration0);
        NDArray spread = subtract(1, a).times(digamma(concentration0.plus(1)).plus(Constants.EULER));
        return spread.plus(subtract(1, b)).minus(log(concentration1).plus(log(concentration0)));
    }

    private NDArray moment(int n) {
        return concentration0.times(exp(betaln(reciprocal(concentration1).times(n).plus(1), concentration0)));
    }

    /// `b log(1 − x^a)`
    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return Density.withinUnit(value, 0, Double.NEGATIVE_INFINITY, x -> concentration0.times(log1mexp(concentration1.times(log(x)))));
    }

    /// The value whose probability above has a given logarithm.
    private NDArray root(NDArray logAbove) {
        return exp(log1mexp(logAbove.div(concentration0)).div(concentration1));
    }
}
