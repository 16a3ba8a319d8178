package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Mixture of components of different families.
///
/// ```
/// log p(x) = log Σⱼ wⱼ pⱼ(x)
/// ```
///
/// - **support** as given, or that which all components have
/// - **shapes** batch = broadcast(batches of the components), event = theirs
/// - **moments** mean = Σⱼ wⱼ mⱼ, variance = Σⱼ wⱼ (vⱼ + mⱼ²) − mean². Here m and v are those of the components
/// - **gradient of a draw** implicit, of continuous numbers without atoms; of others that of the component that is drawn, and none in the weights.
///   A quantile at an atom has the derivative of its place alone
///
/// Numerics: the entropy of one number by adaptive quadrature over the quantiles of the components, or by the sum over the counts, to 1e-10; an
/// error says where that is not reached. It has first derivatives. With a component that has atoms beside a density, or is masked, there is none.
///
/// @param mixingDistribution     the weights: [Categorical] or [CategoricalLogits] over k components
/// @param componentDistributions the k components, of equal event shapes
/// @param support                the union of their supports
public record MixtureGeneral(Distribution mixingDistribution, List<Distribution> componentDistributions,
        Constraint support) implements Mixed {
    /// @throws DomainException if some components have a density and others masses
    /// @throws IllegalArgumentException if the weights are not those of the components
    /// @throws ShapeException if the events of the components differ, or the batches do not broadcast
    public MixtureGeneral {
        componentDistributions = List.copyOf(componentDistributions);
        if (!Pytree.isRebuilding()) {
            Mixed.check(MixtureGeneral.class, mixingDistribution, componentDistributions.size());
            Mixed.checkComponents(mixingDistribution, componentDistributions);
        }
    }

    /// Components of one support.
    ///
    /// @throws DomainException if the components have different supports, or some have a density and others masses
    /// @throws IllegalArgumentException if the weights are not those of the components
    /// @throws ShapeException if the events of the components differ, or the batches do not broadcast
    public MixtureGeneral(Distribution mixingDistribution, List<Distribution> componentDistributions) {
        this(mixingDistribution, componentDistributions, Mixed.oneSupport(componentDistributions));
    }

    @Override
    public List<Distribution> components() {
        return componentDistributions;
    }

    @Override
    public boolean isDiscrete() {
        return componentDistributions.getFirst().isDiscrete();
    }

    @Override
    public Shape batchShape() {
        Shape batch = mixingDistribution.batchShape();
        for (Distribution d : componentDistributions) {
            batch = Shape.broadcast(batch, d.batchShape());
        }
        return batch;
    }

    @Override
    public Shape eventShape() {
        return componentDistributions.getFirst().eventShape();
    }

    @Override
    public NDArray componentSample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(componentDistributions.size());
        List<NDArray> draws = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            draws.add(componentDistributions.get(i).expand(batchShape()).sample(keys[i], sampleShape));
        }
        return stack(draws, -1 - eventShape().rank());
    }

    @Override
    public NDArray componentValues(Function<Distribution, NDArray> property) {
        return each(d -> property.apply(d.expand(batchShape())), eventShape().rank());
    }

    @Override
    public NDArray componentsAt(NDArray value, At f) {
        return each(d -> f.of(d, value), 0);
    }

    @Override
    public NDArray componentQuantile(NDArray q, boolean above) {
        List<NDArray> x = new ArrayList<>();
        for (int j = 0; j < componentDistributions.size(); j++) {
            Distribution d = componentDistributions.get(j).expand(batchShape());
            NDArray own = q.get(Index.DOTS, Index.at(j));
            x.add(above ? d.isf(own) : d.icdf(own));
        }
        return stack(x, -1);
    }

    private NDArray each(Function<Distribution, NDArray> f, int behind) {
        List<NDArray> values = componentDistributions.stream().map(f).toList();
        Shape shape = Shape.broadcast(values.stream().map(NDArray::shape).toArray(Shape[]::new));
        return stack(values.stream().map(v -> broadcastTo(v, shape)).toList(), -1 - behind);
    }
}
