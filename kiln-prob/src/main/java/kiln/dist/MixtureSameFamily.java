package kiln.dist;

import static kiln.array.Np.*;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Mixture of components of one family, which stand along the last axis of its batch.
///
/// ```
/// log p(x) = log Σⱼ wⱼ pⱼ(x)
/// ```
///
/// - **support** that of the components
/// - **shapes** batch = batch of the components without its last axis, event = theirs
/// - **moments** mean = Σⱼ wⱼ mⱼ, variance = Σⱼ wⱼ (vⱼ + mⱼ²) − mean². Here m and v are those of the components
/// - **gradient of a draw** implicit, of continuous numbers without atoms; of others that of the component that is drawn, and none in the weights.
///   A quantile at an atom has the derivative of its place alone
///
/// Numerics: the entropy of one number by adaptive quadrature over the quantiles of the components, or by the sum over the counts, to 1e-10; an
/// error says where that is not reached. It has first derivatives. With a component that has atoms beside a density, or is masked, there is none.
///
/// @param mixingDistribution    the weights: [Categorical] or [CategoricalLogits] over k components
/// @param componentDistribution the components, k along the last axis of the batch; their support must not depend on them
public record MixtureSameFamily(Distribution mixingDistribution, Distribution componentDistribution) implements Mixed {
    /// @throws IllegalArgumentException if the weights are not those of the components
    /// @throws ShapeException if the components have no batch axis, or their batch does not broadcast with that of the weights
    public MixtureSameFamily {
        if (!Pytree.isRebuilding()) {
            Mixed.checkBatch(componentDistribution);
            Mixed.check(MixtureSameFamily.class, mixingDistribution, componentDistribution.batchShape().dim(-1));
            Check.broadcasts(
                    MixtureSameFamily.class,
                    "mixingDistribution and componentDistribution (without its last axis)",
                    mixingDistribution.batchShape(), componentDistribution.batchShape().dropLast(1));
        }
    }

    @Override
    public Constraint support() {
        return componentDistribution.support();
    }

    @Override
    public List<Distribution> components() {
        return List.of(componentDistribution);
    }

    @Override
    public boolean isDiscrete() {
        return componentDistribution.isDiscrete();
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(componentDistribution.batchShape().dropLast(1), mixingDistribution.batchShape());
    }

    @Override
    public Shape eventShape() {
        return componentDistribution.eventShape();
    }

    private NDArray spread(NDArray value) {
        return expandDims(value, -1 - eventShape().rank());
    }

    @Override
    public NDArray componentSample(PRNGKey key, Shape sampleShape) {
        Shape each = batchShape().then(componentDistribution.batchShape().last(1));
        return componentDistribution.expand(each).sample(key, sampleShape);
    }

    @Override
    public NDArray componentValues(Function<Distribution, NDArray> property) {
        return property.apply(componentDistribution);
    }

    @Override
    public NDArray componentsAt(NDArray value, At f) {
        return f.of(componentDistribution, spread(value));
    }

    @Override
    public NDArray componentQuantile(NDArray q, boolean above) {
        return above ? componentDistribution.isf(q) : componentDistribution.icdf(q);
    }
}
