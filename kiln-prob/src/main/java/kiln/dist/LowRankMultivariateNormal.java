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

/// Multivariate normal distribution whose covariance is of low rank plus a diagonal, `W Wᵀ + diag(d)`.
///
/// ```
/// log p(x) = −½ (x − loc)ᵀ S⁻¹ (x − loc) − ½ log det S − n/2 log 2π,  S = W Wᵀ + diag(d), W = covFactor, d = covDiag
/// ```
///
/// - **support** real vectors
/// - **shapes** batch = broadcast of the batches, event = `[n]`
/// - **moments** mean = loc, varianceᵢ = Sᵢᵢ
/// - **gradient of a draw** pathwise, in all parameters
///
/// Numerics: by the matrices of size r that Woodbury’s identity and the determinant lemma leave; the cost is O(n r²).
///
/// @param loc       mean, `[…, n]`; any finite values
/// @param covFactor W, `[…, n, r]`; any finite values
/// @param covDiag   d, `[…, n]`; > 0
public record LowRankMultivariateNormal(NDArray loc, NDArray covFactor, NDArray covDiag) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public LowRankMultivariateNormal {
        loc = Check.in(realVector, "loc", loc, LowRankMultivariateNormal.class);
        covFactor = Check.in(realMatrix, "covFactor", covFactor, LowRankMultivariateNormal.class);
        covDiag = Check.in(independent(positive, 1), "covDiag", covDiag, LowRankMultivariateNormal.class);
        if (!Pytree.isRebuilding()) {
            int n = covFactor.size(-2);
            Check.sizes(
                    LowRankMultivariateNormal.class,
                    loc.size(-1) == n && covDiag.size(-1) == n,
                    "loc, covFactor and covDiag", "loc […, n], covFactor […, n, r] and covDiag […, n]",
                    loc.shape(), covFactor.shape(), covDiag.shape());
            Check.broadcasts(
                    LowRankMultivariateNormal.class,
                    "loc, covFactor and covDiag",
                    loc.shape().dropLast(1), covFactor.shape().dropLast(2), covDiag.shape().dropLast(1));
        }
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape().dropLast(1), covFactor.shape().dropLast(2), covDiag.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return covDiag.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(covFactor).sum(-1).plus(covDiag), batchShape().then(eventShape()));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        Shape shape = sampleShape.then(batchShape());
        NDArray factors = keys[0].normal(shape.then(covFactor.shape().last(1)));
        NDArray noise = keys[1].normal(shape.then(eventShape())).times(sqrt(covDiag));
        return loc.plus(squeeze(covFactor.matmul(expandDims(factors, -1)), -1)).plus(noise);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray d = value.minus(loc);
        NDArray whole = square(d).div(covDiag).sum(-1);
        NDArray projected = matrixTranspose(scaled()).matmul(expandDims(d, -1));
        NDArray factor = capacity();
        Shape batch = Shape.broadcast(projected.shape().dropLast(2), factor.shape().dropLast(2));
        NDArray z = solveTriangular(
                broadcastTo(factor, batch.then(factor.shape().last(2))), broadcastTo(projected, batch.then(projected.shape().last(2))),
                        false);
        NDArray explained = square(squeeze(z, -1)).sum(-1);
        return whole.minus(explained).times(-0.5).minus(halfLogDet().plus(eventShape().dim(0) * Constants.HALF_LOG_2PI));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(halfLogDet().plus(eventShape().dim(0) * (0.5 + Constants.HALF_LOG_2PI)), batchShape());
    }

    /// `diag(d)⁻¹ W`
    private NDArray scaled() {
        return covFactor.div(expandDims(covDiag, -1));
    }

    /// The Cholesky factor of the capacitance matrix `I + Wᵀ diag(d)⁻¹ W`.
    private NDArray capacity() {
        return cholesky(matrixTranspose(covFactor).matmul(scaled()).plus(eye(covFactor.size(-1))));
    }

    private NDArray halfLogDet() {
        return Quadratic.halfLogDet(capacity()).plus(log(covDiag).sum(-1).times(0.5));
    }
}
