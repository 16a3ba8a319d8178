package kiln.diagnostics;

/// Sums of lagged products of one centred series, `c(t) = Σ_i (x[i] − x̄)(x[i+t] − x̄)`, computed when asked for.
///
/// An estimator that truncates at the first non-positive pair needs a dozen lags of a well mixing chain: those are plain sums.
/// From lag [#DIRECT_LAGS] on, one Fourier transform gives all the rest.
final class LagSums {
    /// Up to here direct sums (n operations each) cost less than the transform of n values.
    private static final int DIRECT_LAGS = 64;

    private final double[] centred;
    private final double[] direct;
    private int known;
    private double[] all = new double[0];

    LagSums(double[] x) {
        double mean = Moments.mean(x);
        centred = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            centred[i] = x[i] - mean;
        }
        direct = new double[Math.min(DIRECT_LAGS, x.length)];
    }

    /// @param lag `t`; 0 ≤ t < n
    double at(int lag) {
        if (lag >= DIRECT_LAGS) {
            if (all.length == 0) {
                all = byTransform();
            }
            return all[lag];
        }
        while (known <= lag) {
            direct[known] = sum(known);
            known++;
        }
        return direct[lag];
    }

    private double sum(int lag) {
        int n = centred.length - lag;
        double s0 = 0;
        double s1 = 0;
        int i = 0;
        for (; i + 1 < n; i += 2) {
            s0 += centred[i] * centred[i + lag];
            s1 += centred[i + 1] * centred[i + 1 + lag];
        }
        if (i < n) {
            s0 += centred[i] * centred[i + lag];
        }
        return s0 + s1;
    }

    /// Wiener–Khinchin: the inverse transform of the power spectrum of the zero-padded series.
    private double[] byTransform() {
        int n = centred.length;
        Fft fft = Fft.forCorrelationOf(n);
        double[] re = java.util.Arrays.copyOf(centred, fft.length());
        double[] im = new double[fft.length()];
        fft.transform(re, im);
        for (int k = 0; k < re.length; k++) {
            re[k] = re[k] * re[k] + im[k] * im[k];
            im[k] = 0;
        }
        // The spectrum is real and even: its forward transform is m times the inverse one.
        fft.transform(re, im);
        double[] sums = new double[n];
        for (int t = 0; t < n; t++) {
            sums[t] = re[t] / fft.length();
        }
        return sums;
    }
}
