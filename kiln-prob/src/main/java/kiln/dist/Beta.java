package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.List;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Beta distribution of a probability after `concentration1 − 1` successes and `concentration0 − 1` failures.
///
/// ```
/// log p(x) = (a − 1) log x + (b − 1) log(1 − x) − log B(a, b),  a = concentration1, b = concentration0
/// ```
///
/// - **support** [0, 1]
/// - **shapes** batch = broadcast(concentration1, concentration0), event = `[]`
/// - **moments** mean = a / (a + b), variance = a b / ((a + b)² (a + b + 1))
/// - **gradient of a draw** pathwise, through two gamma draws with implicit gradients (see [PRNGKey#gamma])
///
/// Numerics: at 0 and 1 the density has its limit: finite, 0 or ∞ depending on the parameters.
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 25.
///
/// @param concentration1 weight of 1; > 0
/// @param concentration0 weight of 0; > 0; broadcasts with `concentration1`
public record Beta(NDArray concentration1, NDArray concentration0) implements Distribution {
    /// From here on the series replaces digamma; its error is below 1e-16.
    private static final double SERIES = 25;

    /// @throws DomainException if a known parameter is not > 0
    /// @throws ShapeException if the parameters do not broadcast
    public Beta {
        concentration1 = Check.in(positive, "concentration1", concentration1, Beta.class);
        concentration0 = Check.in(positive, "concentration0", concentration0, Beta.class);
        Check.broadcasts(Beta.class, "concentration1 and concentration0", concentration1.shape(), concentration0.shape());
    }

    /// Scalars and arrays in any mix.
    public Beta(Number concentration1, Number concentration0) {
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
        return concentration1.div(concentration1.plus(concentration0));
    }

    @Override
    public NDArray variance() {
        NDArray total = concentration1.plus(concentration0);
        return concentration1.times(concentration0).div(square(total).times(total.plus(1)));
    }

    /// The first component of a Dirichlet draw, as in NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape batch = batchShape();
        NDArray both = stack(List.of(broadcastTo(concentration1, batch), broadcastTo(concentration0, batch)), -1);
        return new Dirichlet(both).sample(key, sampleShape).get(Index.DOTS, Index.at(0));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, Saddle.isNeeded(concentration1, concentration0) ? this::peaked : this::plain);
    }

    private NDArray plain(NDArray x) {
        NDArray ones = Density.powerOf(x, concentration1.minus(1));
        return ones.plus(Density.powerOf1m(x, concentration0.minus(1))).minus(logBeta());
    }

    private NDArray peaked(NDArray x) {
        NDArray end = logicalOr(x.eq(0), x.eq(1));
        NDArray inside = Density.isAllFalse(end) ? x : where(end, 0.5, x);
        NDArray rest = inside.unaryMinus();
        var shares = new Saddle.Shares(inside, rest.plus(1), log(inside), log1p(rest));
        NDArray density = Saddle.beta(concentration1, concentration0, shares).minus(shares.logP()).minus(shares.logQ());
        return inside == x ? density : where(end, plain(x), density);
    }

    @Override
    public NDArray cdf(NDArray value) {
        return Density.withinUnit(value, 0, 1, x -> betainc(concentration1, concentration0, x));
    }

    @Override
    public NDArray sf(NDArray value) {
        return Density.withinUnit(value, 1, 0, x -> betaincc(concentration1, concentration0, x));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray icdf(NDArray q) {
        return Implicit.quantile(this, q, (d, p) -> Quantiles.beta(d.concentration1, d.concentration0, p));
    }

    /// Found by iteration; differentiable by the implicit function theorem.
    @Override
    public NDArray isf(NDArray q) {
        return Implicit.upperQuantile(this, q, (d, p) -> sigmoid(Quantiles.betaLogit(d.concentration0, d.concentration1, p).unaryMinus()));
    }

    @Override
    public NDArray entropy() {
        // Differences of digamma as logarithms of ratios and small remainders, so that large parameters do not cancel.
        NDArray a = concentration1;
        NDArray b = concentration0;
        NDArray total = remainder(a.plus(b));
        NDArray ones = log1p(b.div(a)).plus(total.minus(remainder(a)));
        NDArray zeros = log1p(a.div(b)).plus(total.minus(remainder(b)));
        return logBeta().plus(a.minus(1).times(ones)).plus(b.minus(1).times(zeros));
    }

    /// `ψ(x) − log x`, for large `x` by its asymptotic series.
    private static NDArray remainder(NDArray x) {
        return Density.split(x, SERIES, few -> digamma(few).minus(log(few)), many -> {
            NDArray i = reciprocal(many);
            NDArray j = square(i);
            NDArray even = j.times(j.times(j.times(j.times(1.0 / 240).minus(1.0 / 252)).plus(1.0 / 120)).minus(1.0 / 12));
            return even.minus(i.times(0.5));
        });
    }

    private NDArray logBeta() {
        return betaln(concentration1, concentration0);
    }
}
