package kiln.bench.kernel;

import java.util.Arrays;

/// Inverse and determinant of a symmetric positive definite matrix in plain Java, in the shape that HotSpot vectorises best.
///
/// Every row is an array of its own and every inner loop adds four multiples of rows to a row with one index: four pivots are
/// taken at a time, so that a row of the rest is loaded and stored once for four.
///
/// ```
/// C = Uᵀ U,   W = U⁻ᵀ,   C⁻¹ = Wᵀ W
/// ```
final class SymmetricInverse {
    private final int n;
    private final double[][] u;
    private final double[][] w;
    private final double[][] inverse;

    /// @param n size of the matrices; a multiple of four
    SymmetricInverse(int n) {
        if (n % 4 != 0) {
            throw new IllegalArgumentException("the size is no multiple of four: " + n);
        }
        this.n = n;
        u = new double[n][n];
        w = new double[n][n];
        inverse = new double[n][n];
    }

    /// {@return where the upper triangle of `C` is put; replaced by `U`}
    double[][] matrix() {
        return u;
    }

    /// {@return `C⁻¹`, the lower triangle}
    double[][] inverse() {
        return inverse;
    }

    /// Computes the inverse.
    ///
    /// @return the logarithm of the determinant of `C`
    double invert() {
        for (int k = 0; k < n; k += 4) {
            pivots(k);
            for (int i = k + 4; i < n; i++) {
                subtract(u[i], u[k], u[k + 1], u[k + 2], u[k + 3], u[k][i], u[k + 1][i], u[k + 2][i], u[k + 3][i], i, n);
            }
        }
        double logDeterminant = 0;
        for (int i = 0; i < n; i++) {
            logDeterminant += 2 * Math.log(u[i][i]);
        }
        for (int i = 0; i < n; i++) {
            solve(i);
        }
        for (int i = 0; i < n; i++) {
            multiply(i);
        }
        return logDeterminant;
    }

    /// Factors four rows whose earlier pivots are done.
    private void pivots(int from) {
        for (int k = from; k < from + 4; k++) {
            double[] row = u[k];
            for (int p = from; p < k; p++) {
                subtract(row, u[p], u[p][k], k, n);
            }
            scale(row, 1 / Math.sqrt(row[k]), k, n);
        }
    }

    /// Row `i` of `W`: that of the identity less the earlier rows, by the pivot.
    private void solve(int i) {
        double[] row = w[i];
        Arrays.fill(row, 0, i + 1, 0);
        row[i] = 1;
        int whole = i & -4;
        for (int k = 0; k < whole; k += 4) {
            // Row k + 3 is the longest of the four; beyond their own length they hold zeros.
            subtract(row, w[k], w[k + 1], w[k + 2], w[k + 3], u[k][i], u[k + 1][i], u[k + 2][i], u[k + 3][i], 0, k + 4);
        }
        for (int k = whole; k < i; k++) {
            subtract(row, w[k], u[k][i], 0, k + 1);
        }
        scale(row, 1 / u[i][i], 0, i + 1);
    }

    /// Row `i` of the lower triangle of `Wᵀ W`.
    private void multiply(int i) {
        double[] row = inverse[i];
        Arrays.fill(row, 0, i + 1, 0);
        int k = i;
        for (; k % 4 != 0; k++) {
            subtract(row, w[k], -w[k][i], 0, i + 1);
        }
        for (; k < n; k += 4) {
            subtract(row, w[k], w[k + 1], w[k + 2], w[k + 3], -w[k][i], -w[k + 1][i], -w[k + 2][i], -w[k + 3][i], 0, i + 1);
        }
    }

    private static void subtract(double[] row, double[] a, double[] b, double[] c, double[] d,
            double fa, double fb, double fc, double fd, int from, int to) {
        for (int j = from; j < to; j++) {
            row[j] = row[j] - fa * a[j] - fb * b[j] - fc * c[j] - fd * d[j];
        }
    }

    private static void subtract(double[] row, double[] a, double factor, int from, int to) {
        for (int j = from; j < to; j++) {
            row[j] -= factor * a[j];
        }
    }

    private static void scale(double[] row, double factor, int from, int to) {
        for (int j = from; j < to; j++) {
            row[j] *= factor;
        }
    }
}
