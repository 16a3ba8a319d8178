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
        if (scaleTril.rank() > 2) {
            NDArray z = solveTriangular(scaleTril, expandDims(d, -1), false);
            return square(squeeze(z, -1)).sum(-1);
        }
        int n = d.size(-1);
        NDArray columns = d.reshape(Shape.of(d.size() / n, n)).transpose();
        return square(solveTriangular(scaleTril, columns, false)).sum(0).reshape(d.shape().dropLast(1));
    }

    /// {@return `log det L`, half that of the matrix}
    static NDArray halfLogDet(NDArray scaleTril) {
        return log(diagonal(scaleTril)).sum(-1);
    }
}
