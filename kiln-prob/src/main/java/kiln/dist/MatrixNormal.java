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

/// Matrix normal distribution: normal entries with one covariance among rows and one among columns.
///
/// ```
/// X = loc + A Z Bᵀ,  A = scaleTrilRow, B = scaleTrilColumn
/// log p(X) = −½ |A⁻¹ (X − loc) B⁻ᵀ|² − p Σᵢ log Aᵢᵢ − n Σᵢ log Bᵢᵢ − n p/2 log 2π
/// ```
///
/// Here the entries of Z are independent and standard normal.
///
/// - **support** real matrices
/// - **shapes** batch = broadcast of the batches, event = `[n, p]`
/// - **moments** mean = loc, varianceᵢⱼ = Uᵢᵢ Vⱼⱼ with U = A Aᵀ, V = B Bᵀ
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param loc             mean, `[…, n, p]`; any finite values
/// @param scaleTrilRow    A, `[…, n, n]`; lower triangular with a positive diagonal
/// @param scaleTrilColumn B, `[…, p, p]`; lower triangular with a positive diagonal
public record MatrixNormal(NDArray loc, NDArray scaleTrilRow, NDArray scaleTrilColumn) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public MatrixNormal {
        loc = Check.in(realMatrix, "loc", loc, MatrixNormal.class);
        scaleTrilRow = Check.in(lowerCholesky, "scaleTrilRow", scaleTrilRow, MatrixNormal.class);
        scaleTrilColumn = Check.in(lowerCholesky, "scaleTrilColumn", scaleTrilColumn, MatrixNormal.class);
        if (!Pytree.isRebuilding()) {
            Check.sizes(
                    MatrixNormal.class,
                    loc.size(-2) == scaleTrilRow.size(-1) && loc.size(-1) == scaleTrilColumn.size(-1),
                    "loc, scaleTrilRow and scaleTrilColumn", "loc […, n, p], scaleTrilRow […, n, n] and scaleTrilColumn […, p, p]",
                    loc.shape(), scaleTrilRow.shape(), scaleTrilColumn.shape());
            Check.broadcasts(
                    MatrixNormal.class,
                    "loc, scaleTrilRow and scaleTrilColumn",
                    loc.shape().dropLast(2), scaleTrilRow.shape().dropLast(2), scaleTrilColumn.shape().dropLast(2));
        }
    }

    @Override
    public Constraint support() {
        return realMatrix;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape().dropLast(2), scaleTrilRow.shape().dropLast(2), scaleTrilColumn.shape().dropLast(2));
    }

    @Override
    public Shape eventShape() {
        return loc.shape().last(2);
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
        NDArray rows = expandDims(square(scaleTrilRow).sum(-1), -1);
        return broadcastTo(rows.times(expandDims(square(scaleTrilColumn).sum(-1), -2)), batchShape().then(eventShape()));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray eps = key.normal(sampleShape.then(batchShape()).then(eventShape()));
        return loc.plus(scaleTrilRow.matmul(eps).matmul(matrixTranspose(scaleTrilColumn)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray d = value.minus(loc);
        Shape batch = Shape.broadcast(d.shape().dropLast(2), batchShape());
        NDArray half = solveTriangular(wide(scaleTrilRow, batch), wide(d, batch), false);
        NDArray z = solveTriangular(wide(scaleTrilColumn, batch), matrixTranspose(half), false);
        return square(z).sum(-1, -2).times(-0.5).minus(logScale().plus(eventShape().size() * Constants.HALF_LOG_2PI));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(logScale().plus(eventShape().size() * (0.5 + Constants.HALF_LOG_2PI)), batchShape());
    }

    /// `p log |L_row| + n log |L_column|`, the logarithm of the determinant of the scale
    private NDArray logScale() {
        return Quadratic.halfLogDet(scaleTrilRow).times(eventShape().dim(1))
                .plus(Quadratic.halfLogDet(scaleTrilColumn).times(eventShape().dim(0)));
    }

    private static NDArray wide(NDArray matrix, Shape batch) {
        return broadcastTo(matrix, batch.then(matrix.shape().last(2)));
    }
}
