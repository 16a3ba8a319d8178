package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Variables with a given marginal distribution, coupled by the correlations of a normal vector.
///
/// ```
/// log p(x) = log N(z; 0, R) + Σᵢ (log pᵢ(xᵢ) − log N(zᵢ; 0, 1)),  zᵢ = Φ⁻¹(Fᵢ(xᵢ)), R = L Lᵀ, L = correlationCholesky
/// ```
///
/// Here pᵢ and Fᵢ are density and distribution function of the i-th marginal.
///
/// - **support** vectors of values of the marginal distribution
/// - **shapes** batch = broadcast(batch of the marginal without its last axis, batch of L), event = `[n]`
/// - **moments** those of the marginal
/// - **gradient of a draw** through the quantile of the marginal
///
/// Source: Song, *Multivariate dispersion models generated from Gaussian copula* (2000).
///
/// @param marginalDist        a univariate distribution; the last axis of its batch, if any, is that of the vector
/// @param correlationCholesky L, `[…, n, n]`; Cholesky factor of a correlation matrix
public record GaussianCopula(Distribution marginalDist, NDArray correlationCholesky) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public GaussianCopula {
        correlationCholesky = Check.in(corrCholesky, "correlationCholesky", correlationCholesky, GaussianCopula.class);
        if (!Pytree.isRebuilding()) {
            Shape batch = marginalDist.batchShape();
            Shape matrix = correlationCholesky.shape();
            Check.sizes(
                    GaussianCopula.class,
                    marginalDist.eventShape().rank() == 0
                            && (batch.rank() == 0 || batch.dim(-1) == 1 || batch.dim(-1) == matrix.dim(-1)),
                    "marginalDist and correlationCholesky",
                    "marginalDist with batch [] or […, n], of numbers, and correlationCholesky […, n, n]",
                    batch.then(marginalDist.eventShape()), matrix);
            Check.broadcasts(
                    GaussianCopula.class,
                    "marginalDist and correlationCholesky",
                    batch.dropLast(Math.min(1, batch.rank())), matrix.dropLast(2));
        }
    }

    /// {@return the distribution with a given correlation matrix}
    ///
    /// @param marginalDist      a univariate distribution
    /// @param correlationMatrix `[…, n, n]`; symmetric, positive definite, ones on the diagonal
    public static GaussianCopula correlation(Distribution marginalDist, NDArray correlationMatrix) {
        NDArray r = Check.in(corrMatrix, "correlationMatrix", correlationMatrix, GaussianCopula.class);
        return new GaussianCopula(marginalDist, cholesky(r));
    }

    @Override
    public Constraint support() {
        return independent(marginalDist.support(), 1);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(marginalBatch(), correlationCholesky.shape().dropLast(2));
    }

    @Override
    public Shape eventShape() {
        return correlationCholesky.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return marginalDist.hasRsample() && !marginalDist.isDiscrete();
    }

    @Override
    public NDArray mean() {
        return broadcastTo(marginalDist.mean(), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return broadcastTo(marginalDist.variance(), batchShape().then(eventShape()));
    }

    /// Those of the marginals, and `½ log det R`.
    @Override
    public NDArray entropy() {
        NDArray own = broadcastTo(marginalDist.entropy(), batchShape().then(eventShape())).sum(-1);
        return own.plus(Quadratic.halfLogDet(correlationCholesky));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray eps = key.normal(sampleShape.then(batchShape()).then(eventShape()));
        NDArray z = squeeze(correlationCholesky.matmul(expandDims(eps, -1)), -1);
        NDArray low = marginalDist.icdf(ndtr(minimum(z, 0.0)));
        return where(z.lt(0), low, marginalDist.isf(ndtr(Density.fromZero(z).unaryMinus())));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray below = marginalDist.cdf(x);
            NDArray low = below.lt(0.5);
            // A probability that underflows would give ∞, and the form the difference of two of them.
            NDArray tail = maximum(where(low, below, marginalDist.sf(x)), Double.MIN_NORMAL);
            NDArray z = ndtri(tail).times(where(low, 1.0, -1.0));
            NDArray coupled = Quadratic.form(correlationCholesky, z).minus(square(z).sum(-1)).times(0.5);
            return marginalDist.logProb(x).sum(-1).minus(coupled).minus(Quadratic.halfLogDet(correlationCholesky));
        });
    }

    private Shape marginalBatch() {
        Shape batch = marginalDist.batchShape();
        return batch.rank() == 0 ? batch : batch.dropLast(1);
    }
}
