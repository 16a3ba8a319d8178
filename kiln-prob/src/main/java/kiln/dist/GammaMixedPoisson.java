package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// A Poisson count whose rate has a gamma distribution: the negative binomial distribution in its various parameters.
///
/// ```
/// log p(k) = log Γ(a + k) − log Γ(a) − log k! + a log(1 − p) + k log p,  a = size
/// ```
///
/// Both logarithms are given, not computed from one another, so that neither tail cancels.
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), ch. 5.
public sealed interface GammaMixedPoisson extends Distribution
        permits GammaPoisson, NegativeBinomial, NegativeBinomialLogits, NegativeBinomial2 {
    /// {@return the shape parameter `a` of the gamma distribution}
    NDArray size();

    /// {@return `p`, the factor of the mass from one count to the next for large counts}
    NDArray success();

    /// {@return `1 − p`}
    NDArray failure();

    /// {@return `log p`}
    NDArray logSuccess();

    /// {@return `log(1 − p)`}
    NDArray logFailure();

    /// {@return `p / (1 − p)`, the mean for `a = 1`}
    NDArray odds();

    @Override
    default Constraint support() {
        return Constraints.nonnegativeInteger;
    }

    @Override
    default NDArray mean() {
        return size().times(odds());
    }

    @Override
    default NDArray variance() {
        return mean().times(odds().plus(1));
    }

    @Override
    default NDArray entropy() {
        return CountEntropy.negativeBinomial(this);
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape shape = sampleShape.then(batchShape());
        PRNGKey[] keys = key.split(2);
        return keys[1].poisson(keys[0].gamma(size(), shape).times(odds()), shape);
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, k -> {
            if (Saddle.isNeeded(size(), k)) {
                var shares = new Saddle.Shares(success(), failure(), logSuccess(), logFailure());
                return this instanceof NegativeBinomial2 d ? Saddle.negativeBinomial(size(), k, d.mean(), shares) : Saddle.negativeBinomial(size(), k, shares);
            }
            NDArray ways = betaln(size(), k.plus(1)).plus(log(size().plus(k))).unaryMinus();
            return ways.plus(size().times(logFailure())).plus(Density.count(k, logSuccess()));
        });
    }

    @Override
    default NDArray cdf(NDArray value) {
        Check.value(this, value);
        // Near 1 a probability has lost the digits of the other one.
        return Density.ofCounts(value, 0, next ->
                where(success().lt(0.5), betaincc(next, size(), success()), betainc(size(), next, failure())));
    }

    @Override
    default NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.ofCounts(value, 1, next ->
                where(success().lt(0.5), betainc(next, size(), success()), betaincc(size(), next, failure())));
    }
}
