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
import kiln.func.Pytree;

/// Observations of which only an interval is known, or one end of it.
///
/// ```
/// log p(lower, upper) = log(F(lower) + 1 − F(upper))  for leftCensored and rightCensored
/// log p(lower, upper) = log F(upper)                  for leftCensored
/// log p(lower, upper) = log(1 − F(lower))             for rightCensored
/// log p(lower, upper) = log p_base(lower)             for lower = upper
/// log p(lower, upper) = log(F(upper) − F(lower))      for lower < upper
/// ```
///
/// The first line whose condition holds counts; where both ends are open, the variable lies outside of them.
///
/// - **support** pairs of values of the base
/// - **shapes** batch = broadcast(batch of the base, flags), event = `[2]`
/// - **gradient of a draw** as the base; a draw is an exact observation, twice the same value
///
/// Numerics: the probability of an interval is a difference of upper tails above the median, of lower tails below it, and of their
/// logarithms where the tails underflow. NumPyro gives 0 for equal ends and −∞ in the upper tail.
///
/// @param baseDist      a univariate distribution with a distribution function
/// @param leftCensored  whether only the upper end is known
/// @param rightCensored whether only the lower end is known
public record IntervalCensoredDistribution(Distribution baseDist, NDArray leftCensored, NDArray rightCensored) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public IntervalCensoredDistribution {
        leftCensored = Check.in(boolean_, "leftCensored", leftCensored, IntervalCensoredDistribution.class);
        rightCensored = Check.in(boolean_, "rightCensored", rightCensored, IntervalCensoredDistribution.class);
        if (!Pytree.isRebuilding()) {
            Check.wraps(
                    IntervalCensoredDistribution.class,
                    baseDist,
                    "leftCensored and rightCensored",
                    leftCensored.shape(), rightCensored.shape());
        }
    }

    @Override
    public Constraint support() {
        return independent(baseDist.support(), 1);
    }

    @Override
    public boolean isDiscrete() {
        return baseDist.isDiscrete();
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(baseDist.batchShape(), leftCensored.shape(), rightCensored.shape());
    }

    @Override
    public Shape eventShape() {
        return Shape.of(2);
    }

    @Override
    public boolean hasRsample() {
        return baseDist.hasRsample();
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray x = baseDist.expand(batchShape()).sample(key, sampleShape);
        return stack(List.of(x, x), -1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray low = x.get(Index.DOTS, Index.at(0));
            NDArray high = x.get(Index.DOTS, Index.at(1));
            NDArray left = leftCensored.ne(0);
            NDArray right = rightCensored.ne(0);
            NDArray open = logicalOr(left, right);
            NDArray exact = logicalAnd(low.eq(high), logicalNot(open));
            // Where a side is open only one end counts: what stands at the other, often the same number, makes no interval.
            NDArray reversed = logicalAnd(low.gt(high), logicalNot(open));
            NDArray noInterval = logicalOr(logicalOr(exact, reversed), open);
            NDArray beyond = where(right, where(left, logaddexp(baseDist.logCdf(low), baseDist.logSf(high)), baseDist.logSf(low)),
                    where(left, baseDist.logCdf(high), logInside(low, high, noInterval)));
            return where(reversed, Double.NEGATIVE_INFINITY, where(exact, baseDist.logProb(low), beyond));
        });
    }

    private NDArray logInside(NDArray low, NDArray high, NDArray none) {
        NDArray upper = baseDist.cdf(low).gt(0.5);
        NDArray p = where(upper, baseDist.sf(low).minus(baseDist.sf(high)), baseDist.cdf(high).minus(baseDist.cdf(low)));
        NDArray tiny = logicalAnd(p.lt(1e-280), logicalNot(none));
        NDArray large = where(upper, baseDist.logSf(low), baseDist.logCdf(high));
        NDArray small = where(upper, baseDist.logSf(high), baseDist.logCdf(low));
        NDArray logs = logsubexp(where(tiny, large, 0.0), where(tiny, small, -1.0));
        return where(tiny, logs, log(where(logicalOr(tiny, none), 1.0, p)));
    }
}
