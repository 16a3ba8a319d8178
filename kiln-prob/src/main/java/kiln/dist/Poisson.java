package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Poisson distribution of the number of events when `rate` are expected.
///
/// ```
/// log p(k) = k log rate − rate − log k!
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = shape of `rate`, event = `[]`
/// - **moments** mean = rate, variance = rate
/// - **gradient of a draw** none
///
/// Numerics: known counts of which one is above 1000 are compared with the rate before logarithms are taken, so that `log k!` does not cancel. A
/// rate of 0 gives 0 at `k = 0`.
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), ch. 4.
///
/// @param rate     expected number; ≥ 0
/// @param isSparse whether known counts are mostly 0: then only the others cost a factorial and a logarithm, if none is above 1000
public record Poisson(NDArray rate, boolean isSparse) implements Distribution {
    /// @throws DomainException if a known `rate` is < 0
    public Poisson {
        rate = Check.in(nonnegative, "rate", rate, Poisson.class);
    }

    /// The same parameter everywhere.
    public Poisson(Number rate) {
        this(NDArray.as(rate), false);
    }

    /// {@return a copy that takes known counts as mostly 0, or not}
    public Poisson isSparse(boolean sparse) {
        return new Poisson(rate, sparse);
    }

    @Override
    public Constraint support() {
        return nonnegativeInteger;
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public NDArray mean() {
        return rate;
    }

    @Override
    public NDArray variance() {
        return rate;
    }

    @Override
    public NDArray entropy() {
        return CountEntropy.poisson(rate);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.poisson(rate, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, k -> {
            if (Saddle.isNeeded(k)) {
                return Saddle.deviance(k, rate, () -> Density.safeLog(rate)).plus(Saddle.rest(k)).unaryMinus();
            }
            return isSparse && k instanceof Dense ? sparse(k) : events(k, rate).minus(rate);
        });
    }

    private static NDArray events(NDArray k, NDArray rate) {
        return Density.count(k, Density.safeLog(rate)).minus(lgamma(k.plus(1)));
    }

    /// Where the count is 0 the log density is −rate; to the others the rest is added.
    private NDArray sparse(NDArray k) {
        Shape shape = Shape.broadcast(k.shape(), rate.shape());
        NDArray counts = ravel(broadcastTo(k, shape));
        NDArray rates = ravel(broadcastTo(rate, shape));
        NDArray at = flatnonzero(counts);
        return rates.unaryMinus().at(at).add(events(counts.get(at), rates.get(at))).reshape(shape);
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.ofCounts(value, 0, next -> gammaincc(next, rate));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.ofCounts(value, 1, next -> gammainc(next, rate));
    }
}
