package kiln.math;

/// Array versions of the functions of [Elementary], [Erf] and [Gamma] that HotSpot compiles to vector instructions.
///
/// Every method has the form `f(x, y, n)`: `y[i] = f(x[i])` for `0 ≤ i < n`, and **gives the same bits as the scalar function**, element
/// by element. `y` may be `x` itself; otherwise they must not overlap, which two Java arrays cannot. Nothing is allocated
/// after a thread's first call.
///
/// How: a tile of 480 elements goes through several short loops over plain indices (one method each, below 30 operations), with
/// bulk copies between `long[]` and `double[]` where the exponent bits are needed ([TileScratch]). The loops are the branch-free formulas of
/// [Kernels], which hold on the fast range only. A cheap test of the whole tile comes first; if any element is outside (NaN, ±∞,
/// overflow, subnormal, −0 where it matters), the tile is computed by the scalar function.
public final class Tiles {
    private Tiles() {}

    /// Elements per internal tile; longer arrays are split.
    public static final int TILE = TileScratch.LENGTH;

    /// One tile from index 0: reads `x`, writes `y`, returns false (having written nothing) when an element is outside the fast range.
    private interface Kernel {
        boolean apply(double[] x, double[] y, int n, TileScratch s);
    }

    /// The scalar function, for tiles outside the fast range.
    private interface Scalar {
        double apply(double x);
    }

    private static void run(Kernel kernel, Scalar scalar, double[] x, double[] y, int n) {
        TileScratch s = TileScratch.ofThread();
        if (n <= TILE) {
            if (!kernel.apply(x, y, n, s)) {
                scalarTile(scalar, x, y, n);
            }
            return;
        }
        for (int from = 0; from < n; from += TILE) {
            int m = Math.min(TILE, n - from);
            System.arraycopy(x, from, s.in, 0, m);
            if (!kernel.apply(s.in, s.out, m, s)) {
                scalarTile(scalar, s.in, s.out, m);
            }
            System.arraycopy(s.out, 0, y, from, m);
        }
    }

    private static void scalarTile(Scalar scalar, double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = scalar.apply(x[i]);
        }
    }

    /// `y[i] = exp(x[i])`, see [Elementary#exp(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void exp(double[] x, double[] y, int n) {
        run(ExpTiles::exp, Elementary::exp, x, y, n);
    }

    /// `y[i] = expm1(x[i])`, see [Elementary#expm1(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void expm1(double[] x, double[] y, int n) {
        run(ExpTiles::expm1, Elementary::expm1, x, y, n);
    }

    /// `y[i] = sigmoid(x[i])`, see [Elementary#sigmoid(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void sigmoid(double[] x, double[] y, int n) {
        run(ExpTiles::sigmoid, Elementary::sigmoid, x, y, n);
    }

    /// `y[i] = softplus(x[i])`, see [Elementary#softplus(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void softplus(double[] x, double[] y, int n) {
        run(ExpTiles::softplus, Elementary::softplus, x, y, n);
    }

    /// `y[i] = logSigmoid(x[i])`, see [Elementary#logSigmoid(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void logSigmoid(double[] x, double[] y, int n) {
        run(ExpTiles::logSigmoid, Elementary::logSigmoid, x, y, n);
    }

    /// `y[i] = tanh(x[i])`, see [Elementary#tanh(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void tanh(double[] x, double[] y, int n) {
        run(ExpTiles::tanh, Elementary::tanh, x, y, n);
    }

    /// `y[i] = log(x[i])`, see [Elementary#log(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void log(double[] x, double[] y, int n) {
        run(LogTiles::log, Elementary::log, x, y, n);
    }

    /// `y[i] = log1p(x[i])`, see [Elementary#log1p(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void log1p(double[] x, double[] y, int n) {
        run(LogTiles::log1p, Elementary::log1p, x, y, n);
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

    /// `y[i] = lgamma(x[i])`, see [Gamma#lgamma(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void lgamma(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Gamma.lgamma(x[i]);
        }
    }

    /// `y[i] = digamma(x[i])`, see [Gamma#digamma(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void digamma(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Gamma.digamma(x[i]);
        }
    }

    /// `y[i] = erf(x[i])`, see [Erf#erf(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void erf(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Erf.erf(x[i]);
        }
    }

    /// `y[i] = ndtr(x[i])`, see [Erf#ndtr(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void ndtr(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Erf.ndtr(x[i]);
        }
    }

    /// `y[i] = logNdtr(x[i])`, see [Erf#logNdtr(double)].
    ///
    /// @param x argument, any values
    /// @param y receives the result; may be `x`
    /// @param n number of elements, ≤ both lengths
    public static void logNdtr(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Erf.logNdtr(x[i]);
        }
    }
}
