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
/// @param loc       mean, `[…, n]`; finite; a number, or a last axis of size 1, stands for all n
/// @param scaleTril Cholesky factor of the covariance, `[…, n, n]`; lower triangular with a positive diagonal
public record MultivariateNormal(NDArray loc, NDArray scaleTril) implements Distribution {
    /// @throws DomainException if a known `scaleTril` is no Cholesky factor or a known `loc` is not finite
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public MultivariateNormal {
        loc = Check.in(realVector, "loc", fitting("scaleTril", loc, scaleTril), MultivariateNormal.class);
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, MultivariateNormal.class);
    }

    /// The same mean for all elements.
    public MultivariateNormal(Number loc, NDArray scaleTril) {
        this(NDArray.as(loc), scaleTril);
    }

    /// {@return the distribution with a given covariance matrix}
    ///
    /// @param loc              mean, `[…, n]`, or a number
    /// @param covarianceMatrix `[…, n, n]`; symmetric and positive definite
    /// @throws DomainException if a known covariance is not
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public static MultivariateNormal covariance(NDArray loc, NDArray covarianceMatrix) {
        NDArray mean = fitting("covarianceMatrix", loc, covarianceMatrix);
        return new MultivariateNormal(
                mean, cholesky(Check.in(positiveDefinite, "covarianceMatrix", covarianceMatrix, MultivariateNormal.class)));
    }

    /// {@return the distribution with a given covariance matrix and the same mean for all elements}
    public static MultivariateNormal covariance(Number loc, NDArray covarianceMatrix) {
        return covariance(NDArray.as(loc), covarianceMatrix);
    }

    /// {@return the distribution with a given precision matrix, the inverse of the covariance}
    ///
    /// @param loc             mean, `[…, n]`, or a number
    /// @param precisionMatrix `[…, n, n]`; symmetric and positive definite
    /// @throws DomainException if a known precision is not
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public static MultivariateNormal precision(NDArray loc, NDArray precisionMatrix) {
        NDArray mean = fitting("precisionMatrix", loc, precisionMatrix);
        NDArray p = Check.in(positiveDefinite, "precisionMatrix", precisionMatrix, MultivariateNormal.class);
        // P = Uᵀ U with upper triangular U from the factor of the reversed matrix; then L = U⁻¹ read from below: L Lᵀ = P⁻¹.
        NDArray lower = matrixTranspose(flip(cholesky(flip(p, -1, -2)), -1, -2));
        return new MultivariateNormal(mean, solveTriangular(lower, eye(p.size(-1)).astype(p.dtype()), false));
    }

    /// {@return the precision parametrisation with the same mean for all elements}
    public static MultivariateNormal precision(Number loc, NDArray precisionMatrix) {
        return precision(NDArray.as(loc), precisionMatrix);
    }

    /// {@return the mean for a matrix that is named, with an axis of its size}
    private static NDArray fitting(String name, NDArray loc, NDArray matrix) {
        NDArray mean = Check.location(MultivariateNormal.class, loc, name, matrix);
        if (!Pytree.isRebuilding()) {
            Check.broadcasts(MultivariateNormal.class, "loc and " + name, mean.shape().dropLast(1), matrix.shape().dropLast(2));
        }
        return mean;
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
        Check.value(this, value);
        NDArray normalizer = Quadratic.halfLogDet(scaleTril).plus(eventShape().dim(0) * Constants.HALF_LOG_2PI);
        return Quadratic.form(scaleTril, value.minus(loc)).times(-0.5).minus(normalizer);
    }

    @Override
    public NDArray entropy() {
        int n = eventShape().dim(0);
        return broadcastTo(Quadratic.halfLogDet(scaleTril).plus(n * (0.5 + Constants.HALF_LOG_2PI)), batchShape());
    }
}
