package kiln.math;

/// The discrete Fourier transform of one length, any length: mixed radix for small prime factors, Bluestein's convolution for
/// large ones.
///
/// ```
/// y[k] = Σⱼ x[j] e^(∓2πi jk/n)      unnormalised; − forward, + inverse
/// ```
///
/// Twiddle factors are computed by StrictMath from the reduced angle, so that the error stays a few ulp times log n. One
/// instance serves one thread.
public final class Dft {
    private static final int LARGEST_RADIX = 13;

    private final int n;
    private final double[] cos;
    private final double[] sin;
    private final double[] re;
    private final double[] im;
    private final Bluestein bluestein;

    /// Tables for one length.
    ///
    /// @param n number of points, ≥ 0
    public Dft(int n) {
        this.n = n;
        this.cos = new double[n];
        this.sin = new double[n];
        for (int k = 0; k < n; k++) {
            cos[k] = cosine(k, n);
            sin[k] = sine(k, n);
        }
        this.re = new double[n];
        this.im = new double[n];
        this.bluestein = new Bluestein(n, isSmooth(n));
    }

    private static boolean isSmooth(int n) {
        int rest = Math.max(1, n);
        for (int p = 2; p <= LARGEST_RADIX; p++) {
            while (rest % p == 0) {
                rest /= p;
            }
        }
        return rest == 1;
    }

    /// `cos(2πk/n)`; the angle is folded into the first eighth of the circle, where exact values come out exact.
    private static double cosine(long k, long n) {
        long q = 8 * k;
        if (q > 4 * n) {
            return cosine(n - k, n);
        }
        if (q > 2 * n) {
            return -cosineOf(n - 2 * k, 2 * n);
        }
        return cosineOf(k, n);
    }

    /// `cos(2π k/n)` for an angle of at most a quarter circle.
    private static double cosineOf(long k, long n) {
        return 8 * k > n ? StrictMath.sin(2 * Math.PI * ((n - 4 * k) / (4.0 * n))) : StrictMath.cos(2 * Math.PI * ((double) k / n));
    }

    private static double sine(long k, long n) {
        // sin(2πk/n) = cos(2π(k/n − 1/4)) = cos(2π |4k − n|/(4n)).
        long shifted = Math.abs(4 * k - n);
        return cosine(shifted, 4 * n);
    }

    /// Transforms in place.
    ///
    /// @param x       real parts, `n` of them
    /// @param y       imaginary parts
    /// @param inverse whether the exponent is positive
    public void transform(double[] x, double[] y, boolean inverse) {
        if (n < 2) {
            return;
        }
        // The inverse is the forward transform with real and imaginary parts exchanged.
        double[] a = inverse ? y : x;
        double[] b = inverse ? x : y;
        if (bluestein.isNeeded()) {
            bluestein.transform(a, b);
            return;
        }
        System.arraycopy(a, 0, re, 0, n);
        System.arraycopy(b, 0, im, 0, n);
        recurse(re, im, 0, 1, a, b, 0, n);
    }

    /// Decimation in time: `p` transforms of every `p`-th point, then `p`-point butterflies with the twiddle factors.
    private void recurse(double[] xr, double[] xi, int from, int stride, double[] yr, double[] yi, int at, int length) {
        if (length == 1) {
            yr[at] = xr[from];
            yi[at] = xi[from];
            return;
        }
        int p = length % 4 == 0 ? 4 : smallestFactor(length);
        int m = length / p;
        for (int q = 0; q < p; q++) {
            recurse(xr, xi, from + q * stride, stride * p, yr, yi, at + q * m, m);
        }
        double[] tr = new double[p];
        double[] ti = new double[p];
        int step = n / length;
        for (int k = 0; k < m; k++) {
            for (int q = 0; q < p; q++) {
                double c = cos[q * k * step];
                double s = -sin[q * k * step];
                double a = yr[at + q * m + k];
                double b = yi[at + q * m + k];
                tr[q] = a * c - b * s;
                ti[q] = a * s + b * c;
            }
            if (p == 2) {
                yr[at + k] = tr[0] + tr[1];
                yi[at + k] = ti[0] + ti[1];
                yr[at + m + k] = tr[0] - tr[1];
                yi[at + m + k] = ti[0] - ti[1];
            } else if (p == 4) {
                butterfly4(tr, ti, yr, yi, at + k, m);
            } else {
                butterfly(p, tr, ti, yr, yi, at + k, m);
            }
        }
    }

