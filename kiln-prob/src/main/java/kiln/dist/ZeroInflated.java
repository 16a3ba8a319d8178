package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Counts that are 0 with an additional probability.
///
/// ```
/// P(0) = gate + (1 − gate) P_base(0)        P(k) = (1 − gate) P_base(k)
/// ```
public sealed interface ZeroInflated extends Distribution permits ZeroInflatedProbs, ZeroInflatedLogits {
    /// {@return the distribution of the counts that are not replaced}
    Distribution baseDist();

    private Gate gated() {
        return switch (this) {
            case ZeroInflatedProbs d -> Gate.probs(d.gate());
            case ZeroInflatedLogits d -> Gate.logits(d.gateLogits());
        };
    }

    @Override
    default Constraint support() {
        return baseDist().support();
    }

    @Override
    default Shape batchShape() {
        return Shape.broadcast(baseDist().batchShape(), gated().probability().shape());
    }

    @Override
    default NDArray mean() {
        return exp(gated().logRest()).times(baseDist().mean());
    }

    @Override
    default NDArray variance() {
        NDArray mean = baseDist().mean();
        NDArray rest = exp(gated().logRest());
        return rest.times(baseDist().variance().plus(square(mean).times(gated().probability())));
    }

    @Override
    default NDArray entropy() {
        NDArray rest = gated().logRest();
        NDArray log0 = baseDist().logProb(0);
        NDArray zero = logProb(NDArray.as(0));
        NDArray counted = baseDist().entropy().plus(exp(log0).times(Density.masked(log0)))
                .plus(expm1(log0).times(Density.masked(rest)));
        return broadcastTo(exp(rest).times(counted).minus(exp(zero).times(Density.masked(zero))), batchShape());
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray zero = keys[0].bernoulli(gated().probability(), sampleShape.then(batchShape()));
        return where(zero, 0, baseDist().expand(batchShape()).sample(keys[1], sampleShape));
    }

    @Override
    default NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, k -> {
            Gate gate = gated();
            NDArray counted = gate.logRest().plus(baseDist().logProb(k));
            // The derivative by a gate of 0 is that of the sum itself, whose logarithm would make it 0 · ∞.
            NDArray none = gate.probability().eq(0);
            NDArray ratio = exp(minimum(where(none, counted, 0.0).unaryMinus(), 700.0));
            NDArray first = counted.plus(gate.probability().times(ratio));
            NDArray zero = where(none, first, logaddexp(where(none, 0.0, gate.log()), counted));
            return where(k.eq(0), Cancellation.matters() ? likely(gate, zero) : zero, counted);
        });
    }

    /// A zero that is likely by its complement, `log(1 − (1 − g)(1 − f(0)))`.
    private NDArray likely(Gate gate, NDArray zero) {
        NDArray log0 = baseDist().logProb(0);
        // The derivative of expm1 is taken from its value, which keeps no digits of e⁻⁵⁰ beside −1.
        NDArray rare = log0.lt(-1);
        NDArray less = where(rare, exp(log0).minus(1), expm1(where(rare, -1.0, log0)));
        NDArray rest = exp(gate.logRest()).times(less);
        NDArray small = rest.gt(-0.5);
        return where(small, log1p(where(small, rest, 0.0)), zero);
    }

    @Override
    default NDArray cdf(NDArray value) {
        Check.value(this, value);
        NDArray counted = exp(gated().logRest()).times(baseDist().cdf(value));
        return where(value.lt(0), counted, counted.plus(gated().probability()));
    }

    @Override
    default boolean hasEnumerateSupport() {
        return baseDist().hasEnumerateSupport();
    }

    @Override
    default NDArray enumerateSupport(boolean expand) {
        return baseDist().expand(batchShape()).enumerateSupport(expand);
    }
}
