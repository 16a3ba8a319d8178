package kiln.math;

/// Array versions of the functions of [Elementary], [Erf] and [Gamma] that HotSpot compiles to vector instructions.
///
/// Every method but `pow` and those of two results has the form `f(x, y, n)`: `y[i] = f(x[i])` for `0 ≤ i < n`, and **gives the
/// same bits as the scalar function**, element by element. `y` may be `x` itself; otherwise they must not overlap, which two Java
/// arrays cannot.
/// Nothing is allocated after a thread's first call.
///
/// How: a tile of 480 elements goes through several short loops over plain indices (one method each, below 30 operations or
/// so), with bulk copies between `long[]` and `double[]` where the exponent bits are needed ([TileScratch]). The loops are the
/// branch-free formulas of [Kernels], [GammaKernels], [ErfKernels], [TrigKernels] and [PowKernels], which hold on the fast range
/// only. A cheap test of the whole tile comes first; if any element is outside (NaN, ±∞, overflow, subnormal, −0 where it
/// matters), it is put aside, and computed by the scalar function afterwards.
public final class Tiles {
    private Tiles() {}

    /// Elements per internal tile; longer arrays are split.
    public static final int TILE = TileScratch.LENGTH;

    /// Bytes before the elements of an array, and bytes of a cache line; where they are others, loops are as fast as it happens.
    private static final int HEADER = 16;

    private static final int LINE = 64;

    /// {@return the length of an array for `n` doubles or longs, those of a tile at most, that fills whole cache lines}
    ///
    /// Arrays allocated one after the other then begin at the same place of a line, so that a vector loop over several of them, which HotSpot
    /// aligns for one, reads and writes whole lines in all. A loop that adds two tiles to two others takes 40 ns instead of 70.
    ///
    /// @param n number of elements
    public static int room(int n) {
        int bytes = HEADER + Double.BYTES * n;
        return (Math.ceilDiv(bytes, LINE) * LINE - HEADER) / Double.BYTES;
    }

    /// One tile from index 0: reads `x`, writes `y`, returns false (having written nothing) when an element is outside the fast range.
    private interface Kernel {
        boolean apply(double[] x, double[] y, int n, TileScratch s);
    }

    /// [Kernel] with two results, which may hold anything when it returns false.
    private interface PairKernel {
        boolean apply(double[] x, double[] y, double[] z, int n, TileScratch s);
    }

    /// The scalar function, for what is outside the fast range.
    private interface Scalar {
        double apply(double x);
    }

    private static void run(Kernel kernel, Scalar scalar, double low, double high, double[] x, double[] y, int n) {
        TileScratch s = TileScratch.ofThread();
        if (n <= TILE) {
            if (!kernel.apply(x, y, n, s)) {
                apart(kernel, scalar, low, high, x, y, n, s);
            }
            return;
        }
        for (int from = 0; from < n; from += TILE) {
            int m = Math.min(TILE, n - from);
            System.arraycopy(x, from, s.in, 0, m);
            if (!kernel.apply(s.in, s.out, m, s)) {
                apart(kernel, scalar, low, high, s.in, s.out, m, s);
            }
            System.arraycopy(s.out, 0, y, from, m);
        }
    }

    private static void run(
            PairKernel kernel, Scalar first, Scalar second, double low, double high, double[] x, double[] y, double[] z, int n) {
        TileScratch s = TileScratch.ofThread();
        if (n <= TILE) {
            if (!kernel.apply(x, y, z, n, s)) {
                apart(kernel, first, second, low, high, x, y, z, n, s);
            }
            return;
        }
        for (int from = 0; from < n; from += TILE) {
            int m = Math.min(TILE, n - from);
            System.arraycopy(x, from, s.in, 0, m);
            if (!kernel.apply(s.in, s.out, s.out2, m, s)) {
                apart(kernel, first, second, low, high, s.in, s.out, s.out2, m, s);
            }
            System.arraycopy(s.out, 0, y, from, m);
            System.arraycopy(s.out2, 0, z, from, m);
        }
    }

