package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Logistic distribution with median `loc`.
///
/// ```
/// log p(x) = −z − 2 log(1 + e^−z) − log scale,  z = (x − loc) / scale
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = loc, variance = scale² π² / 3
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 23.
///
/// @param loc   median; any finite value; unit of the data
/// @param scale scale; > 0; unit of the data; broadcasts with `loc`
public record Logistic(NDArray loc, NDArray scale) implements LocationScale, Symmetric {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public Logistic {
        loc = Check.in(real, "loc", loc, Logistic.class);
        scale = Check.in(positive, "scale", scale, Logistic.class);
        Check.broadcasts(Logistic.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Logistic(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(scale).times(Math.PI * Math.PI / 3), batchShape());
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return key.logistic(shape);
    }

    @Override
    public Logistic standard() {
        return new Logistic(0, 1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray z = standardized(value);
        // An even function: by z itself two infinities would cancel at −∞.
        NDArray size = abs(z);
        NDArray both = Cancellation.matters()
                ? Density.logCosh(z.times(0.5)).plus(Constants.LOG_2).times(2)
                : size.plus(softplus(size.unaryMinus()).times(2));
        return both.plus(log(scale)).unaryMinus();
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return sigmoid(standardizedBound(value));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return logSigmoid(standardizedBound(value));
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return logSigmoid(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return loc.plus(scale.times(logit(q)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return sigmoid(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return loc.minus(scale.times(logit(q)));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(2.0), batchShape());
    }
}
