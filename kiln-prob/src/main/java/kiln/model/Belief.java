package kiln.model;

import static kiln.array.Np.*;

import java.util.Optional;
import java.util.function.Predicate;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Beta;
import kiln.dist.Binomial;
import kiln.dist.Categorical;
import kiln.dist.Dirichlet;
import kiln.dist.Distribution;
import kiln.dist.Gamma;
import kiln.dist.Multinomial;
import kiln.dist.Normal;
import kiln.dist.Poisson;

/// What is known of a variable that is integrated out: its distribution given the data seen so far.
///
/// Data that is conjugate to it gives another belief of the same kind, and the log evidence: the log density of the data given what was
/// seen before, by element of the batch of the variable.
///
/// Source: Gelman et al., *Bayesian Data Analysis* (2013), ch. 2 and 3.
sealed interface Belief {
    /// A belief after data, and the log evidence of the data.
    record Update(Belief belief, NDArray logEvidence) {}

    /// {@return the data for which this kind of belief has an update, for messages}
    String conjugate();

    /// {@return what is known after data, or empty if the likelihood is not conjugate to the variable}
    ///
    /// @param likelihood what the data is distributed as, without what repeats or masks it
    /// @param isVariable whether a parameter is the variable itself
    /// @param data       the observed values
    /// @param weight     1 where the data counts, 0 where it is masked; of the batch of the data
    Optional<Update> observe(Distribution likelihood, Predicate<NDArray> isVariable, NDArray data, NDArray weight);

    /// {@return the prior as a belief, or empty if nothing is conjugate to it}
    ///
    /// @param prior without what repeats or masks it
    /// @param batch its batch, expanded to the plates
    static Optional<Belief> of(Distribution prior, Shape batch) {
        return Optional.ofNullable(switch (prior) {
            case Beta b -> new OfProbability(broadcastTo(b.concentration1(), batch), broadcastTo(b.concentration0(), batch));
            case Gamma g -> new OfRate(broadcastTo(g.concentration(), batch), broadcastTo(g.rate(), batch));
            case Normal n -> new OfMean(broadcastTo(n.loc(), batch), broadcastTo(reciprocal(square(n.scale())), batch));
            case Dirichlet d -> new OfProbabilities(broadcastTo(d.concentration(), batch.then(d.eventShape())));
            default -> null;
        });
    }

    /// Sums a contribution of every element of the data over the axes that the variable does not have.
    private static NDArray sumTo(NDArray x, Shape batch) {
        NDArray y = x;
        while (y.rank() > batch.rank()) {
            y = y.sum(0);
        }
        for (int a = 0; a < batch.rank(); a++) {
            if (batch.dim(a) == 1 && y.size(a) != 1) {
                y = expandDims(y.sum(a), a);
            }
        }
        return broadcastTo(y, batch);
    }

    private static NDArray logChoose(NDArray n, NDArray k) {
        return lgamma(n.plus(1)).minus(lgamma(k.plus(1))).minus(lgamma(n.minus(k).plus(1)));
    }

    /// A probability p ~ Beta(a, b): x successes and n − x failures give Beta(a + x, b + n − x).
    record OfProbability(NDArray a, NDArray b) implements Belief {
        @Override
        public String conjugate() {
            return "an observed Bernoulli or Binomial whose probs is the site itself";
        }

        @Override
        public Optional<Update> observe(Distribution likelihood, Predicate<NDArray> isVariable, NDArray data, NDArray weight) {
            NDArray x = data.times(1.0);
            return switch (likelihood) {
                case Bernoulli(NDArray p) when isVariable.test(p) -> Optional.of(counted(x, onesLike(x), zerosLike(x), weight));
                case Binomial(NDArray n, NDArray p) when isVariable.test(p) ->
                    Optional.of(counted(x, n.times(1.0), logChoose(n.times(1.0), x), weight));
                default -> Optional.empty();
            };
        }

        private Update counted(NDArray x, NDArray n, NDArray logCoefficient, NDArray weight) {
            Shape batch = a.shape();
            NDArray a2 = a.plus(sumTo(x.times(weight), batch));
            NDArray b2 = b.plus(sumTo(n.minus(x).times(weight), batch));
            NDArray evidence = betaln(a2, b2).minus(betaln(a, b)).plus(sumTo(logCoefficient.times(weight), batch));
            return new Update(new OfProbability(a2, b2), evidence);
        }
    }

