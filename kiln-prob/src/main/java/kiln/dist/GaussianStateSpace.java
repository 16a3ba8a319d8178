package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Linear Gaussian state space model without observations: `zₜ = A zₜ₋₁ + εₜ`, `ε ~ N(0, L Lᵀ)`.
///
/// ```
/// log p(z) = Σₜ log N(zₜ − A zₜ₋₁; 0, L Lᵀ),  A = transitionMatrix, L = scaleTril, z₀ = initialValue
/// ```
///
/// - **support** real matrices
/// - **shapes** batch = broadcast of the batches, event = `[numSteps, d]`
/// - **moments** by the recursions of mean and covariance
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param numSteps         how many steps; ≥ 1
/// @param transitionMatrix A, `[…, d, d]`; any finite values
/// @param scaleTril        L, `[…, d, d]`; lower triangular with a positive diagonal
/// @param initialValue     z₀, `[…, d]`; any finite values; not part of the value
public record GaussianStateSpace(int numSteps, NDArray transitionMatrix, NDArray scaleTril, NDArray initialValue) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public GaussianStateSpace {
        transitionMatrix = Check.in(realMatrix, "transitionMatrix", transitionMatrix, GaussianStateSpace.class);
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, GaussianStateSpace.class);
        initialValue = Check.in(realVector, "initialValue", initialValue, GaussianStateSpace.class);
        if (!Pytree.isRebuilding()) {
            int d = scaleTril.size(-1);
            Check.sizes(
                    GaussianStateSpace.class,
                    transitionMatrix.size(-1) == d && transitionMatrix.size(-2) == d && initialValue.size(-1) == d,
                    "transitionMatrix, scaleTril and initialValue",
                    "transitionMatrix […, d, d], scaleTril […, d, d] and initialValue […, d]",
                    transitionMatrix.shape(), scaleTril.shape(), initialValue.shape());
            Check.broadcasts(
                    GaussianStateSpace.class,
                    "transitionMatrix, scaleTril and initialValue",
                    transitionMatrix.shape().dropLast(2), scaleTril.shape().dropLast(2), initialValue.shape().dropLast(1));
        }
    }

    /// Starts at 0.
    public GaussianStateSpace(int numSteps, NDArray transitionMatrix, NDArray scaleTril) {
        this(numSteps, transitionMatrix, scaleTril, zeros(scaleTril.size(-1)));
    }

    /// {@return the model with a given covariance matrix of the noise}
    public static GaussianStateSpace covariance(int numSteps, NDArray transitionMatrix, NDArray covarianceMatrix) {
        NDArray zero = zeros(covarianceMatrix.size(-1));
        return new GaussianStateSpace(numSteps, transitionMatrix, MultivariateNormal.covariance(zero, covarianceMatrix).scaleTril());
    }

    /// {@return the model with a given precision matrix of the noise}
    public static GaussianStateSpace precision(int numSteps, NDArray transitionMatrix, NDArray precisionMatrix) {
        NDArray zero = zeros(precisionMatrix.size(-1));
        return new GaussianStateSpace(numSteps, transitionMatrix, MultivariateNormal.precision(zero, precisionMatrix).scaleTril());
    }

    /// {@return the same model from another start}
    public GaussianStateSpace from(NDArray value) {
        return new GaussianStateSpace(numSteps, transitionMatrix, scaleTril, value);
    }

    @Override
    public Constraint support() {
        return realMatrix;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(transitionMatrix.shape().dropLast(2), scaleTril.shape().dropLast(2), initialValue.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return Shape.of(numSteps, scaleTril.size(-1));
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return run(full(batchShape().then(eventShape()), 0));
    }

    @Override
    public NDArray variance() {
        NDArray noise = scaleTril.matmul(matrixTranspose(scaleTril));
        NDArray covariance = noise;
        List<NDArray> rows = new ArrayList<>();
        for (int t = 0; t < numSteps; t++) {
            rows.add(broadcastTo(diagonal(covariance), batchShape().then(eventShape().last(1))));
            covariance = transitionMatrix.matmul(covariance).matmul(matrixTranspose(transitionMatrix)).plus(noise);
        }
        return stack(rows, -2);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray eps = key.normal(sampleShape.then(batchShape()).then(eventShape()));
        NDArray factor = expandDims(scaleTril, -3);
        return run(squeeze(factor.matmul(expandDims(eps, -1)), -1));
    }

    @Override
    public NDArray entropy() {
        NDArray each = Quadratic.halfLogDet(scaleTril).plus(scaleTril.size(-1) * (0.5 + Constants.HALF_LOG_2PI));
        return broadcastTo(each.times(numSteps), batchShape());
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray before = value.get(Index.DOTS, Index.slice(null, -1), Index.ALL);
        Shape rows = value.shape().dropLast(2).then(Shape.of(1, value.size(-1)));
        NDArray start = broadcastTo(expandDims(initialValue, -2),
                Shape.broadcast(rows, initialValue.shape().dropLast(1).then(Shape.of(1, value.size(-1)))));
        Shape lead = start.shape().dropLast(2);
        NDArray shifted = numSteps == 1 ? start : concatenate(List.of(start, broadcastTo(before, lead.then(before.shape().last(2)))), -2);
        NDArray eps = value.minus(step(shifted));
        NDArray factor = scaleTril.rank() == 2 ? scaleTril : expandDims(scaleTril, -3);
        NDArray norm = Quadratic.halfLogDet(scaleTril).plus(value.size(-1) * Constants.HALF_LOG_2PI).times(numSteps);
        return Quadratic.form(factor, eps).sum(-1).times(-0.5).minus(norm);
    }

    /// `A z` for every row.
    private NDArray step(NDArray rows) {
        return rows.matmul(matrixTranspose(transitionMatrix));
    }

    private NDArray run(NDArray noise) {
        NDArray z = expandDims(initialValue, -2);
        List<NDArray> rows = new ArrayList<>();
        for (int t = 0; t < numSteps; t++) {
            z = step(z).plus(noise.get(Index.DOTS, Index.slice(t, t + 1), Index.ALL));
            rows.add(z);
        }
        return numSteps == 1 ? z : concatenate(rows, -2);
    }
}
