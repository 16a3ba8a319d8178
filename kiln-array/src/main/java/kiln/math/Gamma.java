package kiln.math;

/// The gamma function, its logarithm, and what is built of it: beta function, binomial coefficients, the multivariate form.
///
/// The derivatives of `log Γ` are here as [#digamma(double)], [#trigamma(double)] and [#polygamma(int, double)]. The incomplete
/// functions are in [GammaInc] and [Beta]. NaN gives NaN everywhere.
public final class Gamma {
    private Gamma() {}

    private static final double HALF_LOG_2PI = 0.9189385332046728;
    private static final double SQRT_2PI = 2.5066282746310007;
    private static final double LOG_PI = 1.1447298858494002;

    /// `log Γ(x) − ((x − 1/2) log x − x + log(2π)/2)` for `x ≥ 8`, the sum of `B₂ₖ / (2k (2k − 1) x^(2k−1))`.
    static double stirlingSeries(double x) {
        double z = 1 / x;
        double z2 = z * z;
        double p = -0.029550653594771242;
        p = Math.fma(p, z2, 0.00641025641025641);
        p = Math.fma(p, z2, -0.0019175269175269176);
        p = Math.fma(p, z2, 0.0008417508417508417);
        p = Math.fma(p, z2, -0.0005952380952380953);
        p = Math.fma(p, z2, 0.0007936507936507937);
        p = Math.fma(p, z2, -0.002777777777777778);
        p = Math.fma(p, z2, 0.08333333333333333);
        return p * z;
    }

    /// The logarithm of the absolute value of the gamma function.
    ///
    /// A polynomial around 2 and a logarithm below 2.5, Stirling's formula with an exact rest from there on, reflection
    /// below −1/2. Error below 7 ulp for positive arguments, also next to the zeros at 1 and 2; next to the zeros on the negative axis the
    /// absolute error is about 1e-15.
    ///
    /// @param x any value
    /// @return `log|Γ(x)|`; ∞ at 0, at negative integers and at ±∞
    public static double lgamma(double x) {
        if (x >= GammaKernels.STIRLING) {
            double log = Elementary.log(x);
            return x > GammaTiles.LGAMMA_HIGH ? x * (log - 1) : GammaKernels.stirling(x, log, GammaKernels.inverse(x));
        }
        if (x >= GammaTiles.LGAMMA_LOW) {
            double nearest = GammaKernels.nearest(x);
            return GammaKernels.lgammaNearTwo(x - nearest) - Elementary.log(GammaKernels.divisor(x, nearest));
        }
        if (x > -0.5) {
            return GammaKernels.lgammaNearTwo(x) - Elementary.log1p(x) - Elementary.log(Math.abs(x));
        }
        if (Double.isNaN(x)) {
            return x;
        }
        double sine = Math.abs(sinPi(x));
        return sine == 0 || x == Double.NEGATIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : LOG_PI - Elementary.log(-x * sine) - lgamma(-x);
    }

    /// `log Γ(1 + x)`, accurate also for tiny `x`.
    ///
    /// @param x > −1 for a finite value
    /// @return `log|Γ(1 + x)|`
    public static double lgamma1p(double x) {
        if (Math.abs(x) < 0.5) {
            return GammaKernels.lgammaNearTwo(x) - Elementary.log1p(x);
        }
        return x >= 0.5 && x <= 1.5 ? GammaKernels.lgammaNearTwo(x - 1) : lgamma(1 + x);
    }

    /// `sin(πx)`, exactly 0 at integers.
    static double sinPi(double x) {
        double n = Math.rint(x);
        double s = Elementary.sin(Math.PI * (x - n));
        // n is odd when its half is not an integer.
        return Math.rint(0.5 * n) * 2 == n ? s : -s;
    }

