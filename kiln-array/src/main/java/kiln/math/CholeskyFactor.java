package kiln.math;

import java.util.Arrays;

/// The Cholesky factorisation of symmetric positive definite matrices, in blocks of rows of `Lᵀ`.
public final class CholeskyFactor {
    private static final RankUpdate RANK = RankUpdate.best();

    private final int n;
    private final double[][] u;
    private double pivot;

    /// Room for matrices of one size.
    ///
    /// @param n number of rows
    public CholeskyFactor(int n) {
        this.n = n;
        this.u = new double[n][n];
    }

    /// Replaces a matrix by its lower factor `L`, `A = L Lᵀ`; NaN throughout if it is not positive definite.
    ///
    /// Element `(i, j)` of `Lᵀ` is `A[j, i]` minus the products, one fused multiply-add each, in the order of the rows above, and
    /// divided by the root of the pivot.
    ///
    /// @param a holds the matrix from `a0` on, row by row; the lower triangle is read
    /// @return the index of the first pivot that is not positive, −1 if there is none
    public int factor(double[] a, int a0) {
        for (int i0 = 0; i0 < n; i0 += RankUpdate.BLOCK) {
            int i1 = Math.min(n, i0 + RankUpdate.BLOCK);
            for (int i = i0; i < i1; i++) {
                Rows.column(a, a0 + i, n, u[i], i, n);
            }
            // The block starts at its first column: what lies left of the diagonal is computed and never read.
            RANK.run(-1, a, a0 + i0 * n, n, 1, u, i0, i1 - i0, u, 0, i0, i0, n);
            for (int i = i0; i < i1; i++) {
                if (!finish(i, i0)) {
                    Arrays.fill(a, a0, a0 + n * n, Double.NaN);
                    return i;
                }
            }
            for (int i = i0; i < i1; i++) {
                Rows.toColumn(u[i], i, n, a, a0 + i, n);
            }
        }
        for (int j = 0; j < n; j++) {
            Arrays.fill(a, a0 + j * n + j + 1, a0 + j * n + n, 0);
        }
        return -1;
    }

    /// Takes the earlier rows of the block off a row and divides it.
    private boolean finish(int i, int i0) {
        double[] row = u[i];
        int k = i0;
        for (; k + 3 < i; k += 4) {
            PlainRankUpdate.axpy4(
                    row, u[k], u[k + 1], u[k + 2], u[k + 3], -u[k][i], -u[k + 1][i], -u[k + 2][i], -u[k + 3][i], i, n);
        }
        for (; k < i; k++) {
            Rows.axpy(-u[k][i], u[k], row, i, n);
        }
        pivot = row[i];
        if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
            return false;
        }
        double root = Math.sqrt(pivot);
        row[i] = root;
        Rows.divide(row, root, i + 1, n);
        return true;
    }

    /// {@return the pivot at which the last factorisation stopped}
    public double pivot() {
        return pivot;
    }
}
