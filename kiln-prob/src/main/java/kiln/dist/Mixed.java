package kiln.dist;

import static kiln.array.Np.*;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.GreaterThanEq;
import kiln.dist.constraint.Nonnegative;

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
        Check.value(this, value);
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
        Check.value(this, value);
        return exp(logWeights()).times(componentsAt(value, Distribution::cdf)).sum(-1);
    }

    @Override
    default NDArray sf(NDArray value) {
        Check.value(this, value);
        return exp(logWeights()).times(componentsAt(value, Distribution::sf)).sum(-1);
    }

    /// Refuses components of one family without an axis to stand along.
    static void checkBatch(Distribution components) {
        if (components.batchShape().rank() == 0) {
            throw new ShapeException(new Diagnosis("MixtureSameFamily", "the components need a batch axis to stand along")
                    .expected("a batch […, k] of k components")
                    .got(Check.named(components))
                    .at(UserCode.line())
                    .fix("give the parameters one value for each component, or list different families: new MixtureGeneral(mixing, List.of(a, b))."));
        }
    }

    /// Refuses components whose shapes do not fit together, or of which some have densities and others masses; a point mass goes with both.
    static void checkComponents(Distribution mixing, List<Distribution> components) {
        checkEvents(components);
        Check.broadcasts(
                MixtureGeneral.class,
                "mixingDistribution and componentDistributions",
                Stream.concat(Stream.of(mixing), components.stream()).map(Distribution::batchShape).toArray(Shape[]::new));
        List<Distribution> spread = components.stream().filter(d -> !(d instanceof Delta)).toList();
        if (spread.stream().anyMatch(Distribution::isDiscrete) && !spread.stream().allMatch(Distribution::isDiscrete)) {
            throw new DomainException(new Diagnosis("MixtureGeneral", "componentDistributions must all have densities, or all have masses")
                    .got(components.stream().map(d -> d.getClass().getSimpleName() + (d.isDiscrete() ? " (counts)" : " (density)")).toList().toString())
                    .at(UserCode.line())
                    .fix("draw the kind of a value as a site of its own, or put new Delta(value) in the place of a mass at one value."));
        }
    }

    private static void checkEvents(List<Distribution> components) {
        Shape event = components.getFirst().eventShape();
        Check.sizes(
                MixtureGeneral.class,
                components.stream().allMatch(d -> d.eventShape().equals(event)),
                "the events of componentDistributions",
                "components of one event shape",
                components.stream().map(Distribution::eventShape).toArray(Shape[]::new));
    }

    /// {@return the support that all components have; with its lower end, where a component has a mass, if one of them has}
    ///
    /// @throws DomainException if they are known to differ
    static Constraint oneSupport(List<Distribution> components) {
        checkEvents(components);
        List<Constraint> supports = components.stream().map(Distribution::support).toList();
        Constraint first = supports.getFirst();
        if (!supports.stream().allMatch(s -> isLike(first, s))) {
            throw new DomainException(new Diagnosis("MixtureGeneral", "componentDistributions do not have one support")
                    .got(components.stream().map(c -> c.getClass().getSimpleName() + ": " + c.support().description()).toList().toString())
                    .at(UserCode.line())
                    .fix("give the union of the supports: new MixtureGeneral(mixing, components, Constraints.real)."));
        }
        return supports.stream().filter(s -> s instanceof Nonnegative || s instanceof GreaterThanEq).findFirst().orElse(first);
    }

    /// Sets of numbers are compared by their ends, as far as those are known, others by their kind.
    private static boolean isLike(Constraint a, Constraint b) {
        return a.eventDim() > 0
                ? a.getClass().equals(b.getClass())
                : a.isDiscrete() == b.isDiscrete()
                        && !differ(QuantileSearch.lower(a), QuantileSearch.lower(b))
                        && !differ(QuantileSearch.upper(a), QuantileSearch.upper(b));
    }

    private static boolean differ(NDArray a, NDArray b) {
        return a.ne(b) instanceof Dense d && any(d).isTrue();
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
