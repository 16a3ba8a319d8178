package kiln.infer;

import java.util.Arrays;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.UserCode;

/// The normal part `N(mean, C Cᵀ)` of a density on the unconstrained space: the prior of all random variables together.
///
/// Immutable.
public final class GaussianPrior {
    private final double[] mean;
    private final double[][] factor;

    /// @param mean   length `d`; finite; copied
    /// @param factor lower triangular `C`, row `i` of length `i + 1` at least; positive diagonal; copied
    /// @throws DomainException if the sizes differ or a number on the diagonal is not positive
    public GaussianPrior(double[] mean, double[][] factor) {
        this.mean = mean.clone();
        this.factor = Arrays.stream(factor).map(double[]::clone).toArray(double[][]::new);
        boolean fits = factor.length == mean.length;
        for (int i = 0; fits && i < factor.length; i++) {
            fits = factor[i].length >= i + 1 && factor[i][i] > 0 && Double.isFinite(factor[i][i]) && Double.isFinite(mean[i]);
        }
        if (!fits) {
            throw new DomainException(new Diagnosis("GaussianPrior", "the mean and the Cholesky factor of the covariance do not fit")
                    .expected("d finite means and a lower triangular [d][d] with a positive diagonal")
                    .got(mean.length + " means, " + factor.length + " rows " + Arrays.deepToString(factor))
                    .at(UserCode.line()));
        }
    }

    /// {@return the mean, length `d`, a copy}
    public double[] mean() {
        return mean.clone();
    }

    /// Independent coordinates.
    ///
    /// @param mean length `d`
    /// @param sd   standard deviations, length `d`; > 0
    /// @throws DomainException if the lengths differ or one is not positive
    public static GaussianPrior independent(double[] mean, double[] sd) {
        double[][] rows = new double[sd.length][];
        for (int i = 0; i < sd.length; i++) {
            rows[i] = new double[i + 1];
            rows[i][i] = sd[i];
        }
        return new GaussianPrior(mean, rows);
    }

    /// {@return `d`}
    public int dimension() {
        return mean.length;
    }

    /// Computes `C z`.
    public void scale(double[] z, double[] out) {
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int j = 0; j <= i; j++) {
                sum += factor[i][j] * z[j];
            }
            out[i] = sum;
        }
    }

    /// {@return `−½ |C⁻¹ (q − mean)|²`, the log density without its constant}
    ///
    /// @param scratch length `d`, overwritten
    public double logDensity(double[] q, double[] scratch) {
        double square = 0;
        for (int i = 0; i < q.length; i++) {
            double x = q[i] - mean[i];
            for (int j = 0; j < i; j++) {
                x -= factor[i][j] * scratch[j];
            }
            scratch[i] = x / factor[i][i];
            square += scratch[i] * scratch[i];
        }
        return -0.5 * square;
    }

    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", factor " + Arrays.deepToString(factor);
    }
}