    /// A rate λ ~ Gamma(a, b): counts x₁…xₙ give Gamma(a + Σ x, b + n).
    record OfRate(NDArray a, NDArray b) implements Belief {
        @Override
        public String conjugate() {
            return "an observed Poisson whose rate is the site itself";
        }

        @Override
        public Optional<Update> observe(Distribution likelihood, Predicate<NDArray> isVariable, NDArray data, NDArray weight) {
            if (!(likelihood instanceof Poisson(NDArray rate, _)) || !isVariable.test(rate)) {
                return Optional.empty();
            }
            Shape batch = a.shape();
            NDArray x = data.times(1.0);
            NDArray a2 = a.plus(sumTo(x.times(weight), batch));
            NDArray b2 = b.plus(sumTo(broadcastTo(weight, x.shape()), batch));
            NDArray evidence = lgamma(a2).minus(lgamma(a)).plus(a.times(log(b))).minus(a2.times(log(b2)))
                    .minus(sumTo(lgamma(x.plus(1)).times(weight), batch));
            return Optional.of(new Update(new OfRate(a2, b2), evidence));
        }
    }

    /// A mean μ ~ Normal(m, 1/√t): data with known standard deviations σᵢ has precision t + Σ 1/σᵢ².
    record OfMean(NDArray m, NDArray t) implements Belief {
        @Override
        public String conjugate() {
            return "an observed Normal whose loc is the site itself and whose scale does not depend on it";
        }

        @Override
        public Optional<Update> observe(Distribution likelihood, Predicate<NDArray> isVariable, NDArray data, NDArray weight) {
            if (!(likelihood instanceof Normal(NDArray loc, NDArray scale)) || !isVariable.test(loc)) {
                return Optional.empty();
            }
            Shape batch = m.shape();
            NDArray precision = broadcastTo(weight.div(square(scale)), data.shape());
            NDArray d = data.minus(m);
            NDArray t2 = t.plus(sumTo(precision, batch));
            NDArray moved = sumTo(d.times(precision), batch);
            NDArray logConstants = broadcastTo(log(scale).plus(0.5 * Math.log(2 * Math.PI)).times(weight), data.shape());
            NDArray evidence = log(t).minus(log(t2)).times(0.5)
                    .minus(sumTo(logConstants, batch))
                    .minus(sumTo(square(d).times(precision), batch).minus(square(moved).div(t2)).times(0.5));
            return Optional.of(new Update(new OfMean(m.plus(moved.div(t2)), t2), evidence));
        }
    }

    /// Probabilities p ~ Dirichlet(a): counts c give Dirichlet(a + c).
    record OfProbabilities(NDArray a) implements Belief {
        @Override
        public String conjugate() {
            return "an observed Categorical or Multinomial whose probs is the site itself";
        }

        @Override
        public Optional<Update> observe(Distribution likelihood, Predicate<NDArray> isVariable, NDArray data, NDArray weight) {
            return switch (likelihood) {
                case Categorical(NDArray p) when isVariable.test(p) ->
                    Optional.of(counted(oneHot(data, a.size(-1)), zerosLike(weight), weight));
                case Multinomial(NDArray n, NDArray p, _) when isVariable.test(p) -> {
                    NDArray x = data.times(1.0);
                    yield Optional.of(counted(x, lgamma(n.plus(1.0)).minus(lgamma(x.plus(1)).sum(-1)), weight));
                }
                default -> Optional.empty();
            };
        }

        private Update counted(NDArray counts, NDArray logCoefficient, NDArray weight) {
            Shape batch = a.shape().dropLast(1);
            NDArray a2 = a.plus(sumTo(counts.times(expandDims(weight, -1)), a.shape()));
            NDArray evidence = logBeta(a2).minus(logBeta(a)).plus(sumTo(broadcastTo(logCoefficient.times(weight), counts.shape().dropLast(1)), batch));
            return new Update(new OfProbabilities(a2), evidence);
        }

        private static NDArray logBeta(NDArray a) {
            return lgamma(a).sum(-1).minus(lgamma(a.sum(-1)));
        }
    }
}
