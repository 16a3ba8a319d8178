package kiln.math;

import java.util.Arrays;

/// Eigenvalues and eigenvectors of a real symmetric matrix: Householder tridiagonalisation, then implicit QR steps with
/// Wilkinson's shift (Golub & Van Loan, *Matrix Computations*, 8.3).
public final class SymmetricEigen {
    private static final int MAX_STEPS = 60;

    private final int n;
    private final double[] d;
    private final double[] e;
    private final double[][] vectors;

    private SymmetricEigen(int n, boolean wantsVectors) {
        this.n = n;
        this.d = new double[n];
        this.e = new double[n];
        this.vectors = wantsVectors ? Rows.identity(n) : new double[0][];
    }

    /// Decomposes `A = V diag(w) Vᵀ`.
    ///
    /// @param a            an `n × n` matrix, row by row, of which the lower triangle is read; not changed
    /// @param wantsVectors whether the eigenvectors are computed
    public static SymmetricEigen of(double[] a, int n, boolean wantsVectors) {
        var f = new SymmetricEigen(n, wantsVectors);
        double[][] rows = new double[n][n];
        double[] lower = new double[n * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, i * n, lower, i * n, i + 1);
        }
        double scale = Rows.scale(lower, n * n);
        if (Double.isNaN(scale)) {
            Arrays.fill(f.d, Double.NaN);
            for (double[] v : f.vectors) {
                Arrays.fill(v, Double.NaN);
            }
            return f;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                rows[i][j] = lower[i * n + j] / scale;
                rows[j][i] = rows[i][j];
            }
        }
        f.tridiagonalise(rows);
        f.diagonalise();
        for (int i = 0; i < n; i++) {
            f.d[i] *= scale;
        }
        f.sort();
        return f;
    }

    /// {@return the eigenvalues, ascending; not to be changed}
    public double[] values() {
        return d;
    }

    /// {@return the matrix whose columns are the eigenvectors, row by row; the component of largest size of each is positive}
    public double[] vectors() {
        return Rows.transposed(vectors, n);
    }

    /// `A ← H A H` with `H = 1 − β v vᵀ` for each column; `vectors` holds the rows of the transposed product of the `H`.
    private void tridiagonalise(double[][] a) {
        double[][] v = new double[n][];
        double[] beta = new double[n];
        double[] p = new double[n];
        for (int k = 0; k + 2 < n; k++) {
            double[] x = new double[n];
            System.arraycopy(a[k], k + 1, x, k + 1, n - k - 1);
            double below = Sums.dot(x, k + 2, x, k + 2, n - k - 2);
            v[k] = x;
            if (below == 0) {
                continue;
            }
            double r = -Math.copySign(Math.sqrt(below + x[k + 1] * x[k + 1]), x[k + 1]);
            double head = x[k + 1] - r;
            x[k + 1] = head;
            beta[k] = -1 / (r * head);
            for (int i = k + 1; i < n; i++) {
                p[i] = beta[k] * Sums.dot(a[i], k + 1, x, k + 1, n - k - 1);
            }
            double half = 0.5 * beta[k] * Sums.dot(p, k + 1, x, k + 1, n - k - 1);
            Rows.axpy(-half, x, p, k + 1, n);
            for (int i = k + 1; i < n; i++) {
                Rows.axpy(-x[i], p, a[i], k + 1, n);
                Rows.axpy(-p[i], x, a[i], k + 1, n);
            }
            a[k][k + 1] = r;
        }
        for (int i = 0; i < n; i++) {
            d[i] = a[i][i];
            e[i] = i + 1 < n ? a[i][i + 1] : 0;
        }
        // Row r of the transposed product is the product of the reflections, the last first, with unit vector r.
        for (int k = n - 3; k >= 0 && vectors.length > 0; k--) {
            if (beta[k] != 0) {
                for (double[] row : vectors) {
                    Rows.axpy(-beta[k] * Sums.dot(row, k + 1, v[k], k + 1, n - k - 1), v[k], row, k + 1, n);
                }
            }
        }
    }

    private void diagonalise() {
        int end = n - 1;
        int steps = 0;
        while (end > 0) {
            for (int i = 0; i < end; i++) {
                if (Math.abs(e[i]) <= 0x1p-53 * (Math.abs(d[i]) + Math.abs(d[i + 1])) || Math.abs(e[i]) < Double.MIN_NORMAL) {
                    e[i] = 0;
                }
            }
            if (e[end - 1] == 0) {
                end--;
                steps = 0;
                continue;
            }
            int start = end - 1;
            while (start > 0 && e[start - 1] != 0) {
                start--;
            }
            step(start, end);
            if (++steps > MAX_STEPS) {
                Arrays.fill(d, Double.NaN);
                return;
            }
        }
    }

    /// One implicit QR step on the unreduced block from `start` to `end`.
    private void step(int start, int end) {
        double half = (d[end - 1] - d[end]) / 2;
        double off = e[end - 1];
        double shift = d[end] - off * off / (half + Math.copySign(hypot(half, off), half));
        double x = d[start] - shift;
        double z = e[start];
        for (int k = start; k < end; k++) {
            double r = hypot(x, z);
            double c = r == 0 ? 1 : x / r;
            double s = r == 0 ? 0 : -z / r;
            if (k > start) {
                e[k - 1] = r;
            }
            double a = d[k];
            double b = d[k + 1];
            double m = e[k];
            d[k] = c * (c * a - s * m) - s * (c * m - s * b);
            d[k + 1] = s * (s * a + c * m) + c * (s * m + c * b);
            e[k] = c * (s * a + c * m) - s * (s * m + c * b);
            x = e[k];
            if (k + 1 < end) {
                z = -s * e[k + 1];
                e[k + 1] = c * e[k + 1];
            }
            if (vectors.length > 0) {
                Rows.rotate(vectors[k], vectors[k + 1], c, s, n);
            }
        }
    }

    private static double hypot(double a, double b) {
        return Math.sqrt(a * a + b * b);
    }

    private void sort() {
        for (int i = 1; i < n; i++) {
            for (int j = i; j > 0 && d[j] < d[j - 1]; j--) {
                double t = d[j];
                d[j] = d[j - 1];
                d[j - 1] = t;
                if (vectors.length > 0) {
                    double[] v = vectors[j];
                    vectors[j] = vectors[j - 1];
                    vectors[j - 1] = v;
                }
            }
        }
        for (double[] v : vectors) {
            Rows.normalizeSign(v);
        }
    }
}