    private static void butterfly4(double[] tr, double[] ti, double[] yr, double[] yi, int at, int m) {
        double ar = tr[0] + tr[2];
        double ai = ti[0] + ti[2];
        double br = tr[0] - tr[2];
        double bi = ti[0] - ti[2];
        double cr = tr[1] + tr[3];
        double ci = ti[1] + ti[3];
        double dr = tr[1] - tr[3];
        double di = ti[1] - ti[3];
        yr[at] = ar + cr;
        yi[at] = ai + ci;
        yr[at + m] = br + di;
        yi[at + m] = bi - dr;
        yr[at + 2 * m] = ar - cr;
        yi[at + 2 * m] = ai - ci;
        yr[at + 3 * m] = br - di;
        yi[at + 3 * m] = bi + dr;
    }

    private void butterfly(int p, double[] tr, double[] ti, double[] yr, double[] yi, int at, int m) {
        int step = n / p;
        for (int k = 0; k < p; k++) {
            double a = tr[0];
            double b = ti[0];
            for (int q = 1; q < p; q++) {
                double c = cos[q * k % p * step];
                double s = -sin[q * k % p * step];
                a += tr[q] * c - ti[q] * s;
                b += tr[q] * s + ti[q] * c;
            }
            yr[at + k * m] = a;
            yi[at + k * m] = b;
        }
    }

    private static int smallestFactor(int n) {
        int p = 2;
        while (n % p != 0) {
            p++;
        }
        return p;
    }

    /// A transform of a length with a large prime factor as a convolution of a length that is a power of two:
    /// `jk = (j² + k² − (k − j)²)/2`.
    private static final class Bluestein {
        private final double[] chirpCos;
        private final double[] chirpSin;
        private final double[] filterRe;
        private final double[] filterIm;
        private final double[] workRe;
        private final double[] workIm;
        private final Dft[] padded;

        Bluestein(int n, boolean smooth) {
            int m = smooth ? 0 : Integer.highestOneBit(2 * n - 2) << 1;
            this.padded = smooth ? new Dft[0] : new Dft[] {new Dft(m)};
            this.chirpCos = new double[smooth ? 0 : n];
            this.chirpSin = new double[smooth ? 0 : n];
            this.filterRe = new double[m];
            this.filterIm = new double[m];
            this.workRe = new double[m];
            this.workIm = new double[m];
            if (!smooth) {
                for (int k = 0; k < n; k++) {
                    long square = (long) k * k % (2L * n);
                    chirpCos[k] = cosine(square, 2L * n);
                    chirpSin[k] = sine(square, 2L * n);
                    filterRe[k] = chirpCos[k];
                    filterIm[k] = chirpSin[k];
                    if (k > 0) {
                        filterRe[m - k] = chirpCos[k];
                        filterIm[m - k] = chirpSin[k];
                    }
                }
                padded[0].transform(filterRe, filterIm, false);
            }
        }

        boolean isNeeded() {
            return padded.length > 0;
        }

        void transform(double[] x, double[] y) {
            int n = chirpCos.length;
            int m = workRe.length;
            java.util.Arrays.fill(workRe, 0);
            java.util.Arrays.fill(workIm, 0);
            for (int k = 0; k < n; k++) {
                workRe[k] = x[k] * chirpCos[k] + y[k] * chirpSin[k];
                workIm[k] = y[k] * chirpCos[k] - x[k] * chirpSin[k];
            }
            padded[0].transform(workRe, workIm, false);
            for (int k = 0; k < m; k++) {
                double a = workRe[k] * filterRe[k] - workIm[k] * filterIm[k];
                workIm[k] = workRe[k] * filterIm[k] + workIm[k] * filterRe[k];
                workRe[k] = a;
            }
            padded[0].transform(workRe, workIm, true);
            for (int k = 0; k < n; k++) {
                double a = workRe[k] / m;
                double b = workIm[k] / m;
                x[k] = a * chirpCos[k] + b * chirpSin[k];
                y[k] = b * chirpCos[k] - a * chirpSin[k];
            }
        }
    }
}
