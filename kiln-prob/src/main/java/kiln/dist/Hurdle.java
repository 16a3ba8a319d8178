package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// Values that are 0 with a given probability, and otherwise follow a distribution without 0.
///
/// ```
/// P(0) = gate        p(x) = (1 − gate) p_base(x) / (1 − P_base(0))
/// ```
public sealed interface Hurdle extends Distribution permits HurdleProbs, HurdleLogits {
    /// {@return the distribution of the values that are not 0; counts are cut off at 0, continuous values are taken as they are}
    Distribution baseDist();

    private Gate gated() {
        return switch (this) {
            case HurdleProbs d -> Gate.probs(d.gate());
            case HurdleLogits d -> Gate.logits(d.gateLogits());
        };
    }

    /// Refuses a base that is no distribution of counts or of positive numbers.
    static void check(Class<?> owner, Distribution base, String name, NDArray gate) {
        Check.wraps(owner, base, name, gate.shape());
        Check.notBelow(owner, base, 0, "fold the base (FoldedDistribution) or cut it at 0 (LeftTruncatedDistribution), or mix it with Delta(0).");
    }

    /// `log(1 − P_base(0))`. Where 0 has all of the probability to the last digit, what is left is that of 1.
    private NDArray logNonzero() {
        Distribution base = baseDist();
        if (!base.isDiscrete()) {
            return full(base.batchShape(), 0);
        }
        NDArray log0 = base.logProb(0);
        NDArray all = log0.ge(0);
        return Density.isAllFalse(all) ? log1mexp(log0) : where(all, base.logProb(1), log1mexp(where(all, -1.0, log0)));
    }

    @Override
    default Constraint support() {
        return isDiscrete() ? baseDist().support() : Constraints.nonnegative;
    }

    @Override
    default boolean isDiscrete() {
        return baseDist().isDiscrete();
    }

    @Override
    default Shape batchShape() {
        return Shape.broadcast(baseDist().batchShape(), gated().probability().shape());
    }

    @Override
    default NDArray mean() {
        return exp(gated().logRest().minus(logNonzero())).times(baseDist().mean());
    }

    @Override
    default NDArray variance() {
        NDArray square = square(baseDist().mean()).plus(baseDist().variance());
        return exp(gated().logRest().minus(logNonzero())).times(square).minus(square(mean()));
    }

    /// Of the gate, and of the values behind it: those of counts are rid of what the base has at 0.
    @Override
    default NDArray entropy() {
        Gate gate = gated();
        NDArray behind = baseDist().entropy();
        if (isDiscrete()) {
            NDArray zero = Density.masked(baseDist().logProb(0));
            NDArray other = exp(logNonzero());
            behind = behind.plus(exp(baseDist().logProb(0)).times(zero)).div(other).plus(logNonzero());
        }
        return broadcastTo(gate.entropy().plus(exp(gate.logRest()).times(behind)), batchShape());
    }

    /// {@return the Kullback–Leibler divergence of another one of the same kind of values from this one}
    default NDArray divergence(Hurdle q) {
        Gate gate = gated();
        NDArray behind = KL.klDivergence(baseDist(), q.baseDist());
        if (isDiscrete()) {
            NDArray log0 = baseDist().logProb(0);
            NDArray zero = exp(log0).times(Density.masked(log0).minus(Density.masked(q.baseDist().logProb(0))));
            behind = behind.minus(zero).div(exp(logNonzero())).minus(logNonzero()).plus(q.logNonzero());
        }
        return gate.divergence(q.gated()).plus(exp(gate.logRest()).times(behind));
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray zero = keys[0].bernoulli(gated().probability(), sampleShape.then(batchShape()));
        Distribution base = baseDist().expand(batchShape());
        return where(zero, 0, isDiscrete() ? nonzero(base, keys[1], sampleShape) : base.sample(keys[1], sampleShape));
    }

    /// Counts above 0: zeros are drawn again while most draws are not 0; where 0 is likely, the few masses that follow are searched.
    private NDArray nonzero(Distribution base, PRNGKey key, Shape sampleShape) {
        NDArray likely = exp(logNonzero()).ge(0.1);
        NDArray x = base.sample(key, sampleShape);
        for (int round = 1; any(logicalAnd(x.eq(0), likely)).isTrue(); round++) {
            x = where(x.eq(0), base.sample(key.foldIn(round), sampleShape), x);
        }
        NDArray open = x.eq(0);
        NDArray left = key.foldIn(0).uniform(x.shape(), 0, 1).times(exp(logNonzero()));
        for (int k = 1; any(open).isTrue(); k++) {
            left = left.minus(exp(base.logProb(k)));
            NDArray here = logicalAnd(open, left.le(k < 1000 ? 0.0 : Double.POSITIVE_INFINITY));
            x = where(here, k, x);
            open = logicalAnd(open, logicalNot(here));
        }
        return x;
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray zero = x.eq(0);
            NDArray feasible = isDiscrete() ? x : where(zero, baseDist().support().feasibleLike(x), x);
            NDArray other = gated().logRest().plus(logProbNonzero(feasible));
            return where(zero, gated().log(), other);
        });
    }

    /// The log density of the base without 0; −∞ where the base is always 0. A Poisson count has its own form, in which a small rate does not
    /// cancel.
    private NDArray logProbNonzero(NDArray x) {
        if (baseDist() instanceof Poisson(NDArray rate, _)) {
            NDArray counted = Density.count(x.minus(1), log(rate)).minus(lgamma(x.plus(1)));
            return counted.minus(rate.times(0.5)).minus(Density.logSinhc(rate));
        }
        NDArray rest = logNonzero();
        NDArray nothing = rest.eq(Double.NEGATIVE_INFINITY);
        NDArray density = baseDist().logProb(x);
        return Density.isAllFalse(nothing)
                ? density.minus(rest)
                : where(nothing, Double.NEGATIVE_INFINITY, density.minus(where(nothing, 0.0, rest)));
    }

    @Override
    default NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, 1, x -> {
            NDArray zero = isDiscrete() ? exp(baseDist().logProb(0)) : full(batchShape(), 0);
            NDArray positive = baseDist().cdf(Density.fromZero(x)).minus(zero).times(exp(gated().logRest().minus(logNonzero())));
            return where(x.lt(0), 0.0, positive.plus(gated().probability()));
        });
    }

    /// Of values that are no counts the quantile of the base behind the gate.
    @Override
    default NDArray icdf(NDArray q) {
        if (isDiscrete()) {
            return Distribution.super.icdf(q);
        }
        Check.probability(this, q);
        Gate gate = gated();
        NDArray behind = q.gt(gate.probability());
        NDArray p = where(behind, q.minus(gate.probability()).div(exp(gate.logRest())), 0.5);
        return where(behind, baseDist().icdf(p), where(q.ge(0), 0.0, Double.NaN));
    }

    @Override
    default NDArray isf(NDArray q) {
        if (isDiscrete()) {
            return Distribution.super.isf(q);
        }
        Check.probability(this, q);
        NDArray rest = exp(gated().logRest());
        NDArray behind = q.lt(rest);
        return where(behind, baseDist().isf(where(behind, q.div(rest), 0.5)), where(q.le(1), 0.0, Double.NaN));
    }
}
