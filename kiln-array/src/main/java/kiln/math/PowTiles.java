package kiln.math;

/// The vectorising loops of [Tiles] for powers; one method per loop, as in [ExpTiles].
final class PowTiles {
    private PowTiles() {}

    /// Up to this magnitude of `y log x` the loops accept a pair.
    static final double RANGE = ExpTiles.RANGE;

    static boolean pow(double[] x, double[] y, double[] z, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outsideNormal(s.k, n)) {
            return false;
        }
        LogTiles.split(s, n);
        quotients(s.a, s.c, n);
        quotientLows(s.a, s.c, s.d, n);
        slopes(s.c, s.w, n);
        cubics(s.c, s.w, s.a, n);
        cubicLows(s.c, s.d, s.w, n);
        logLows(s.b, s.c, s.d, s.a, s.w, n);
        logs(s.b, s.c, s.a, n);
        products(y, s.a, s.w, s.b, n);
        productLows(y, s.a, s.w, s.b, s.c, n);
        ExpTiles.exponents(s.b, s.a, n);
        if (!ExpTiles.scales(s.a, n, s)) {
            return false;
        }
        expLoop(s.b, s.c, s.a, z, n);
        return true;
    }

    static void quotients(double[] m, double[] s, int n) {
        for (int i = 0; i < n; i++) {
            s[i] = PowKernels.quotient(m[i]);
        }
    }

    static void quotientLows(double[] m, double[] s, double[] low, int n) {
        for (int i = 0; i < n; i++) {
            low[i] = PowKernels.quotientLow(m[i], s[i]);
        }
    }

    static void slopes(double[] s, double[] q, int n) {
        for (int i = 0; i < n; i++) {
            q[i] = PowKernels.slope(s[i]);
        }
    }

    static void cubics(double[] s, double[] q, double[] c, int n) {
        for (int i = 0; i < n; i++) {
            c[i] = PowKernels.cubic(s[i], q[i]);
        }
    }

    /// From `q` to what the cubic term rounded off, in place.
    static void cubicLows(double[] s, double[] sLow, double[] q, int n) {
        for (int i = 0; i < n; i++) {
            q[i] = PowKernels.cubicLow(s[i], sLow[i], q[i]);
        }
    }

    /// From what the cubic term rounded off to what the logarithm did, in place.
    static void logLows(double[] e, double[] s, double[] sLow, double[] c, double[] low, int n) {
        for (int i = 0; i < n; i++) {
            low[i] = PowKernels.logLow(e[i] - Kernels.EXPONENT_OFFSET, s[i], sLow[i], c[i], low[i]);
        }
    }

    /// From the cubic term to the logarithm, in place.
    static void logs(double[] e, double[] s, double[] c, int n) {
        for (int i = 0; i < n; i++) {
            c[i] = PowKernels.log(e[i] - Kernels.EXPONENT_OFFSET, s[i], c[i]);
        }
    }

    static void products(double[] y, double[] log, double[] logLow, double[] p, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = PowKernels.product(y[i], log[i], logLow[i]);
        }
    }

    static void productLows(double[] y, double[] log, double[] logLow, double[] p, double[] low, int n) {
        for (int i = 0; i < n; i++) {
            low[i] = PowKernels.productLow(y[i], log[i], logLow[i], p[i]);
        }
    }

    static void expLoop(double[] p, double[] low, double[] s, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = PowKernels.exp(p[i], low[i], s[i]);
        }
    }
}
