package kiln.math;

/// The vectorising loops of [Tiles] for the logarithms; one method per loop, as in [ExpTiles].
final class LogTiles {
    private LogTiles() {}

    private static final long SMALLEST_NORMAL = Double.doubleToRawLongBits(Double.MIN_NORMAL);
    private static final long LARGEST = Double.doubleToRawLongBits(Double.MAX_VALUE);

    /// The range of `1 + x` in [Elementary#log1p(double)].
    private static final long SMALLEST_SUM = Double.doubleToRawLongBits(0x1p-53);

    private static final long LARGEST_SUM = Double.doubleToRawLongBits(0x1p999);

    /// A range that the loops of `log1p` accept.
    static final double LOG1P_LOW = 0x1p-53 - 1;

    static final double LOG1P_HIGH = 0x1p998;

    static boolean log(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (outsideNormal(s.k, n)) {
            return false;
        }
        logOfBits(y, n, s);
        return true;
    }

    /// The logarithms of the positive normal numbers whose bits are in `s.k`, which is overwritten, as are `s.a` and `s.b`.
    static void logOfBits(double[] y, int n, TileScratch s) {
        split(s, n);
        logLoop(s.a, s.b, y, n);
    }

    static boolean log1p(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (ExpTiles.hasMinusZero(s.k, n)) {
            return false;
        }
        onePlus(x, s.c, n);
        s.bitsToK(s.c, n);
        if (outside(s.k, n, SMALLEST_SUM, LARGEST_SUM) < 0) {
            return false;
        }
        inverseScaleBits(s.k, s.l, n);
        s.bitsFromL(s.a, n);
        errors(x, s.c, s.a, s.d, n);
        split(s, n);
        corrections(s.a, s.d, n);
        log1pLoop(s.a, s.b, s.d, y, n);
        return true;
    }

    /// `log(u) + s.d` for positive normal numbers `u`, in place of which `y` may be, and corrections `s.d`.
    static void correctedLog(double[] u, double[] y, int n, TileScratch s) {
        s.bitsToK(u, n);
        split(s, n);
        log1pLoop(s.a, s.b, s.d, y, n);
    }

    /// From the bits of positive normal numbers in `s.k` to the significands in `s.a` and the exponents (plus an offset) in `s.b`.
    static void split(TileScratch s, int n) {
        splitBits(s.k, s.l, n);
        s.bitsFromL(s.b, n);
        s.bitsFromK(s.a, n);
    }

    /// Whether one of the first `n` is not the bits of a positive normal number.
    static boolean outsideNormal(long[] k, int n) {
        return outside(k, n, SMALLEST_NORMAL, LARGEST) < 0;
    }

    /// Negative if one of the first `n` is outside `[low, high]` as a signed integer, both ends positive.
    static long outside(long[] k, int n, long low, long high) {
        long bad = 0;
        for (int i = 0; i < n; i++) {
            bad |= k[i] | (k[i] - low) | (high - k[i]);
        }
        return bad;
    }

    static void splitBits(long[] k, long[] l, int n) {
        for (int i = 0; i < n; i++) {
            long split = Kernels.split(k[i]);
            l[i] = Kernels.exponentAsDoubleBits(split);
            k[i] = Kernels.significandBits(split);
        }
    }

    static void inverseScaleBits(long[] k, long[] l, int n) {
        for (int i = 0; i < n; i++) {
            l[i] = Kernels.inverseScaleBits(Kernels.split(k[i]));
        }
    }

    static void logLoop(double[] m, double[] e, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.log(m[i], e[i] - Kernels.EXPONENT_OFFSET);
        }
    }

    static void onePlus(double[] x, double[] u, int n) {
        for (int i = 0; i < n; i++) {
            u[i] = 1 + x[i];
        }
    }

    static void errors(double[] x, double[] u, double[] scale, double[] c, int n) {
        for (int i = 0; i < n; i++) {
            c[i] = Kernels.onePlusError(x[i], u[i]) * scale[i];
        }
    }

    static void corrections(double[] m, double[] c, int n) {
        for (int i = 0; i < n; i++) {
            c[i] = Kernels.correction(m[i], c[i]);
        }
    }

    static void log1pLoop(double[] m, double[] e, double[] c, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.log(m[i], e[i] - Kernels.EXPONENT_OFFSET, c[i]);
        }
    }
}
