package kiln.math;

/// The modified Bessel function of the first kind `I_v`, scaled so that it does not overflow, and what the von Mises family needs of it.
///
/// Three expansions cover the quarter plane `v ≥ 0, x ≥ 0` (DLMF 10.25.2, 10.40.1, 10.41.3): the power series, whose terms are all
/// positive; the asymptotic series for large `x`; the uniform asymptotic series for large orders. NaN gives NaN.
public final class Bessel {
    private Bessel() {}

    private static final double HALF_LOG_2PI = 0.9189385332046728;
    private static final double INVERSE_SQRT_2PI = 0.3989422804014327;

    /// From here the asymptotic series of orders 0 and 1 has a smallest term below `e^−40`.
    private static final double LARGE = 20;

    /// From here the uniform series is used: its tenth term is below 1e-16.
    private static final double LARGE_ORDER = 100;

    /// `e^−|x| I₀(x)`, even.
    ///
    /// @param x any value
    /// @return relative error below 1e-14
    public static double i0e(double x) {
        double a = Math.abs(x);
        return a < LARGE ? Elementary.exp(-a) * (1 + seriesTail(0, a)) : INVERSE_SQRT_2PI / Math.sqrt(a) * asymptotic(0, a);
    }

    /// `e^−|x| I₁(x)`, odd.
    ///
    /// @param x any value
    /// @return relative error below 1e-14
    public static double i1e(double x) {
        double a = Math.abs(x);
        double y = a < LARGE
                ? 0.5 * a * (Elementary.exp(-a) * (1 + seriesTail(1, a)))
                : INVERSE_SQRT_2PI / Math.sqrt(a) * asymptotic(1, a);
        return Math.copySign(y, x);
    }

    /// `log I₀(x)`, accurate near 0 too, where it is `x²/4`.
    ///
    /// @param x any value
    /// @return relative error below 1e-13
    public static double logI0(double x) {
        double a = Math.abs(x);
        return a < LARGE ? Elementary.log1p(seriesTail(0, a)) : a + Elementary.log(i0e(a));
    }

    /// `e^−x I_v(x)`.
    ///
    /// @param v order, ≥ 0
    /// @param x ≥ 0
    /// @return the value; NaN outside the domain. Relative error about 1e-13 times the condition number by `v` and `x`
    public static double ive(double v, double x) {
        return Elementary.exp(logIve(v, x));
    }

    /// `log(e^−x I_v(x))`, which neither overflows nor underflows.
    ///
    /// @param v order, ≥ 0
    /// @param x ≥ 0
    /// @return the value, −∞ where `I_v` is 0; NaN outside the domain
    public static double logIve(double v, double x) {
        if (!(v >= 0) || !(x >= 0)) {
            return Double.NaN;
        }
        if (x == 0) {
            return v == 0 ? 0 : Double.NEGATIVE_INFINITY;
        }
        if (x == Double.POSITIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        if (v >= LARGE_ORDER) {
            return uniform(v, x);
        }
        if (x >= Math.max(LARGE, 0.5 * v * v)) {
            return Elementary.log(asymptotic(v, x)) - HALF_LOG_2PI - 0.5 * Elementary.log(x);
        }
        return v * Elementary.log(0.5 * x) - Gamma.lgamma(v + 1) + (logSeries(v, x) - x);
    }

    /// The mean resultant length of a von Mises distribution, `A(x) = I₁(x)/I₀(x)`.
    ///
    /// @param x concentration
    public static double vonMisesA(double x) {
        return i1e(x) / i0e(x);
    }

    /// The logarithm of the normalising integral of a von Mises density, `log(2π I₀(x))`.
    ///
    /// @param x concentration, ≥ 0
    public static double vonMisesLogNorm(double x) {
        return 2 * HALF_LOG_2PI + logI0(x);
    }

    /// `Σ_{k ≥ 1} (x²/4)^k / (k! (v+1)…(v+k))`, which is `Γ(v+1) (x/2)^−v I_v(x) − 1`.
    private static double seriesTail(double v, double x) {
        double q = 0.25 * x * x;
        double term = 1;
        double sum = 0;
        for (int k = 1; term > 1e-18 * sum || k < 3; k++) {
            term *= q / (k * (v + k));
            sum += term;
            if (term == 0) {
                break;
            }
        }
        return Double.isNaN(x) ? x : sum;
    }

    /// The logarithm of 1 plus the same series, rescaled on the way where it would overflow.
    private static double logSeries(double v, double x) {
        double q = 0.25 * x * x;
        double term = 1;
        double tail = 0;
        int scalings = 0;
        for (int k = 1; term > 1e-18 * tail || k < 3; k++) {
            term *= q / (k * (v + k));
            tail += term;
            if (tail > 0x1p500) {
                tail *= 0x1p-500;
                term *= 0x1p-500;
                scalings++;
            }
            if (term == 0) {
                break;
            }
        }
        return scalings == 0 ? Elementary.log1p(tail) : scalings * (500 * 0.6931471805599453) + Elementary.log(tail);
    }

    /// `sqrt(2πx) e^−x I_v(x) = Σ (−1)^k (4v² − 1)(4v² − 9)…(4v² − (2k−1)²) / (k! (8x)^k)`.
    private static double asymptotic(double v, double x) {
        double mu = 4 * v * v;
        double term = 1;
        double sum = 1;
        for (int k = 1; k < 2 * x && Math.abs(term) > 1e-18; k++) {
            double odd = 2 * k - 1;
            term *= -((mu - odd * odd) / k) / x * 0.125;
            sum += term;
        }
        return Double.isNaN(x) ? x : sum;
    }

    /// `log(e^−x I_v(x))` with `x = v z`, `s = sqrt(1 + z²)`, `t = 1/s` (DLMF 10.41.3):
    /// `v (1/(s + z) + log(z/(1 + s))) − log(2πv)/2 − log(s)/2 + log Σ U_k(t)/v^k`.
    private static double uniform(double v, double x) {
        double z = x / v;
        double s = z > 1e8 ? z : Math.sqrt(1 + z * z);
        double t = 1 / s;
        double sum = 0;
        for (int k = DEBYE.length - 1; k >= 0; k--) {
            double u = 0;
            double[] c = DEBYE[k];
            for (int i = c.length - 1; i >= 0; i--) {
                u = Math.fma(u, t, c[i]);
            }
            sum = sum / v + u;
        }
        // log(z/(1 + s)) near 0 from below for large z: z/(1+s) = 1 − (1 + 1/(s+z))/(1+s).
        double gap = 1 / (s + z);
        double logRatio = z > 1 ? Elementary.log1p(-(1 + gap) / (1 + s)) : Elementary.log(z / (1 + s));
        return v * (gap + logRatio) - HALF_LOG_2PI - 0.5 * (Elementary.log(v) + Elementary.log(s)) + Elementary.log(sum);
    }

    /// The polynomials of DLMF 10.41.9, `U_{k+1}(t) = t²(1−t²) U_k'(t)/2 + ∫₀ᵗ (1 − 5s²) U_k(s) ds/8`, lowest power first.
    private static final double[][] DEBYE = debye(10);

    private static double[][] debye(int n) {
        double[][] u = new double[n][];
        u[0] = new double[] {1};
        for (int k = 0; k + 1 < n; k++) {
            double[] next = new double[3 * (k + 1) + 1];
            for (int i = 0; i < u[k].length; i++) {
                next[i + 1] += u[k][i] * (0.5 * i + 0.125 / (i + 1));
                next[i + 3] -= u[k][i] * (0.5 * i + 0.625 / (i + 3));
            }
            u[k + 1] = next;
        }
        return u;
    }
}