    /// A tile with elements outside `[low, high]`, which the kernel accepts: they are replaced for the kernel, and computed on their own.
    private static void apart(Kernel kernel, Scalar scalar, double low, double high, double[] x, double[] y, int n, TileScratch s) {
        int count = setAside(low, high, x, n, s);
        accepted(kernel.apply(s.in, y, n, s), low, high);
        putBack(scalar, y, count, s);
    }

    private static void apart(
            PairKernel kernel,
            Scalar first,
            Scalar second,
            double low,
            double high,
            double[] x,
            double[] y,
            double[] z,
            int n,
            TileScratch s) {
        int count = setAside(low, high, x, n, s);
        accepted(kernel.apply(s.in, y, z, n, s), low, high);
        putBack(first, y, count, s);
        putBack(second, z, count, s);
    }

    /// Copies `x` to `s.in` with replacements for the elements outside, and returns how many were put aside.
    private static int setAside(double low, double high, double[] x, int n, TileScratch s) {
        double replacement = Math.max(low, Math.min(high, 1));
        int count = 0;
        for (int i = 0; i < n; i++) {
            double v = x[i];
            // A zero may be one of the wrong sign.
            if (!(v >= low && v <= high && v != 0)) {
                s.asideIndex[count] = i;
                s.asideValue[count++] = v;
                v = replacement;
            }
            s.in[i] = v;
        }
        return count;
    }

    private static void accepted(boolean accepted, double low, double high) {
        if (!accepted) {
            throw new AssertionError("a tile function rejects its own range, [" + low + ", " + high + "]");
        }
    }

    private static void putBack(Scalar scalar, double[] y, int count, TileScratch s) {
        for (int i = 0; i < count; i++) {
            y[s.asideIndex[i]] = scalar.apply(s.asideValue[i]);
        }
    }

