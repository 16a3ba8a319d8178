package kiln.math;

/// The exponential integrals `Ei` and `E₁` for real arguments.
///
/// Series near 0 (DLMF 6.6.1, 6.6.2), Stieltjes' continued fraction for `E₁` from 1 on (DLMF 6.9.1), asymptotic series for
/// large positive arguments of `Ei` (DLMF 6.12.2). NaN gives NaN.
public final class ExpIntegral {
    private ExpIntegral() {}

    private static final double EULER = 0.5772156649015329;

    /// From here the smallest term of the asymptotic series of `Ei` is below `e^−40`.
    private static final double LARGE = 40;

    /// `Ei(x) = ⨍_{−∞}^x e^t/t dt`, a principal value for `x > 0`.
    ///
    /// @param x any value
    /// @return −∞ at 0; error below 1e-13 (`|Ei| + |x Ei'|`)
    public static double expi(double x) {
        if (x < 0) {
            return -exp1(-x);
        }
        if (x <= LARGE) {
            return EULER + Elementary.log(x) + series(x);
        }
        if (x == Double.POSITIVE_INFINITY) {
            return x;
        }
        double half = Elementary.exp(0.5 * x);
        double term = 1;
        double sum = 1;
        for (int k = 1; k < x && term > 1e-17; k++) {
            term *= k / x;
            sum += term;
        }
        return half * (half / x * sum);
    }

    /// `E₁(x) = ∫_x^∞ e^−t/t dt`.
    ///
    /// @param x ≥ 0
    /// @return ∞ at 0, NaN below; error below 1e-13 (`E₁ + e^−x`)
    public static double exp1(double x) {
        if (x <= 1) {
            return x < 0 ? Double.NaN : -EULER - Elementary.log(x) - series(-x);
        }
        return Elementary.exp(-x) * fraction(x);
    }

    /// `e^x E₁(x)`, which does not underflow.
    ///
    /// @param x ≥ 0
    /// @return ∞ at 0, NaN below; relative error below 1e-13
    public static double expe1(double x) {
        return x <= 1 ? Elementary.exp(x) * exp1(x) : fraction(x);
    }

    /// `Σ_{k ≥ 1} x^k / (k k!)`.
    private static double series(double x) {
        double power = 1;
        double sum = 0;
        for (int k = 1; k < 400; k++) {
            power *= x / k;
            double term = power / k;
            sum += term;
            if (Math.abs(term) <= 1e-17 * Math.abs(sum)) {
                break;
            }
        }
        return sum;
    }

    /// `1/(x + 1 − 1/(x + 3 − 4/(x + 5 − 9/(x + 7 − …))))` for `x ≥ 1`, from the inside out; what is left out is below 1e-16.
    private static double fraction(double x) {
        int depth = 6 + (int) (100 / x);
        double f = 0;
        for (int k = depth; k >= 1; k--) {
            f = (double) k * k / (x + (2 * k + 1) - f);
        }
        return 1 / (x + 1 - f);
    }
}
