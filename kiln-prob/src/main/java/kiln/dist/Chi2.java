package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Chi-squared distribution: the sum of the squares of `df` standard normal variables.
///
/// ```
/// log p(x) = (k/2 − 1) log x − x/2 − k/2 log 2 − log Γ(k/2),  k = df, x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = shape of `df`, event = `[]`
/// - **moments** mean = df, variance = 2 df
/// - **gradient of a draw** implicit in `df` (see [PRNGKey#gamma])
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 18.
///
/// @param df degrees of freedom; > 0, not necessarily an integer
public record Chi2(NDArray df) implements Distribution {
    /// @throws DomainException if a known `df` is not > 0
    public Chi2 {
        df = Check.in(positive, "df", df, Chi2.class);
    }

    /// The same parameter everywhere.
    public Chi2(Number df) {
        this(NDArray.as(df));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return df.shape();
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return df;
    }

    @Override
    public NDArray variance() {
        return df.times(2);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return gamma().sample(key, sampleShape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return gamma().logProb(value);
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return gamma().cdf(value);
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return gamma().sf(value);
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return gamma().icdf(q);
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return gamma().isf(q);
    }

    @Override
    public NDArray entropy() {
        return gamma().entropy();
    }

    private Gamma gamma() {
        return new Gamma(df.times(0.5), 0.5);
    }
}
