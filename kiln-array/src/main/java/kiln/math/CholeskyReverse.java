package kiln.math;

import java.util.Arrays;

/// The reverse derivative of the Cholesky factorisation, at the cost of two factorisations.
///
/// The steps of the factorisation are run backwards (Smith 1995, *Differentiation of the Cholesky algorithm*; Murray 2016, section 5).
/// With `U = Lᵀ` and the symmetric `S = Ā + Āᵀ` of the cotangent `Ā` of the lower triangle, row `k` is
///
/// ```
/// S[k, j] = (L̄[j, k] − Σ_{i > k} U[k, i] S[i, j]) / U[k, k]      j > k
/// S[k, k] = (L̄[k, k] − Σ_{j > k} S[k, j] U[k, j]) / U[k, k]
/// ```
///
/// so that all but `n²` of the work is one symmetric matrix times rows, in blocks from below.
public final class CholeskyReverse {
    private static final RankUpdate RANK = RankUpdate.best();

    /// Within a block products are taken one by one, which costs less in small blocks.
    private static final int BLOCK = 8;

    private final int n;
    private final double[][] s;
    private final double[][] u;

    /// Room for matrices of one size.
    ///
    /// @param n number of rows
    public CholeskyReverse(int n) {
        this.n = n;
        this.s = new double[n][n];
        this.u = new double[BLOCK][n];
    }

    /// Computes the cotangent of the matrix, half of it in each triangle: `S / 2`.
    ///
    /// @param l   holds the factor from `at` on, row by row; the lower triangle is read
    /// @param g   holds the cotangent of the factor from `at` on; the lower triangle is read
    /// @param out takes the result from `at` on
    public void run(double[] l, double[] g, double[] out, int at) {
        for (int k1 = n; k1 > 0; ) {
            int k0 = (k1 - 1) / BLOCK * BLOCK;
            load(l, g, at, k0, k1);
            RANK.run(-1, l, at + k1 * n + k0, 1, n, s, k0, k1 - k0, s, k1, n - k1, k1, n);
            for (int k = k1 - 1; k >= k0; k--) {
                finish(k, k0, k1);
            }
            for (int i = k1; i < n; i++) {
                double[] row = s[i];
                for (int k = k0; k < k1; k++) {
                    row[k] = s[k][i];
                }
            }
            k1 = k0;
        }
        for (int i = 0; i < n; i++) {
            halve(s[i], n);
            System.arraycopy(s[i], 0, out, at + i * n, n);
        }
    }

    private void load(double[] l, double[] g, int at, int k0, int k1) {
        for (int k = k0; k < k1; k++) {
            Arrays.fill(s[k], k0, k, 0);
            Rows.column(g, at + k, n, s[k], k, n);
            Rows.column(l, at + k, n, u[k - k0], k, n);
        }
    }

    /// Takes the later rows of the block off row `k`, and of the columns of the block those behind it.
    private void finish(int k, int k0, int k1) {
        double[] row = s[k];
        double[] factors = u[k - k0];
        for (int i = k + 1; i < k1; i++) {
            Rows.axpy(-factors[i], s[i], row, k + 1, n);
        }
        for (int j = k + 1; j < k1; j++) {
            row[j] -= Sums.dot(factors, k1, s[j], k1, n - k1);
        }
        double root = factors[k];
        Rows.divide(row, root, k + 1, n);
        row[k] = (row[k] - Sums.dot(row, k + 1, factors, k + 1, n - k - 1)) / root;
        for (int i = k + 1; i < k1; i++) {
            s[i][k] = row[i];
        }
    }

    private static void halve(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] *= 0.5;
        }
    }
}