    /// The gamma function.
    ///
    /// Exact for integers up to 23, relative error of about 1e-15 elsewhere (2e-14 next to overflow).
    ///
    /// @param x any value
    /// @return `Γ(x)`; ±∞ at ±0, NaN at negative integers and −∞, ∞ above 171.62
    public static double gamma(double x) {
        if (x >= 20) {
            if (x == Math.rint(x) && x <= 23) {
                return fallingFrom(x);
            }
            if (x > 171.7) {
                return Double.POSITIVE_INFINITY;
            }
            double w = StrictMath.pow(x, 0.5 * x - 0.25);
            return w * Elementary.exp(-x) * w * (SQRT_2PI * Elementary.exp(stirlingSeries(x)));
        }
        if (x >= 2.5) {
            return fallingFrom(x);
        }
        if (x >= 1.5) {
            return Elementary.exp(GammaKernels.lgammaNearTwo(x - 2));
        }
        if (x >= 0.5) {
            return Elementary.exp(GammaKernels.lgammaNearTwo(x - 1)) / x;
        }
        if (x > -0.5) {
            return Elementary.exp(GammaKernels.lgammaNearTwo(x)) / (x * (1 + x));
        }
        if (Double.isNaN(x)) {
            return x;
        }
        double sine = sinPi(x);
        return sine == 0 || Double.isInfinite(x) ? Double.NaN : -Math.PI / (x * sine) / gamma(-x);
    }

    /// `Γ(x)` for `x ≥ 2.5` as the product of `x − 1, x − 2, …` and the function in `[1.5, 2.5)`.
    private static double fallingFrom(double x) {
        double y = x - 1;
        double product = y;
        while (y >= 2.5) {
            y -= 1;
            product *= y;
        }
        return product * Elementary.exp(GammaKernels.lgammaNearTwo(y - 2));
    }

    /// The logarithmic derivative of the gamma function, `ψ(x) = Γ′(x)/Γ(x)`.
    ///
    /// A polynomial around 2 and the recurrence below 2.5, Stirling's formula differentiated, with an exact rest, from there on, reflection
    /// for `x < 0`. Absolute error below 4e-16 around the zero at 1.4616, error below 10 ulp elsewhere (`|ψ(x)| > 0.3`) for `x > 0`.
    ///
    /// @param x any value
    /// @return `ψ(x)`; ∓∞ at ±0, NaN at negative integers and −∞
    public static double digamma(double x) {
        return Polygamma.digamma(x);
    }

    /// The second derivative of `log Γ`, `ψ′(x)`.
    ///
    /// Computed as [#digamma(double)] is. Error below 4 ulp for `x > 0`.
    ///
    /// @param x any value
    /// @return `ψ′(x)`; ∞ at 0 and at negative integers
    public static double trigamma(double x) {
        return Polygamma.trigamma(x);
    }

    /// The derivative of order `n` of [#digamma(double)].
    ///
    /// ```
    /// ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x)
    /// ```
    ///
    /// @param n order, ≥ 0; 0 is digamma itself
    /// @param x any value
    /// @return `ψ⁽ⁿ⁾(x)`, relative error about 1e-15 for `x > 0`
    /// @throws IllegalArgumentException if `n < 0`
    public static double polygamma(int n, double x) {
        if (n < 0) {
            throw new IllegalArgumentException(
                    "polygamma: the order must be >= 0.\n  Got:      n = " + n + "\n  Fix:      digamma is polygamma(0, x).");
        }
        return n == 0 ? Polygamma.digamma(x) : Polygamma.polygamma(n, x);
    }

    /// The error of Stirling's formula.
    ///
    /// ```
    /// stirlingError(x) = log Γ(x + 1) − (x + 1/2) log x + x − log(2π)/2
    /// ```
    ///
    /// The recurrence below 10 is a series of positive terms, so that nothing cancels: relative error below 1e-14.
    ///
    /// Source: C. Loader, *Fast and accurate computation of binomial probabilities* (2000), for the use; series of our own.
    ///
    /// @param x > 0
    /// @return about `1/(12 x)`
    public static double stirlingError(double x) {
        if (x >= 10) {
            return stirlingSeries(x);
        }
        if (x <= 2) {
            return lgamma1p(x) - (x + 0.5) * Elementary.log(x) + (x - HALF_LOG_2PI);
        }
        double sum = 0;
        double y = x;
        for (; y < 10; y += 1) {
            // stirlingError(y) − stirlingError(y + 1) = atanh(t)/t − 1
            double t = 1 / (2 * y + 1);
            double t2 = t * t;
            double power = t2;
            for (int k = 3; power > 1e-19; k += 2) {
                sum += power / k;
                power *= t2;
            }
        }
        return sum + stirlingSeries(y);
    }

