package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.function.UnaryOperator;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.dist.transform.SigmoidTransform;

/// Relaxed (concrete) Bernoulli distribution: a smooth variable in (0, 1) that becomes a coin toss as the temperature goes to 0.
///
/// ```
/// x = σ((logits + logistic noise) / temperature)
/// log p(x) = log T + log σ(z) + log σ(−z) − log x − log(1 − x),  z = T logit(x) − logits, T = temperature
/// ```
///
/// - **support** [0, 1]
/// - **shapes** batch = broadcast(temperature, logits), event = `[]`
/// - **moments** and entropy by quadrature of the quantile
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Maddison, Mnih and Teh, *The concrete distribution* (2017).
///
/// @param temperature the closer to 0, the closer to 0 and 1 are the draws; > 0
/// @param logits      log odds of 1; any finite value
public record RelaxedBernoulliLogits(NDArray temperature, NDArray logits) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public RelaxedBernoulliLogits {
        temperature = Check.in(positive, "temperature", temperature, RelaxedBernoulliLogits.class);
        logits = Check.in(real, "logits", logits, RelaxedBernoulliLogits.class);
        Check.broadcasts(RelaxedBernoulliLogits.class, "temperature and logits", temperature.shape(), logits.shape());
    }

    /// Scalars and arrays in any mix.
    public RelaxedBernoulliLogits(Number temperature, Number logits) {
        this(NDArray.as(temperature), NDArray.as(logits));
    }

    @Override
    public Constraint support() {
        return unitInterval;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(temperature.shape(), logits.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray noise = key.logistic(sampleShape.then(batchShape()));
        return new SigmoidTransform().call(logits.plus(noise).div(temperature));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            // On each side the singular terms are collected, so that the limits at 0 and 1 come out.
            // The rest is taken next to an end instead of at it: the same value, with a derivative that is 0 and not 0 times infinity.
            NDArray beside = clip(x, Double.MIN_NORMAL, 1 - 0x1p-53);
            NDArray z = temperature.times(logit(beside)).minus(logits);
            NDArray low = z.lt(0);
            NDArray near = where(low, x, subtract(1, x));
            NDArray sign = where(low, -1.0, 1.0);
            NDArray tail = Density.powerOf(near, temperature.minus(1)).minus(temperature.plus(1).times(log1p(near.unaryMinus())));
            return tail.plus(sign.times(logits)).minus(softplus(where(low, z, z.unaryMinus())).times(2)).plus(log(temperature));
        });
    }

    /// `E f((logits + logistic noise) / temperature)`, in two parts about 0, where the draw changes from near 0 to near 1.
    private NDArray expectation(UnaryOperator<NDArray> f) {
        Logistic inner = new Logistic(logits.div(temperature), reciprocal(temperature));
        return Expectation.below(inner, sigmoid(logits.unaryMinus()), f).plus(Expectation.above(inner, sigmoid(logits), f));
    }

    @Override
    public NDArray mean() {
        return expectation(y -> sigmoid(y));
    }

    @Override
    public NDArray variance() {
        NDArray mean = mean();
        return expectation(y -> square(sigmoid(y).minus(mean)));
    }

    @Override
    public NDArray entropy() {
        // E log σ(z) σ(−z) of the noise is −2; log x (1 − x) of the draw is computed from its log odds.
        return expectation(y -> abs(y).plus(softplus(abs(y).unaryMinus()).times(2))).unaryMinus().minus(log(temperature)).plus(2);
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withinUnit(value, 0, 1, x -> sigmoid(temperature.times(logit(x)).minus(logits)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.withinUnit(value, 1, 0, x -> sigmoid(logits.minus(temperature.times(logit(x)))));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return Density.withinUnit(value, Double.NEGATIVE_INFINITY, 0, x -> logSigmoid(temperature.times(logit(x)).minus(logits)));
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return Density.withinUnit(value, 0, Double.NEGATIVE_INFINITY, x -> logSigmoid(logits.minus(temperature.times(logit(x)))));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return sigmoid(logit(q).plus(logits).div(temperature));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return sigmoid(logits.minus(logit(q)).div(temperature));
    }
}
