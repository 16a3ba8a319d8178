package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// Divergences of discrete distributions. Those of trials follow from the divergence of one trial.
final class DiscreteKL {
    private DiscreteKL() {}

    /// Repeated trials with the same outcomes.
    ///
    /// @param kind     what is counted; only equal kinds compare
    /// @param logProbs logarithms of the probabilities of the outcomes of one trial, `[…, k]`
    /// @param times    expected number of trials under this distribution
    /// @param count    a number that must agree: of trials, or of successes that are waited for
    private record Trials(String kind, NDArray logProbs, NDArray times, @Nullable NDArray count) {}

    static Optional<NDArray> rule(Distribution p, Distribution q) {
        if (p instanceof Poisson a && q instanceof Poisson b) {
            NDArray ratio = log(b.rate()).minus(log(where(a.rate().eq(0), 1.0, a.rate())));
            return Optional.of(b.rate().minus(a.rate()).minus(a.rate().times(ratio)));
        }
        if (p instanceof DiscreteUniform a && q instanceof DiscreteUniform b) {
            NDArray ratio = log(size(b)).minus(log(size(a)));
            return Optional.of(where(logicalAnd(a.low().ge(b.low()), a.high().le(b.high())), ratio, Double.POSITIVE_INFINITY));
        }
        @Nullable Trials a = trials(p);
        @Nullable Trials b = trials(q);
        if (a == null || b == null || !a.kind().equals(b.kind())) {
            return overValues(p, q);
        }
        refuseDifferent(a.count(), b.count(), p, q);
        return Optional.of(a.times().times(oneTrial(a.logProbs(), b.logProbs())));
    }

    /// The sum over the values of p where they are finitely many numbers.
    private static Optional<NDArray> overValues(Distribution p, Distribution q) {
        if (!p.hasEnumerateSupport() || p.eventShape().rank() > 0 || !q.isDiscrete() || q.eventShape().rank() > 0) {
            return Optional.empty();
        }
        Shape batch = Shape.broadcast(p.batchShape(), q.batchShape());
        NDArray values = p.expand(batch).enumerateSupport(false);
        NDArray logP = moveaxis(p.expand(batch).logProb(values), 0, -1);
        return Optional.of(oneTrial(logP, moveaxis(q.expand(batch).logProb(values), 0, -1)));
    }

    private static NDArray size(DiscreteUniform d) {
        return d.high().minus(d.low()).plus(1).times(1.0);
    }

    /// `Σ pᵢ (log pᵢ − log qᵢ)`; outcomes of probability 0 add nothing, and do not spoil derivatives.
    static NDArray oneTrial(NDArray logP, NDArray logQ) {
        NDArray none = logP.eq(Double.NEGATIVE_INFINITY);
        NDArray p = where(none, 0.0, exp(where(none, 0.0, logP)));
        NDArray difference = where(none, 0.0, logP).minus(where(none, 0.0, logQ));
        return p.times(difference).sum(-1);
    }

    private static @Nullable Trials trials(Distribution d) {
        NDArray one = scalar(1.0);
        return switch (d) {
            case Bernoulli b -> new Trials("binomial", ofProbs(b.probs()), one, one);
            case BernoulliLogits b -> new Trials("binomial", ofLogits(b.logits()), one, one);
            case Binomial b -> new Trials("binomial", ofProbs(b.probs()), b.totalCount(), b.totalCount());
            case BinomialLogits b -> new Trials("binomial", ofLogits(b.logits()), b.totalCount(), b.totalCount());
            // What a geometric distribution counts are its failures.
            case Geometric g -> new Trials("negative binomial", flip(ofProbs(g.probs()), -1), reciprocal(g.probs()), one);
            case GeometricLogits g -> new Trials("negative binomial", ofLogits(g.logits().unaryMinus()), exp(logSigmoid(g.logits()).unaryMinus()), one);
            case GammaMixedPoisson g -> new Trials(
                    "negative binomial", pair(g.logSuccess(), g.logFailure()), g.size().div(g.failure()), g.size());
            case Categorical c -> new Trials("categorical", Density.safeLog(c.probs()), one, null);
            case CategoricalLogits c -> new Trials("categorical", logSoftmax(c.logits(), -1), one, null);
            case Multinomial m -> new Trials("multinomial", Density.safeLog(m.probs()), m.totalCount(), m.totalCount());
            case MultinomialLogits m -> new Trials("multinomial", logSoftmax(m.logits(), -1), m.totalCount(), m.totalCount());
            default -> null;
        };
    }

    private static NDArray ofProbs(NDArray p) {
        return pair(Density.safeLog(p), Density.safeLog1m(p));
    }

    private static NDArray ofLogits(NDArray logits) {
        return pair(logSigmoid(logits), logSigmoid(logits.unaryMinus()));
    }

    static NDArray pair(NDArray success, NDArray failure) {
        return stack(broadcastArrays(success, failure), -1);
    }

    private static void refuseDifferent(@Nullable NDArray n, @Nullable NDArray m, Distribution p, Distribution q) {
        if (n instanceof Dense && m instanceof Dense && any(n.ne(m)).isTrue()) {
            throw new UnsupportedOperationException(new Diagnosis("KL", "the two distributions count different numbers of trials")
                    .expected("equal numbers: otherwise the divergence is infinite or not known in closed form")
                    .got(p.getClass().getSimpleName() + " with " + n + " and " + q.getClass().getSimpleName() + " with " + m)
                    .at(UserCode.line())
                    .message());
        }
    }

}