    /// `log(1 + x) − x`, accurate also near 0.
    ///
    /// ```
    /// log(1 + x) − x = s (R(s²) − x),  s = x/(2 + x),  2 atanh(s) = 2s + s R(s²)
    /// ```
    ///
    /// @param x ≥ −1
    /// @return a value ≤ 0; relative error of a few ulp
    public static double log1pmx(double x) {
        if (x >= -0.5 && x <= 1) {
            double s = x / (2 + x);
            double z = s * s;
            return s * (z * Kernels.atanhTailWide(z) - x);
        }
        return Elementary.log1p(x) - x;
    }

    /// The logarithm of the beta function, `log(Γ(a) Γ(b) / Γ(a + b))`.
    ///
    /// Where an argument exceeds 10, Stirling's formula is applied before the difference is taken, so that
    /// `b ≫ a` does not cancel.
    ///
    /// @param a > 0
    /// @param b > 0
    /// @return `log B(a, b)`; ∞ where one argument is 0
    public static double lbeta(double a, double b) {
        double p = Math.min(a, b);
        double q = Math.max(a, b);
        if (!(p > 0)) {
            return p == 0 && q > 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        if (q == Double.POSITIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        if (p == 1 || q == 1) {
            // Binomial coefficients of nothing and all are 1, to the last digit.
            return -Elementary.log(p == 1 ? q : p);
        }
        double sum = p + q;
        if (p >= 10) {
            double correction = stirlingSeries(p) + stirlingSeries(q) - stirlingSeries(sum);
            return (HALF_LOG_2PI - 0.5 * Elementary.log(q) + correction)
                    + ((p - 0.5) * Elementary.log(p / sum) + q * Elementary.log1p(-p / sum));
        }
        if (q >= 10) {
            double correction = stirlingSeries(q) - stirlingSeries(sum);
            return lgamma(p) + correction + p - p * Elementary.log(sum) + (q - 0.5) * Elementary.log1p(-p / sum);
        }
        return lgamma(p) + (lgamma(q) - lgamma(sum));
    }

    /// `log(a B(a, b))` of a small first argument, of the size of which it is, from 1 + a and differences of `log Γ` at b.
    ///
    /// @param a > 0, below 1
    /// @param b > 0
    static double lbetaSmall(double a, double b) {
        double steps = 0;
        double q = b;
        for (; q < 10; q++) {
            steps += Elementary.log1p(a / q);
        }
        double sum = a + q;
        double far = stirlingSeries(q) - stirlingSeries(sum) + (a - a * Elementary.log(sum) - (q - 0.5) * Elementary.log1p(a / q));
        return lgamma1p(a) + (steps + far);
    }

    /// The beta function, `exp` of [#lbeta(double, double)].
    ///
    /// @param a > 0
    /// @param b > 0
    /// @return `B(a, b)`
    public static double beta(double a, double b) {
        return Elementary.exp(lbeta(a, b));
    }

    /// The logarithm of the binomial coefficient for real arguments.
    ///
    /// ```
    /// log C(n, k) = −log(n + 1) − log B(n − k + 1, k + 1)
    /// ```
    ///
    /// @param n > −1
    /// @param k in `[0, n]` (in `(−1, n + 1)` for a finite value)
    /// @return `log C(n, k)`
    public static double logBinomial(double n, double k) {
        if (k == 0 || k == n) {
            return 0;
        }
        return -Elementary.log1p(n) - lbeta(n - k + 1, k + 1);
    }

    /// The logarithm of the multivariate gamma function.
    ///
    /// ```
    /// log Γ_d(a) = d (d − 1)/4 log π + Σ_{j<d} log Γ(a − j/2)
    /// ```
    ///
    /// @param a > (d − 1)/2
    /// @param d dimension, ≥ 1
    /// @return `log Γ_d(a)`
    public static double multigammaln(double a, int d) {
        double sum = 0.25 * d * (d - 1.0) * LOG_PI;
        for (int j = 0; j < d; j++) {
            sum += lgamma(a - 0.5 * j);
        }
        return sum;
    }
}
