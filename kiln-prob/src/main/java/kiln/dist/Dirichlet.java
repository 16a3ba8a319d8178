package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Dirichlet distribution of k probabilities.
///
/// ```
/// log p(x) = Σᵢ (aᵢ − 1) log xᵢ − Σᵢ log Γ(aᵢ) + log Γ(A),  a = concentration, A = Σᵢ aᵢ
/// ```
///
/// - **support** the simplex
/// - **shapes** batch = shape of `concentration` without its last axis, event = `[k]`
/// - **moments** meanᵢ = aᵢ / A, varianceᵢ = meanᵢ (1 − meanᵢ) / (A + 1)
/// - **gradient of a draw** pathwise, through gamma draws with implicit gradients (see [PRNGKey#gamma])
///
/// Source: Kotz, Balakrishnan and Johnson, *Continuous Multivariate Distributions* 1 (2000), ch. 49.
///
/// @param concentration weights, `batch + [k]`, k ≥ 1; > 0
public record Dirichlet(NDArray concentration) implements Distribution {
    /// @throws DomainException if a known weight is not > 0
    /// @throws ShapeException if `concentration` is a scalar
    public Dirichlet {
        concentration = Check.in(independent(positive, 1), "concentration", concentration, Dirichlet.class);
    }

    @Override
    public Constraint support() {
        return simplex;
    }

    @Override
    public Shape batchShape() {
        return concentration.shape().dropLast(1);
    }

    @Override
    public Shape eventShape() {
        return concentration.shape().last(1);
    }

    private NDArray total() {
        return expandDims(concentration.sum(-1), -1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return concentration.div(total());
    }

    @Override
    public NDArray variance() {
        return mean().times(subtract(1, mean())).div(total().plus(1));
    }

    /// Normalised gamma variables, by their logarithms; kept off 0 and 1, where densities may be infinite.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray logs = key.loggamma(concentration, sampleShape.then(batchShape()).then(eventShape()));
        NDArray weights = exp(logs.minus(expandDims(logs.max(-1), -1)));
        NDArray x = weights.div(expandDims(weights.sum(-1), -1));
        return x.dtype() == DType.FLOAT32
                ? clip(x, Float.MIN_NORMAL, 1 - Math.ulp(1f))
                : clip(x, Double.MIN_NORMAL, 1 - Math.ulp(1.0));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x ->
                Density.powerOf(x, concentration.minus(1)).sum(-1).minus(logBeta()));
    }

    @Override
    public NDArray entropy() {
        NDArray sum = concentration.sum(-1);
        NDArray spread = concentration.minus(1).times(digamma(concentration)).sum(-1);
        return logBeta().plus(sum.minus(eventShape().dim(0)).times(digamma(sum))).minus(spread);
    }

    private NDArray logBeta() {
        return lgamma(concentration).sum(-1).minus(lgamma(concentration.sum(-1)));
    }
}
