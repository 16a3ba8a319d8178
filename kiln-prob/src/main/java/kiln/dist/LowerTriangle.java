package kiln.dist;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// Lower triangular matrices from vectors of their elements, row by row, diagonal included.
///
/// @param n size of the matrix
record LowerTriangle(int n) {
    /// {@return the matrices, `[…, n, n]`}
    ///
    /// @param elements `[…, n (n + 1) / 2]`
    NDArray fill(NDArray elements) {
        long[] at = new long[n * n];
        boolean[] inside = new boolean[n * n];
        for (int i = 0, next = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                at[i * n + j] = next++;
                inside[i * n + j] = true;
            }
        }
        Shape square = Shape.of(n, n);
        NDArray spread = Np.take(elements, NDArray.of(at), -1).reshape(elements.shape().dropLast(1).then(square));
        return Np.where(NDArray.of(inside).reshape(square), spread, 0.0);
    }

    /// {@return the column of each element, from 0}
    NDArray columns() {
        double[] columns = new double[n * (n + 1) / 2];
        for (int i = 0, next = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                columns[next++] = j;
            }
        }
        return NDArray.of(columns);
    }

    /// {@return the padding that puts a matrix in the lower left corner of one that is one row and column larger}
    static int[][] corner(int rank) {
        int[][] widths = new int[rank][2];
        widths[rank - 2][0] = 1;
        widths[rank - 1][1] = 1;
        return widths;
    }
}
