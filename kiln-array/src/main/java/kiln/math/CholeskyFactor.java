package kiln.math;

import java.util.Arrays;

/// The Cholesky factorisation of a symmetric positive definite matrix, row by row with four earlier rows at a time.
public final class CholeskyFactor {
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
    /// Element `(i, j)` of `Lᵀ` is `A[j, i]` minus the products, one fused multiply-add each, in the order of the rows above.
    ///
    /// @param a the matrix row by row, of which the lower triangle is read
    /// @return the index of the first pivot that is not positive, −1 if there is none
    public int factor(double[] a) {
        for (int i = 0; i < n; i++) {
            double[] row = u[i];
            for (int j = i; j < n; j++) {
                row[j] = a[j * n + i];
            }
            int k = 0;
            for (; k + 3 < i; k += 4) {
                subtract4(row, u[k], u[k + 1], u[k + 2], u[k + 3], u[k][i], u[k + 1][i], u[k + 2][i], u[k + 3][i], i, n);
            }
            for (; k < i; k++) {
                Rows.axpy(-u[k][i], u[k], row, i, n);
            }
            pivot = row[i];
            if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
                Arrays.fill(a, Double.NaN);
                return i;
            }
            double root = Math.sqrt(pivot);
            row[i] = root;
            for (int j = i + 1; j < n; j++) {
                row[j] /= root;
            }
        }
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < j; i++) {
                a[j * n + i] = u[i][j];
            }
            a[j * n + j] = u[j][j];
            Arrays.fill(a, j * n + j + 1, j * n + n, 0);
        }
        return -1;
    }

    /// {@return the pivot at which the last factorisation stopped}
    public double pivot() {
        return pivot;
    }

    private static void subtract4(
            double[] y, double[] x0, double[] x1, double[] x2, double[] x3, double c0, double c1, double c2, double c3, int from, int to) {
        for (int j = from; j < to; j++) {
            y[j] = Math.fma(-c3, x3[j], Math.fma(-c2, x2[j], Math.fma(-c1, x1[j], Math.fma(-c0, x0[j], y[j]))));
        }
    }
}