    /// `y[i] = exp(x[i])`, see [Elementary#exp(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void exp(double[] x, double[] y, int n) {
        run(ExpTiles::exp, Elementary::exp, -ExpTiles.RANGE, ExpTiles.RANGE, x, y, n);
    }

    /// `y[i] = expm1(x[i])`, see [Elementary#expm1(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void expm1(double[] x, double[] y, int n) {
        run(ExpTiles::expm1, Elementary::expm1, -ExpTiles.RANGE, ExpTiles.RANGE, x, y, n);
    }

    /// `y[i] = sigmoid(x[i])`, see [Elementary#sigmoid(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void sigmoid(double[] x, double[] y, int n) {
        run(ExpTiles::sigmoid, Elementary::sigmoid, -ExpTiles.RANGE, ExpTiles.RANGE, x, y, n);
    }

    /// `y[i] = softplus(x[i])`, see [Elementary#softplus(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void softplus(double[] x, double[] y, int n) {
        run(ExpTiles::softplus, Elementary::softplus, -ExpTiles.RANGE, ExpTiles.RANGE, x, y, n);
    }

    /// `softplus[i] = softplus(x[i])` and `sigmoid[i] = sigmoid(x[i])`, the bits of [#softplus(double[], double[], int)] and of
    /// [#sigmoid(double[], double[], int)], with what they share computed once. The three arrays must be distinct.
    ///
    /// @param x argument, any values
    /// @param softplus receives the first result
    /// @param sigmoid receives the second result
    /// @param n number of elements, ≤ all lengths
    public static void softplusSigmoid(double[] x, double[] softplus, double[] sigmoid, int n) {
        double range = ExpTiles.RANGE;
        run(ExpTiles::softplusSigmoid, Elementary::softplus, Elementary::sigmoid, -range, range, x, softplus, sigmoid, n);
    }

    /// `y[i] = logSigmoid(x[i])`, see [Elementary#logSigmoid(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void logSigmoid(double[] x, double[] y, int n) {
        run(ExpTiles::logSigmoid, Elementary::logSigmoid, -ExpTiles.RANGE, ExpTiles.RANGE, x, y, n);
    }

    /// `y[i] = tanh(x[i])`, see [Elementary#tanh(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void tanh(double[] x, double[] y, int n) {
        run(ExpTiles::tanh, Elementary::tanh, -Elementary.TANH_FAST, Elementary.TANH_FAST, x, y, n);
    }

    /// `y[i] = log(x[i])`, see [Elementary#log(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void log(double[] x, double[] y, int n) {
        run(LogTiles::log, Elementary::log, Double.MIN_NORMAL, Double.MAX_VALUE, x, y, n);
    }

    /// `y[i] = log1p(x[i])`, see [Elementary#log1p(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void log1p(double[] x, double[] y, int n) {
        run(LogTiles::log1p, Elementary::log1p, LogTiles.LOG1P_LOW, LogTiles.LOG1P_HIGH, x, y, n);
    }

    /// `y[i] = sqrt(x[i])`, correctly rounded.
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void sqrt(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.sqrt(x[i]);
        }
    }

    /// `y[i] = log1mexp(x[i])`, see [Elementary#log1mexp(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void log1mexp(double[] x, double[] y, int n) {
        run(ExpTiles::log1mexp, Elementary::log1mexp, ExpTiles.LOG1MEXP_LOW, ExpTiles.LOG1MEXP_HIGH, x, y, n);
    }

    /// `y[i] = lgamma(x[i])`, see [Gamma#lgamma(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void lgamma(double[] x, double[] y, int n) {
        run(GammaTiles::lgamma, Gamma::lgamma, GammaTiles.LGAMMA_LOW, GammaTiles.LGAMMA_HIGH, x, y, n);
    }

    /// `y[i] = digamma(x[i])`, see [Gamma#digamma(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void digamma(double[] x, double[] y, int n) {
        run(GammaTiles::digamma, Gamma::digamma, GammaTiles.DIGAMMA_LOW, GammaTiles.DIGAMMA_HIGH, x, y, n);
    }

    /// `lgamma[i] = lgamma(x[i])` and `digamma[i] = digamma(x[i])`, the bits of [#lgamma(double[], double[], int)] and of
    /// [#digamma(double[], double[], int)], with what they share computed once. The three arrays must be distinct.
    ///
    /// @param x argument, any values
    /// @param lgamma receives the first result
    /// @param digamma receives the second result
    /// @param n number of elements, ≤ all lengths
    public static void lgammaDigamma(double[] x, double[] lgamma, double[] digamma, int n) {
        double low = GammaTiles.DIGAMMA_LOW;
        double high = GammaTiles.DIGAMMA_HIGH;
        run(GammaTiles::lgammaDigamma, Gamma::lgamma, Gamma::digamma, low, high, x, lgamma, digamma, n);
    }

    /// `y[i] = trigamma(x[i])`, see [Gamma#trigamma(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void trigamma(double[] x, double[] y, int n) {
        run(GammaTiles::trigamma, Gamma::trigamma, GammaTiles.DIGAMMA_LOW, GammaTiles.DIGAMMA_HIGH, x, y, n);
    }

    /// `y[i] = erf(x[i])`, see [Erf#erf(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void erf(double[] x, double[] y, int n) {
        run(ErfTiles::erf, Erf::erf, -ErfTiles.ERFC_RANGE, ErfTiles.ERFC_RANGE, x, y, n);
    }

    /// `y[i] = erfc(x[i])`, see [Erf#erfc(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void erfc(double[] x, double[] y, int n) {
        run(ErfTiles::erfc, Erf::erfc, -ErfTiles.ERFC_RANGE, ErfTiles.ERFC_RANGE, x, y, n);
    }

    /// `y[i] = erfcx(x[i])`, see [Erf#erfcx(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void erfcx(double[] x, double[] y, int n) {
        run(ErfTiles::erfcx, Erf::erfcx, 0, ErfKernels.ERFCX_HIGH, x, y, n);
    }

    /// `y[i] = ndtr(x[i])`, see [Erf#ndtr(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void ndtr(double[] x, double[] y, int n) {
        run(ErfTiles::ndtr, Erf::ndtr, -ErfTiles.NDTR_RANGE, ErfTiles.NDTR_RANGE, x, y, n);
    }

    /// `y[i] = logNdtr(x[i])`, see [Erf#logNdtr(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void logNdtr(double[] x, double[] y, int n) {
        run(ErfTiles::logNdtr, Erf::logNdtr, ErfTiles.LOG_NDTR_LOW, ErfTiles.NDTR_RANGE, x, y, n);
    }

    /// `y[i] = logNdtrDerivative(x[i])`, see [Erf#logNdtrDerivative(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void logNdtrDerivative(double[] x, double[] y, int n) {
        run(ErfTiles::logNdtrDerivative, Erf::logNdtrDerivative, ErfTiles.LOG_NDTR_LOW, ErfTiles.NDTR_RANGE, x, y, n);
    }

    /// `logNdtr[i] = logNdtr(x[i])` and `derivative[i] = logNdtrDerivative(x[i])`, the bits of [#logNdtr(double[], double[], int)] and of
    /// [#logNdtrDerivative(double[], double[], int)], with what they share computed once. The three arrays must be distinct.
    ///
    /// @param x argument, any values
    /// @param logNdtr receives the first result
    /// @param derivative receives the second result
    /// @param n number of elements, ≤ all lengths
    public static void logNdtrAndDerivative(double[] x, double[] logNdtr, double[] derivative, int n) {
        double low = ErfTiles.LOG_NDTR_LOW;
        double high = ErfTiles.NDTR_RANGE;
        run(ErfTiles::logNdtrAndDerivative, Erf::logNdtr, Erf::logNdtrDerivative, low, high, x, logNdtr, derivative, n);
    }

    /// `y[i] = sin(x[i])`, see [Elementary#sin(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void sin(double[] x, double[] y, int n) {
        run(TrigTiles::sin, Elementary::sin, -TrigKernels.RANGE, TrigKernels.RANGE, x, y, n);
    }

    /// `y[i] = cos(x[i])`, see [Elementary#cos(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void cos(double[] x, double[] y, int n) {
        run(TrigTiles::cos, Elementary::cos, -TrigKernels.RANGE, TrigKernels.RANGE, x, y, n);
    }

    /// `z[i] = pow(x[i], y[i])`, see [Elementary#pow(double, double)].
    ///
    /// @param x bases, any values
    /// @param y exponents, any values
    /// @param z receives the result; may be `x` or `y`
    /// @param n number of elements, ≤ all lengths
    public static void pow(double[] x, double[] y, double[] z, int n) {
        TileScratch s = TileScratch.ofThread();
        for (int from = 0; from < n; from += TILE) {
            int m = Math.min(TILE, n - from);
            System.arraycopy(x, from, s.in, 0, m);
            System.arraycopy(y, from, s.in2, 0, m);
            if (!PowTiles.pow(s.in, s.in2, s.out, m, s)) {
                powApart(m, s);
            }
            System.arraycopy(s.out, 0, z, from, m);
        }
    }

    /// A tile of powers with pairs that the loops do not accept: they become `1^1` for the loops, and are computed on their own.
    private static void powApart(int n, TileScratch s) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            double x = s.in[i];
            double y = s.in2[i];
            boolean accepted = x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE && Math.abs(y * Elementary.log(x)) <= PowTiles.RANGE;
            if (!accepted) {
                s.asideIndex[count] = i;
                s.asideValue[count++] = Elementary.pow(x, y);
                s.in[i] = 1;
                s.in2[i] = 1;
            }
        }
        if (!PowTiles.pow(s.in, s.in2, s.out, n, s)) {
            throw new AssertionError("pow rejects its own range");
        }
        for (int i = 0; i < count; i++) {
            s.out[s.asideIndex[i]] = s.asideValue[i];
        }
    }
}
