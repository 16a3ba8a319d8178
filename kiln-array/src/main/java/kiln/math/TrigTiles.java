package kiln.math;

/// The vectorising loops of [Tiles] for sine and cosine; one method per loop, as in [ExpTiles].
final class TrigTiles {
    private TrigTiles() {}

    private static final long RANGE_BITS = Double.doubleToRawLongBits(TrigKernels.RANGE);

    static boolean sin(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if ((ErfTiles.outside(s.k, n, RANGE_BITS, RANGE_BITS) | (ExpTiles.hasMinusZero(s.k, n) ? -1 : 0)) < 0) {
            return false;
        }
        turned(x, y, 0, n, s);
        return true;
    }

    static boolean cos(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (ErfTiles.outside(s.k, n, RANGE_BITS, RANGE_BITS) < 0) {
            return false;
        }
        turned(x, y, 1, n, s);
        return true;
    }

    /// [TrigKernels#sinOfTurned(double, int)]
    private static void turned(double[] x, double[] y, int quarters, int n, TileScratch s) {
        turns(x, s.a, n);
        s.bitsToL(s.a, n);
        signs(s.l, s.k, quarters, n);
        odds(s.l, quarters, n);
        reduce(x, s.a, s.b, n);
        reduceLow(x, s.a, s.c, n);
        s.bitsFromL(s.w, n);
        sinLoop(s.b, s.c, s.a, n);
        cosLoop(s.b, s.c, s.d, n);
        s.bitsFromK(s.b, n);
        choose(s.w, s.a, s.d, s.b, y, n);
    }

    static void turns(double[] x, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = TrigKernels.turns(x[i]);
        }
    }

    static void signs(long[] l, long[] k, int quarters, int n) {
        for (int i = 0; i < n; i++) {
            k[i] = TrigKernels.signBits(l[i] + quarters);
        }
    }

    static void odds(long[] l, int quarters, int n) {
        for (int i = 0; i < n; i++) {
            l[i] = TrigKernels.oddBits(l[i] + quarters);
        }
    }

    static void reduce(double[] x, double[] turns, double[] r, int n) {
        for (int i = 0; i < n; i++) {
            r[i] = TrigKernels.reduce(x[i], turns[i] - Kernels.MAGIC);
        }
    }

    static void reduceLow(double[] x, double[] turns, double[] low, int n) {
        for (int i = 0; i < n; i++) {
            low[i] = TrigKernels.reduceLow(x[i], turns[i] - Kernels.MAGIC);
        }
    }

    static void sinLoop(double[] r, double[] low, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = TrigKernels.sin(r[i], low[i]);
        }
    }

    static void cosLoop(double[] r, double[] low, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = TrigKernels.cos(r[i], low[i]);
        }
    }

    /// `±b` where the weight is 1, `±a` where it is 0.
    static void choose(double[] w, double[] a, double[] b, double[] sign, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = sign[i] * Math.fma(w[i], b[i], (1 - w[i]) * a[i]);
        }
    }
}
