package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Beta-negative-binomial distribution: a negative binomial count whose probability has a beta distribution.
///
/// ```
/// log p(k) = log Γ(n + k) − log Γ(n) − log k! + log B(a + k, b + n) − log B(a, b),  a = concentration1, b = concentration0
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(concentration1, concentration0, n), event = `[]`
/// - **moments** mean = n a / (b − 1) for b > 1, variance = n a (n + b − 1) (a + b − 1) / ((b − 1)² (b − 2)) for b > 2, else ∞
/// - **gradient of a draw** none
///
/// Numerics: the distribution function is the finite sum of the masses, whose cost grows with the count, the probability above an integral over
/// the beta distribution, to 2e-12 of itself where checked; both have no derivatives.
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), section 6.2.3.
///
/// @param concentration1 weight of a success, which is counted; > 0
/// @param concentration0 weight of a failure; > 0
/// @param n              number of failures that end the count; > 0, not necessarily an integer
public record BetaNegativeBinomial(NDArray concentration1, NDArray concentration0, NDArray n) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public BetaNegativeBinomial {
        concentration1 = Check.in(positive, "concentration1", concentration1, BetaNegativeBinomial.class);
        concentration0 = Check.in(positive, "concentration0", concentration0, BetaNegativeBinomial.class);
        n = Check.in(positive, "n", n, BetaNegativeBinomial.class);
        Check.broadcasts(
                BetaNegativeBinomial.class, "concentration1, concentration0 and n", concentration1.shape(), concentration0.shape(),
                        n.shape());
    }

    /// Scalars and arrays in any mix.
    public BetaNegativeBinomial(Number concentration1, Number concentration0, Number n) {
        this(NDArray.as(concentration1), NDArray.as(concentration0), NDArray.as(n));
    }

    @Override
    public Constraint support() {
        return nonnegativeInteger;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration1.shape(), concentration0.shape(), n.shape());
    }

    @Override
    public NDArray mean() {
        return where(concentration0.gt(1), n.times(concentration1).div(maximum(concentration0.minus(1), 0.0)), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray variance() {
        NDArray less = concentration0.minus(1);
        NDArray spread = n.times(concentration1).times(n.plus(less)).times(concentration1.plus(less));
        NDArray finite = spread.div(square(less).times(maximum(less.minus(1), 0.0)));
        return where(concentration0.gt(2), finite, Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray entropy() {
        Shape batch = batchShape();
        return BetaNegativeBinomialEntropy.of(
                broadcastTo(concentration1, batch), broadcastTo(concentration0, batch), broadcastTo(n, batch));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return BetaNegativeBinomialTail.of(this, value, false);
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return BetaNegativeBinomialTail.of(this, value, true);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        Shape shape = sampleShape.then(batchShape());
        NDArray probs = new Beta(broadcastTo(concentration1, batchShape()), concentration0).sample(keys[0], sampleShape);
        return new NegativeBinomial(broadcastTo(n, shape), probs).sample(keys[1], Shape.SCALAR);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> logMass(concentration1, concentration0, n, x));
    }

    /// {@return the density between the counts, too}
    static NDArray logMass(NDArray a, NDArray b, NDArray n, NDArray x) {
        if (Saddle.isNeeded(a, b, n, x)) {
            return Saddle.overBeta(a, b, x, n, p -> Saddle.negativeBinomial(n, x, p));
        }
        NDArray weights = betaln(a.plus(x), b.plus(n)).minus(betaln(a, b));
        return weights.minus(betaln(n, x.plus(1))).minus(log(n.plus(x)));
    }
}
