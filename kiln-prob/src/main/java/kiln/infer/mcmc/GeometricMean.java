package kiln.infer.mcmc;

import kiln.math.CholeskyFactor;
import kiln.math.SymmetricEigen;

/// The geometric mean of two covariance matrices: the symmetric positive definite `M` with `M B M = A`.
///
/// ```
/// A = L Lᵀ,   Lᵀ B L = V diag(w) Vᵀ,   M = L V diag(w^−½) Vᵀ Lᵀ
/// ```
///
/// Source: Bhatia, *Positive Definite Matrices* (2007), chapter 4.
final class GeometricMean {
    /// Added to both diagonals, which are about 1: what a covariance of few draws does not see is left near its scale.
    private static final double RIDGE = 1e-5;

    private GeometricMean() {}

    /// {@return `M`; not finite where `a` or `b` is not}
    ///
    /// @param a a covariance matrix with a diagonal near 1; overwritten
    /// @param b another one; overwritten
    static double[][] of(double[][] a, double[][] b) {
        int d = a.length;
        for (int i = 0; i < d; i++) {
            a[i][i] += RIDGE;
            b[i][i] += RIDGE;
        }
        double[][] lower = lowerFactor(a);
        double[][] columns = transposed(lower);
        double[][] product = new double[d][];
        for (int j = 0; j < d; j++) {
            product[j] = times(b, columns[j]); // column j of B L
        }
        double[] inner = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                inner[i * d + j] = Dots.dot(columns[i], product[j]);
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(inner, d, true);
        double[] vectors = eigen.vectors();
        double[][] factor = new double[d][d];
        double[] column = new double[d];
        for (int k = 0; k < d; k++) {
            for (int j = 0; j < d; j++) {
                column[j] = vectors[j * d + k];
            }
            double root = Math.sqrt(Math.sqrt(eigen.values()[k]));
            double[] f = times(lower, column);
            for (int i = 0; i < d; i++) {
                factor[i][k] = f[i] / root;
            }
        }
        double[][] mean = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                mean[i][j] = Dots.dot(factor[i], factor[j]);
                mean[j][i] = mean[i][j];
            }
        }
        return mean;
    }

    private static double[] times(double[][] rows, double[] v) {
        double[] out = new double[rows.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Dots.dot(rows[i], v);
        }
        return out;
    }

    /// `L`; NaN throughout if the matrix is not positive definite.
    private static double[][] lowerFactor(double[][] a) {
        int d = a.length;
        double[] flat = new double[d * d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(a[i], 0, flat, i * d, d);
        }
        new CholeskyFactor(d).factor(flat, 0);
        double[][] lower = new double[d][d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(flat, i * d, lower[i], 0, i + 1);
        }
        return lower;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }
}
