package kiln.dist;

import static kiln.array.Np.*;

import java.util.List;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;

/// A distribution that is one of several with given probabilities.
///
/// ```
/// p(x) = Σⱼ wⱼ pⱼ(x)
/// ```
public sealed interface Mixed extends Distribution permits MixtureSameFamily, MixtureGeneral {
    /// {@return the distribution of the index of the component: [Categorical] or [CategoricalLogits]}
    Distribution mixingDistribution();

    /// {@return draws of all components, which stand along a new last axis of the batch}
    NDArray componentSample(PRNGKey key, Shape sampleShape);

    /// {@return a property of all components along a new last axis of the batch: mean, variance or distribution function}
    NDArray componentValues(Function<Distribution, NDArray> property);

    /// {@return a function of a value, density or distribution function, under all components along a new last axis}
    NDArray componentsAt(NDArray value, At f);

    /// A function of a distribution and a value.
    @FunctionalInterface
    interface At {
        /// {@return the function at a value, of shape `sample + batch`}
        NDArray of(Distribution d, NDArray value);
    }

    /// {@return the quantiles of all components, or the values that they exceed with given probabilities}
    ///
    /// @param q probabilities, those of the components along the last axis
    NDArray componentQuantile(NDArray q, boolean above);

    /// {@return the components, or the one distribution whose batch they are}
    List<Distribution> components();

    /// Draws of one continuous number have an implicit derivative if the components have derivatives.
    @Override
    default boolean hasRsample() {
        return eventShape().rank() == 0 && components().stream().allMatch(d -> d.hasRsample() && MixtureEntropy.hasDensity(d));
    }

    /// Of one number by quadrature or by a sum, see [MixtureEntropy]; that of atoms beside a density, or of several numbers, is none.
    @Override
    default NDArray entropy() {
        boolean isOne = eventShape().rank() == 0;
        boolean counts = components().stream().allMatch(d -> d.isDiscrete() && !(d instanceof Masked));
        return isOne && (counts || components().stream().allMatch(MixtureEntropy::hasDensity))
                ? MixtureEntropy.of(this)
                : Distribution.super.entropy();
    }

    private NDArray logWeights() {
        return switch (mixingDistribution()) {
            case Categorical c -> Density.safeLog(c.probs());
            case CategoricalLogits c -> c.logits().minus(expandDims(logsumexp(c.logits(), -1), -1));
            default -> throw new IllegalStateException("checked when the mixture was made");
        };
    }

    /// The weights with an axis for every axis of the event.
    private NDArray weights() {
        return Density.trailing(exp(logWeights()), eventShape().rank());
    }

    @Override
    default NDArray mean() {
        return weights().times(componentValues(Distribution::mean)).sum(-1 - eventShape().rank());
    }

    @Override
    default NDArray variance() {
        NDArray means = componentValues(Distribution::mean);
        NDArray away = means.minus(expandDims(mean(), -1 - eventShape().rank()));
        NDArray spread = componentValues(Distribution::variance).plus(square(away));
        return weights().times(spread).sum(-1 - eventShape().rank());
    }

    /// All components are drawn and one is chosen, as in NumPyro.
    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        return hasRsample() ? Implicit.draws(this, d -> d.chosen(key, sampleShape)) : chosen(key, sampleShape);
    }

    private NDArray chosen(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        NDArray all = componentSample(keys[0], sampleShape);
        NDArray chosen = mixingDistribution().expand(batchShape()).sample(keys[1], sampleShape);
        int axis = -1 - eventShape().rank();
        NDArray at = broadcastTo(
                Density.trailing(chosen, 1 + eventShape().rank()), all.shape().with(all.rank() + axis, 1));
        return squeeze(takeAlongAxis(all, at, axis), axis);
    }

    @Override
    default NDArray logProb(NDArray value) {
        return Density.within(support(), value, x -> {
            NDArray all = logWeights().plus(componentsAt(x, Distribution::logProb));
            // At a pole of a component all derivatives are 0, as no number says how the infinite density goes on.
            NDArray pole = max(all, -1).gt(Double.MAX_VALUE);
            return Density.isAllFalse(pole)
                    ? logsumexp(all, -1)
                    : where(pole, Double.POSITIVE_INFINITY, logsumexp(where(expandDims(pole, -1), 0.0, all), -1));
        });
    }

    /// {@return the logarithm of the mixture of other densities than those of the components}
    ///
    /// @param logDensity of a component at a value
    default NDArray logMixture(NDArray value, At logDensity) {
        return logsumexp(logWeights().plus(componentsAt(value, logDensity)), -1);
    }

    @Override
    default NDArray cdf(NDArray value) {
        return exp(logWeights()).times(componentsAt(value, Distribution::cdf)).sum(-1);
    }

    @Override
    default NDArray sf(NDArray value) {
        return exp(logWeights()).times(componentsAt(value, Distribution::sf)).sum(-1);
    }

    /// Refuses what is not a distribution of an index of the right size.
    ///
    /// @throws IllegalArgumentException if the weights are not those of `size` components
    static void check(Class<?> owner, Distribution mixing, int size) {
        List<Integer> sizes = switch (mixing) {
            case Categorical c -> List.of(c.probs().size(-1));
            case CategoricalLogits c -> List.of(c.logits().size(-1));
            default -> List.of();
        };
        if (!sizes.equals(List.of(size))) {
            throw new IllegalArgumentException(new Diagnosis(
                            owner.getSimpleName(), "the weights do not belong to the components")
                    .expected("a Categorical or CategoricalLogits of " + size + " categories")
                    .got(mixing.getClass().getSimpleName() + (sizes.isEmpty() ? "" : " of " + sizes.getFirst()))
                    .at(UserCode.line())
                    .message());
        }
    }
}
