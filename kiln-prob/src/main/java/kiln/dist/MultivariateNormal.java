package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Multivariate normal distribution with mean `loc` and covariance `L Lᵀ`, `L = scaleTril`.
///
/// ```
/// log p(x) = −½ |L⁻¹ (x − loc)|² − Σᵢ log Lᵢᵢ − n/2 log 2π,  L = scaleTril
/// ```
///
/// - **support** real vectors
/// - **shapes** batch = broadcast(batch of loc, batch of scaleTril), event = `[n]`
/// - **moments** mean = loc, varianceᵢ = Σⱼ Lᵢⱼ²
/// - **gradient of a draw** pathwise, in `loc` and `scaleTril`
///
/// Other parameters: [#covariance] and [#precision].
///
/// @param loc       mean, `[…, n]`; finite
/// @param scaleTril Cholesky factor of the covariance, `[…, n, n]`; lower triangular with a positive diagonal
public record MultivariateNormal(NDArray loc, NDArray scaleTril) implements Distribution {
    /// @throws DomainException if a known `scaleTril` is no Cholesky factor or a known `loc` is not finite
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public MultivariateNormal {
        loc = Check.in(realVector, "loc", loc, MultivariateNormal.class);
        if (!Pytree.isRebuilding()) {
            refuseSizes("scaleTril", loc, scaleTril);
        }
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, MultivariateNormal.class);
    }

    /// {@return the distribution with a given covariance matrix}
    ///
    /// @param loc              mean, `[…, n]`
    /// @param covarianceMatrix `[…, n, n]`; symmetric and positive definite
    /// @throws DomainException if a known covariance is not
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public static MultivariateNormal covariance(NDArray loc, NDArray covarianceMatrix) {
        refuseSizes("covarianceMatrix", loc, covarianceMatrix);
        return new MultivariateNormal(
                loc, cholesky(Check.in(positiveDefinite, "covarianceMatrix", covarianceMatrix, MultivariateNormal.class)));
    }

    /// {@return the distribution with a given precision matrix, the inverse of the covariance}
    ///
    /// @param loc             mean, `[…, n]`
    /// @param precisionMatrix `[…, n, n]`; symmetric and positive definite
    /// @throws DomainException if a known precision is not
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public static MultivariateNormal precision(NDArray loc, NDArray precisionMatrix) {
        refuseSizes("precisionMatrix", loc, precisionMatrix);
        NDArray p = Check.in(positiveDefinite, "precisionMatrix", precisionMatrix, MultivariateNormal.class);
        // P = Uᵀ U with upper triangular U from the factor of the reversed matrix; then L = U⁻¹ read from below: L Lᵀ = P⁻¹.
        NDArray lower = matrixTranspose(flip(cholesky(flip(p, -1, -2)), -1, -2));
        return new MultivariateNormal(loc, solveTriangular(lower, eye(p.size(-1)).astype(p.dtype()), false));
    }

    private static void refuseSizes(String name, NDArray loc, NDArray matrix) {
        boolean fits = loc.rank() >= 1
                && matrix.rank() >= 2
                && matrix.size(-1) == matrix.size(-2)
                && matrix.size(-1) == loc.size(-1);
        if (!fits) {
            throw new ShapeException(new Diagnosis("MultivariateNormal", "loc and " + name + " do not have matching sizes")
                    .expected("loc […, n] and " + name + " […, n, n]")
                    .got(loc.shape() + " and " + matrix.shape())
                    .at(UserCode.line()));
        }
        Check.broadcasts(
                MultivariateNormal.class, "loc and " + name, loc.shape().dropLast(1), matrix.shape().dropLast(2));
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape().dropLast(1), scaleTril.shape().dropLast(2));
    }

    @Override
    public Shape eventShape() {
        return loc.shape().last(1);
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
        return broadcastTo(square(scaleTril).sum(-1), batchShape().then(eventShape()));
    }

    /// {@return the covariance matrix `L Lᵀ`}
    public NDArray covarianceMatrix() {
        return scaleTril.matmul(matrixTranspose(scaleTril));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray eps = key.normal(sampleShape.then(batchShape()).then(eventShape()));
        return loc.plus(squeeze(scaleTril.matmul(expandDims(eps, -1)), -1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        NDArray normalizer = Quadratic.halfLogDet(scaleTril).plus(eventShape().dim(0) * Constants.HALF_LOG_2PI);
        return Quadratic.form(scaleTril, value.minus(loc)).times(-0.5).minus(normalizer);
    }

    @Override
    public NDArray entropy() {
        int n = eventShape().dim(0);
        return broadcastTo(Quadratic.halfLogDet(scaleTril).plus(n * (0.5 + Constants.HALF_LOG_2PI)), batchShape());
    }
}
