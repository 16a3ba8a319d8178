package kiln.diagnostics;

/// Autocovariance and autocorrelation of one series, at every lag.
///
/// ```
/// γ(t) = 1/n · Σ_{i < n−t} (x[i] − x̄)(x[i+t] − x̄)        divided by n − t instead of n without bias
/// ρ(t) = γ(t) / γ(0)
/// ```
///
/// Source: Priestley, *Spectral Analysis and Time Series* (1981), section 5.3.
public final class Autocorrelation {
    private Autocorrelation() {}

    /// Autocovariances `γ`.
    ///
    /// @param x    the series; at least one value; only read
    /// @param bias true divides by `n` (smaller mean squared error, positive semidefinite), false by `n − t`
    /// @return `γ(0), …, γ(n−1)`, unit of `x` squared
    public static double[] autocovariance(double[] x, boolean bias) {
        int n = x.length;
        LagSums sums = new LagSums(x);
        double[] gamma = new double[n];
        for (int t = 0; t < n; t++) {
            gamma[t] = sums.at(t) / (bias ? n : n - t);
        }
        return gamma;
    }

    /// Autocorrelations `ρ`.
    ///
    /// @param x    the series; at least one value; only read
    /// @param bias as for [#autocovariance]
    /// @return `ρ(0) = 1, …, ρ(n−1)`; all NaN for a constant series
    public static double[] autocorrelation(double[] x, boolean bias) {
        double[] rho = autocovariance(x, bias);
        double variance = rho.length == 0 ? Double.NaN : rho[0];
        for (int t = 0; t < rho.length; t++) {
            rho[t] /= variance;
        }
        return rho;
    }
}
