package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Beta-binomial distribution: successes in `totalCount` trials whose probability has a beta distribution.
///
/// ```
/// log p(k) = log C(n, k) + log B(k + a, n − k + b) − log B(a, b),  a = concentration1, b = concentration0, n = totalCount
/// ```
///
/// - **support** 0, 1, …, totalCount
/// - **shapes** batch = broadcast(concentration1, concentration0, totalCount), event = `[]`
/// - **moments** mean = n a / (a + b), variance = n a b (a + b + n) / ((a + b)² (a + b + 1))
/// - **gradient of a draw** none
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), section 6.2.2.
///
/// @param concentration1 weight of a success; > 0
/// @param concentration0 weight of a failure; > 0
/// @param totalCount     number of trials; integer ≥ 0
public record BetaBinomial(NDArray concentration1, NDArray concentration0, NDArray totalCount) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public BetaBinomial {
        concentration1 = Check.in(positive, "concentration1", concentration1, BetaBinomial.class);
        concentration0 = Check.in(positive, "concentration0", concentration0, BetaBinomial.class);
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, BetaBinomial.class);
        Check.broadcasts(
                BetaBinomial.class, "concentration1, concentration0 and totalCount", concentration1.shape(), concentration0.shape(),
                        totalCount.shape());
    }

    /// Scalars and arrays in any mix.
    public BetaBinomial(Number concentration1, Number concentration0, Number totalCount) {
        this(NDArray.as(concentration1), NDArray.as(concentration0), NDArray.as(totalCount));
    }

    @Override
    public Constraint support() {
        return integerInterval(0, totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration1.shape(), concentration0.shape(), totalCount.shape());
    }

    @Override
    public NDArray mean() {
        return totalCount.times(concentration1).div(concentration1.plus(concentration0));
    }

    @Override
    public NDArray variance() {
        NDArray total = concentration1.plus(concentration0);
        NDArray spread = concentration1.times(concentration0).times(total.plus(totalCount));
        return spread.times(totalCount).div(square(total).times(total.plus(1)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray probs = new Beta(broadcastTo(concentration1, batchShape()), concentration0).sample(keys[0], sampleShape);
        return keys[1].binomial(totalCount, probs, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            if (Saddle.isNeeded(concentration1, concentration0, totalCount)) {
                return Saddle.overBeta(concentration1, concentration0, x, totalCount.minus(x), p -> Saddle.binomial(totalCount, x, p));
            }
            NDArray weights = betaln(x.plus(concentration1), totalCount.minus(x).plus(concentration0));
            return weights.minus(betaln(concentration1, concentration0)).plus(Density.logChoose(totalCount, x));
        });
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.upTo(totalCount, batchShape(), expand, BetaBinomial.class);
    }
}
