package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.store.ChainState;

/// The metric `S = D½ (I + U (Λ − I) Uᵀ) D½`: a scale per coordinate, and some directions `U` with scales `Λ` of their own.
///
/// It removes the few strongest correlations of a posterior in `O(d k)` instead of `O(d²)` operations per step. Its factor is
/// `C = D½ (I + U (Λ½ − I) Uᵀ)`. Since the directions are orthonormal, they are applied one after the other.
final class LowRankMetric extends CorrelatedMetric {
    private final double[] variances;
    private final double[] scales;
    private final double[][] directions;
    private final double[] strengths;
    private final double[][] scaledDirections;
    private final double[] roots;
    private final double[] inverseRoots;

    /// @param variances  `D`, finite and > 0; owned
    /// @param directions the columns of `U`, orthonormal, `[k][d]`, `k ≥ 1`; owned
    /// @param strengths  `Λ`, finite and > 0; owned
    LowRankMetric(double[] variances, double[][] directions, double[] strengths) {
        this.variances = variances;
        this.directions = directions;
        this.strengths = strengths;
        scales = Arrays.stream(variances).map(Math::sqrt).toArray();
        scaledDirections = new double[directions.length][variances.length];
        for (int k = 0; k < directions.length; k++) {
            for (int i = 0; i < variances.length; i++) {
                scaledDirections[k][i] = scales[i] * directions[k][i];
            }
        }
        roots = Arrays.stream(strengths).map(Math::sqrt).toArray();
        inverseRoots = Arrays.stream(roots).map(r -> 1 / r).toArray();
    }

    /// `x ← (I + U (F − I) Uᵀ) x`.
    private void stretch(double[] x, double[] factors) {
        for (int k = 0; k < factors.length; k++) {
            double[] u = directions[k];
            double along = (factors[k] - 1) * Dots.dot(u, x);
            for (int i = 0; i < x.length; i++) {
                x[i] += along * u[i];
            }
        }
    }

    @Override
    String words() {
        return "diagonal and " + strengths.length + (strengths.length == 1 ? " direction" : " directions");
    }

    @Override
    public int dimension() {
        return scales.length;
    }

    @Override
    public double[][] inverseMassMatrix() {
        double[][] s = new double[scales.length][scales.length];
        for (int i = 0; i < s.length; i++) {
            s[i][i] = scales[i];
            stretch(s[i], strengths);
            for (int j = 0; j < s.length; j++) {
                s[i][j] *= scales[j];
            }
        }
        return s;
    }

    @Override
    public double variance(int i) {
        double v = 1;
        for (int k = 0; k < strengths.length; k++) {
            v += (strengths[k] - 1) * directions[k][i] * directions[k][i];
        }
        return v * scales[i] * scales[i];
    }

    @Override
    void save(ChainState.Builder state) {
        state.put("metric.scales", variances).put("metric.strengths", strengths)
                .put("metric.directions", Arrays.stream(directions).flatMapToDouble(Arrays::stream).toArray());
    }

    @Override
    void unscaleTransposed(double[] x) {
        stretch(x, inverseRoots);
        for (int i = 0; i < x.length; i++) {
            x[i] /= scales[i];
        }
    }

    @Override
    void multiply(double[] x, double[] y) {
        double[][] b = scaledDirections;
        double first = along(0, x);
        double[] b0 = b[0];
        for (int i = 0; i < x.length; i++) {
            y[i] = variances[i] * x[i] + first * b0[i];
        }
        int k = 1;
        for (; k + 3 < b.length; k += 4) {
            Dots.add4(b[k], b[k + 1], b[k + 2], b[k + 3], along(k, x), along(k + 1, x), along(k + 2, x), along(k + 3, x), y);
        }
        for (; k < b.length; k++) {
            Dots.add(b[k], along(k, x), y);
        }
    }

    private double along(int k, double[] x) {
        return (strengths[k] - 1) * Dots.dot(scaledDirections[k], x);
    }

    @Override
    void scale(double[] x, double[] y) {
        System.arraycopy(x, 0, y, 0, x.length);
        stretch(y, roots);
        for (int i = 0; i < x.length; i++) {
            y[i] *= scales[i];
        }
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = scales[i] * x[i];
        }
        stretch(y, roots);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LowRankMetric m && Arrays.equals(scales, m.scales) && Arrays.equals(strengths, m.strengths)
                && Arrays.deepEquals(directions, m.directions);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(scales) + Arrays.hashCode(strengths);
    }

    @Override
    public String toString() {
        return "Metric of " + scales.length + " scales " + Arrays.toString(scales) + " and " + strengths.length
                + " directions of strengths " + Arrays.toString(strengths);
    }
}
