package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;
import kiln.array.Shape;

/// Squared lengths of vectors in the metric of a covariance matrix, given by its Cholesky factor, and the size of the factor.
final class Quadratic {
    private Quadratic() {}

    /// {@return `|L⁻¹ d|²`}
    ///
    /// One factor for all vectors is solved once, with the vectors as columns.
    ///
    /// @param scaleTril `L`, `[…, n, n]`
    /// @param d         `[…, n]`
    static NDArray form(NDArray scaleTril, NDArray d) {
        return square(solve(scaleTril, d)).sum(-1);
    }

    /// {@return `L⁻¹ d`}
    static NDArray solve(NDArray scaleTril, NDArray d) {
        int n = d.size(-1);
        if (scaleTril.rank() > 2) {
            Shape batch = Shape.broadcast(scaleTril.shape().dropLast(2), d.shape().dropLast(1));
            NDArray factor = broadcastTo(scaleTril, batch.then(scaleTril.shape().last(2)));
            NDArray column = expandDims(broadcastTo(d, batch.then(Shape.of(n))), -1);
            return squeeze(solveTriangular(factor, column, false), -1);
        }
        NDArray columns = d.reshape(Shape.of(d.size() / n, n)).transpose();
        return solveTriangular(scaleTril, columns, false).transpose().reshape(d.shape());
    }

    /// {@return `log det L`, half that of the matrix}
    static NDArray halfLogDet(NDArray scaleTril) {
        return log(diagonal(scaleTril)).sum(-1);
    }
}
