package kiln.math;

import java.util.Arrays;

/// The reduced singular value decomposition by one-sided Jacobi rotations after a QR factorisation: slow to outgrow, and
/// accurate to the last digits for small singular values too (Demmel & Veselić 1992).
public final class SingularValues {
    private static final int MAX_SWEEPS = 60;

    private final int n;
    private final double[][] u;
    private final double[][] v;
    private final double[] s;

    private SingularValues(int n, double[][] u) {
        this.n = n;
        this.u = u;
        this.v = Rows.identity(n);
        this.s = new double[n];
    }

    /// Decomposes `A = U diag(s) Vᵀ`.
    ///
    /// @param a an `m × n` matrix with `m ≥ n`, row by row; not changed
    public static SingularValues of(double[] a, int m, int n) {
        double scale = Rows.scale(a, m * n);
        if (Double.isNaN(scale)) {
            var f = new SingularValues(n, new double[n][m]);
            f.fail();
            return f;
        }
        double[] x = new double[m * n];
        for (int i = 0; i < x.length; i++) {
            x[i] = a[i] / scale;
        }
        SingularValues f;
        if (m > n) {
            QrFactor qr = QrFactor.of(x, m, n);
            double[] r = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = i; j < n; j++) {
                    r[i * n + j] = qr.r(i, j);
                }
            }
            SingularValues inner = new SingularValues(n, Rows.columns(r, n, n));
            inner.diagonalise();
            double[][] q = Rows.columns(qr.q(), m, n);
            f = new SingularValues(n, new double[n][m]);
            for (int k = 0; k < n; k++) {
                f.s[k] = inner.s[k];
                f.v[k] = inner.v[k];
                for (int j = 0; j < n; j++) {
                    Rows.axpy(inner.u[k][j], q[j], f.u[k], 0, m);
                }
            }
        } else {
            f = new SingularValues(n, Rows.columns(x, m, n));
            f.diagonalise();
        }
        for (int k = 0; k < n; k++) {
            f.s[k] *= scale;
            if (Rows.normalizeSign(f.u[k])) {
                for (int i = 0; i < n; i++) {
                    f.v[k][i] = -f.v[k][i];
                }
            }
        }
        return f;
    }

    /// {@return the singular values, descending; not to be changed}
    public double[] values() {
        return s;
    }

    /// {@return row `k` is the `k`-th left singular vector, whose component of largest size is positive; not to be changed}
    public double[][] left() {
        return u;
    }

    /// {@return row `k` is the `k`-th right singular vector; not to be changed}
    public double[][] right() {
        return v;
    }

    private void fail() {
        Arrays.fill(s, Double.NaN);
        for (int k = 0; k < n; k++) {
            Arrays.fill(u[k], Double.NaN);
            Arrays.fill(v[k], Double.NaN);
        }
    }

    /// Rotates pairs of columns until all are orthogonal; then their lengths are the singular values.
    private void diagonalise() {
        boolean rotated = true;
        for (int sweep = 0; rotated; sweep++) {
            if (sweep == MAX_SWEEPS) {
                fail();
                return;
            }
            rotated = false;
            for (int p = 0; p + 1 < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotated |= orthogonalise(p, q);
                }
            }
        }
        for (int k = 0; k < n; k++) {
            s[k] = Math.sqrt(Sums.dot(u[k], 0, u[k], 0, n));
        }
        sort();
        for (int k = 0; k < n; k++) {
            if (s[k] > 0x1p-500) {
                for (int i = 0; i < n; i++) {
                    u[k][i] /= s[k];
                }
            } else {
                s[k] = 0;
                complete(k);
            }
        }
    }

    private boolean orthogonalise(int p, int q) {
        double a = Sums.dot(u[p], 0, u[p], 0, n);
        double b = Sums.dot(u[q], 0, u[q], 0, n);
        double g = Sums.dot(u[p], 0, u[q], 0, n);
        if (Math.abs(g) <= 0x1p-51 * Math.sqrt(a * b) || Math.abs(g) < Double.MIN_NORMAL) {
            return false;
        }
        double zeta = (b - a) / (2 * g);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double c = 1 / Math.sqrt(1 + t * t);
        Rows.rotate(u[p], u[q], c, c * t, n);
        Rows.rotate(v[p], v[q], c, c * t, n);
        return true;
    }

    private void sort() {
        for (int i = 1; i < n; i++) {
            for (int j = i; j > 0 && s[j] > s[j - 1]; j--) {
                double t = s[j];
                s[j] = s[j - 1];
                s[j - 1] = t;
                swap(u, j);
                swap(v, j);
            }
        }
    }

    private static void swap(double[][] rows, int j) {
        double[] t = rows[j];
        rows[j] = rows[j - 1];
        rows[j - 1] = t;
    }

    /// Puts a unit vector orthogonal to the earlier ones where the singular value is 0.
    private void complete(int k) {
        double best = 0;
        double[] chosen = u[k];
        for (int axis = 0; axis < n && best < 0.5 / n; axis++) {
            double[] w = new double[n];
            w[axis] = 1;
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < k; j++) {
                    Rows.axpy(-Sums.dot(u[j], 0, w, 0, n), u[j], w, 0, n);
                }
            }
            double size = Sums.dot(w, 0, w, 0, n);
            if (size > best) {
                best = size;
                chosen = w;
            }
        }
        double norm = Math.sqrt(best);
        for (int i = 0; i < n; i++) {
            u[k][i] = chosen[i] / norm;
        }
    }
}
