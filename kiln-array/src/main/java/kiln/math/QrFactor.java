package kiln.math;

/// The reduced QR factorisation by Householder reflections, with LAPACK's signs.
public final class QrFactor {
    private final int m;
    private final int n;
    private final double[][] columns;
    private final double[] tau;
    private final double[] diagonal;

    private QrFactor(int m, int n, double[][] columns) {
        this.m = m;
        this.n = n;
        this.columns = columns;
        this.tau = new double[n];
        this.diagonal = new double[n];
    }

    /// Factors `A = Q R`.
    ///
    /// The reflection of column `k` is `1 − τ v vᵀ` with `v[k] = 1`; it makes `R[k, k]` of the sign opposite to the element it
    /// replaces, or is left out if there is nothing below it.
    ///
    /// @param a an `m × n` matrix with `m ≥ n`, row by row; not changed
    public static QrFactor of(double[] a, int m, int n) {
        var f = new QrFactor(m, n, Rows.columns(a, m, n));
        for (int k = 0; k < n; k++) {
            f.reflect(k);
        }
        return f;
    }

    private void reflect(int k) {
        double[] v = columns[k];
        double top = 0;
        for (int i = k + 1; i < m; i++) {
            top = Math.max(top, Math.abs(v[i]));
        }
        double head = v[k];
        if (top == 0) {
            diagonal[k] = head;
            v[k] = 1;
            return;
        }
        // A power of two keeps the squares from overflowing and changes no digit.
        double scale = Math.scalb(1.0, Math.clamp(Math.getExponent(Math.max(top, Math.abs(head))), -1000, 1000));
        for (int i = k; i < m; i++) {
            v[i] /= scale;
        }
        double norm = Math.sqrt(Sums.dot(v, k, v, k, m - k));
        double r = -Math.copySign(norm, head);
        double x = v[k];
        tau[k] = (r - x) / r;
        double inverse = 1 / (x - r);
        v[k] = 1;
        for (int i = k + 1; i < m; i++) {
            v[i] *= inverse;
        }
        diagonal[k] = r * scale;
        for (int j = k + 1; j < n; j++) {
            apply(k, columns[j]);
        }
    }

    private void apply(int k, double[] y) {
        double[] v = columns[k];
        Rows.axpy(-tau[k] * Sums.dot(v, k, y, k, m - k), v, y, k, m);
    }

    /// {@return element `(i, j)` of the `n × n` upper triangular `R`}
    public double r(int i, int j) {
        return i == j ? diagonal[i] : i < j ? columns[j][i] : 0;
    }

    /// {@return the `m × n` matrix `Q`, row by row}
    public double[] q() {
        double[][] q = new double[n][m];
        for (int j = 0; j < n; j++) {
            q[j][j] = 1;
            for (int k = j; k >= 0; k--) {
                apply(k, q[j]);
            }
        }
        return Rows.transposed(q, m);
    }
}
