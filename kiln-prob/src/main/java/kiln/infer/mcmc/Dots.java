package kiln.infer.mcmc;

/// Inner products in four fixed lanes, which hide the latency of addition and have the same bits everywhere, and sums of vectors.
final class Dots {
    private Dots() {}

    static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int n = a.length;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < n; i++) {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// Adds `Σ_j c[j] columns[j]` to a vector.
    ///
    /// Four columns at a time, from the front: loops over whole arrays with one index, which C2 vectorises where it does not vectorise sums.
    static void addCombination(double[][] columns, double[] c, double[] y) {
        int n = c.length;
        int j = 0;
        for (; j + 3 < n; j += 4) {
            add4(columns[j], columns[j + 1], columns[j + 2], columns[j + 3], c[j], c[j + 1], c[j + 2], c[j + 3], y);
        }
        for (; j < n; j++) {
            add(columns[j], c[j], y);
        }
    }

    /// `y ← y + (c0 x0 + c1 x1) + (c2 x2 + c3 x3)`.
    static void add4(double[] x0, double[] x1, double[] x2, double[] x3, double c0, double c1, double c2, double c3, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += (c0 * x0[i] + c1 * x1[i]) + (c2 * x2[i] + c3 * x3[i]);
        }
    }

    /// `y ← y + c x`.
    static void add(double[] x, double c, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += c * x[i];
        }
    }
}
