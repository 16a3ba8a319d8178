package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.store.ChainState;

/// The metric with a full inverse mass matrix `S = C Cᵀ`: a linear change of variables that removes posterior correlation.
///
/// A momentum is drawn by solving `Cᵀ p = z` for standard normal `z`, so that `Cov(p) = S⁻¹`.
final class DenseMetric extends CorrelatedMetric {
    private final double[][] covariance;
    private final double[][] factor;

    /// @param covariance symmetric positive definite; only the lower triangle is read; copied
    DenseMetric(double[][] covariance) {
        int d = covariance.length;
        this.covariance = new double[d][d];
        for (int i = 0; i < d; i++) {
            if (covariance[i].length != d) {
                throw new IllegalArgumentException("Metric.dense: the matrix is not square.\n"
                        + "  Expected: [" + d + "][" + d + "]\n"
                        + "  Got:      " + covariance[i].length + " values in row " + i);
            }
            for (int j = 0; j <= i; j++) {
                this.covariance[i][j] = covariance[i][j];
                this.covariance[j][i] = covariance[i][j];
            }
        }
        factor = cholesky(this.covariance);
    }

    private static double[][] cholesky(double[][] s) {
        int d = s.length;
        double[][] c = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = s[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= c[i][k] * c[j][k];
                }
                if (i > j) {
                    c[i][j] = sum / c[j][j];
                } else if (sum > 0 && Double.isFinite(sum)) {
                    c[i][i] = Math.sqrt(sum);
                } else {
                    throw new IllegalArgumentException("Metric.dense: the matrix is not positive definite.\n"
                            + "  Expected: a covariance matrix with positive pivots\n"
                            + "  Got:      pivot " + sum + " at coordinate " + i + " of " + d);
                }
            }
        }
        return c;
    }

    @Override
    String words() {
        return "full";
    }

    @Override
    public int dimension() {
        return covariance.length;
    }

    /// {@return the rows of `S`, not a copy}
    double[][] covariance() {
        return covariance;
    }

    /// {@return the rows of `C`, not a copy}
    double[][] factor() {
        return factor;
    }

    @Override
    public double[][] inverseMassMatrix() {
        return Arrays.stream(covariance).map(double[]::clone).toArray(double[][]::new);
    }

    @Override
    public double variance(int i) {
        return covariance[i][i];
    }

    @Override
    void save(ChainState.Builder state) {
        state.put("metric.covariance", Arrays.stream(covariance).flatMapToDouble(Arrays::stream).toArray());
    }

    @Override
    void unscaleTransposed(double[] x) {
        for (int i = x.length - 1; i >= 0; i--) {
            // Column-oriented back substitution walks along the rows of C.
            double[] row = factor[i];
            double p = x[i] / row[i];
            x[i] = p;
            for (int j = 0; j < i; j++) {
                x[j] -= row[j] * p;
            }
        }
    }

    @Override
    void multiply(double[] x, double[] y) {
        Arrays.fill(y, 0);
        Dots.addCombination(covariance, x, y);
    }

    @Override
    void scale(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            double sum = 0;
            for (int j = 0; j <= i; j++) {
                sum += factor[i][j] * x[j];
            }
            y[i] = sum;
        }
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            double sum = 0;
            for (int j = i; j < x.length; j++) {
                sum += factor[j][i] * x[j];
            }
            y[i] = sum;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenseMetric m && Arrays.deepEquals(covariance, m.covariance);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(covariance);
    }

    @Override
    public String toString() {
        return "Metric.dense" + Arrays.deepToString(covariance);
    }
}
