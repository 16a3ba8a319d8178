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
        return Density.within(support(), value, Saddle.isNeeded(concentration) ? this::peaked : this::plain);
    }

    private NDArray plain(NDArray x) {
        return Density.powerOf(x, concentration.minus(1)).sum(-1).minus(logBeta());
    }

    private NDArray peaked(NDArray x) {
        NDArray end = any(x.eq(0), -1);
        NDArray inside = Density.isAllFalse(end) ? x : where(expandDims(end, -1), 1.0 / x.size(-1), x);
        NDArray logX = log(inside);
        // The derivative by one element is that of the formula, which does not know of their sum.
        NDArray sum = concentration.sum(-1).times(inside.sum(-1).minus(1));
        NDArray density = Saddle.dirichlet(concentration, inside, logX).plus(sum).minus(logX.sum(-1));
        return inside == x ? density : where(end, plain(x), density);
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
