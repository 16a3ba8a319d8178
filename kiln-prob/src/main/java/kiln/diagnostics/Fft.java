package kiln.diagnostics;

/// Radix-2 fast Fourier transform of one power-of-two length, in place on split real and imaginary parts.
///
/// ```
/// X[k] = Σ_j x[j] exp(−2πi j k / m)
/// ```
///
/// The twiddle factors come from `StrictMath`, so that a transform has the same bits on every machine.
/// An instance is immutable and may be shared by threads.
///
/// Source: Cooley and Tukey, *An algorithm for the machine calculation of complex Fourier series* (1965).
final class Fft {
    private final int length;
    private final double[] cos;
    private final double[] sin;

    /// @param length `m`, a power of two ≥ 2
    private Fft(int length) {
        this.length = length;
        cos = new double[length / 2];
        sin = new double[length / 2];
        for (int k = 0; k < length / 2; k++) {
            double angle = -2 * StrictMath.PI * k / length;
            cos[k] = StrictMath.cos(angle);
            sin[k] = StrictMath.sin(angle);
        }
    }

    /// The transform of the smallest power-of-two length `m ≥ 2n`, enough padding for the linear correlation of `n` values.
    static Fft forCorrelationOf(int n) {
        return new Fft(Math.max(2, Integer.highestOneBit(Math.max(1, 2 * n - 1)) << 1));
    }

    int length() {
        return length;
    }

    /// Replaces `re + i·im` by its transform; both arrays have length [#length()].
    void transform(double[] re, double[] im) {
        bitReverse(re, im);
        for (int half = 1; half < length; half <<= 1) {
            int stride = length / (2 * half);
            for (int start = 0; start < length; start += 2 * half) {
                for (int k = 0; k < half; k++) {
                    double wr = cos[k * stride];
                    double wi = sin[k * stride];
                    int a = start + k;
                    int b = a + half;
                    double tr = re[b] * wr - im[b] * wi;
                    double ti = re[b] * wi + im[b] * wr;
                    re[b] = re[a] - tr;
                    im[b] = im[a] - ti;
                    re[a] += tr;
                    im[a] += ti;
                }
            }
        }
    }

    private void bitReverse(double[] re, double[] im) {
        int shift = Integer.numberOfLeadingZeros(length) + 1;
        for (int i = 0; i < length; i++) {
            int j = Integer.reverse(i) >>> shift;
            if (j > i) {
                double r = re[i];
                re[i] = re[j];
                re[j] = r;
                double m = im[i];
                im[i] = im[j];
                im[j] = m;
            }
        }
    }
}
