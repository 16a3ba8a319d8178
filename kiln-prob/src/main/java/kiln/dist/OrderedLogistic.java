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

/// Ordered logistic regression: the category of a latent logistic variable between increasing cut points.
///
/// ```
/// P(k) = σ(cₖ − predictor) − σ(cₖ₋₁ − predictor),  c = cutpoints, c₋₁ = −∞, c_last = ∞
/// ```
///
/// - **support** 0, 1, …, m
/// - **shapes** batch = broadcast(predictor, cutpoints without its last axis), event = `[]`
/// - **moments** those of the number of the category, by sums over all
/// - **gradient of a draw** none
///
/// Numerics: the difference is computed as a product, `σ(v) − σ(u) = σ(v) σ(−u) (1 − e^(u − v))`, so that categories in the tails keep
/// their digits.
///
/// Source: McCullagh, *Regression models for ordinal data* (1980).
///
/// @param predictor location of the latent variable; any finite value
/// @param cutpoints m cut points, `[…, m]`; strictly increasing
public record OrderedLogistic(NDArray predictor, NDArray cutpoints) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public OrderedLogistic {
        predictor = Check.in(real, "predictor", predictor, OrderedLogistic.class);
        cutpoints = Check.in(orderedVector, "cutpoints", cutpoints, OrderedLogistic.class);
        if (!Pytree.isRebuilding()) {
            Check.broadcasts(OrderedLogistic.class, "predictor and cutpoints", predictor.shape(), cutpoints.shape().dropLast(1));
        }
    }

    /// One predictor for all.
    public OrderedLogistic(Number predictor, NDArray cutpoints) {
        this(NDArray.as(predictor), cutpoints);
    }

    @Override
    public Constraint support() {
        return integerInterval(0, cutpoints.size(-1));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(predictor.shape(), cutpoints.shape().dropLast(1));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return new Categorical(exp(logProbs())).sample(key, sampleShape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> Density.pick(logProbs(), x));
    }

    @Override
    public NDArray entropy() {
        NDArray logP = logProbs();
        return exp(logP).times(logP).sum(-1).unaryMinus();
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.integers(0, cutpoints.size(-1), batchShape(), expand);
    }

    /// {@return the logarithms of the probabilities, `batch + [k + 1]`}
    public NDArray logProbs() {
        NDArray c = cutpoints.minus(expandDims(predictor, -1));
        NDArray below = logSigmoid(c);
        NDArray above = logSigmoid(c.unaryMinus());
        Index first = Index.slice(null, 1);
        Index last = Index.slice(-1, null);
        if (cutpoints.size(-1) == 1) {
            return concatenate(List.of(below, above), -1);
        }
        Index lower = Index.slice(null, -1);
        Index upper = Index.slice(1, null);
        NDArray gap = c.get(Index.DOTS, lower).minus(c.get(Index.DOTS, upper));
        NDArray inner = below.get(Index.DOTS, upper).plus(above.get(Index.DOTS, lower)).plus(log1mexp(gap));
        return concatenate(List.of(below.get(Index.DOTS, first), inner, above.get(Index.DOTS, last)), -1);
    }
}
