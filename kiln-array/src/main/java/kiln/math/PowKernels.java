package kiln.math;

/// The branch-free formulas of `x^y = exp(y log x)` for positive `x`, shared by the scalar function and by [PowTiles].
///
/// The logarithm is the sum of two doubles, about 64 bits, so that its product with `y` is good to the last bit up to the overflow of
/// the result:
///
/// ```
/// log(2^k m) = k ln 2 + 2s + s (z (2/3 + z P(z))),  s = (m − 1)/(m + 1),  z = s²,  sqrt(1/2) ≤ m < sqrt 2
/// ```
final class PowKernels {
    private PowKernels() {}

    private static final double TWO_THIRDS_HI = 0x1.5555555555555p-1;
    private static final double TWO_THIRDS_LO = 0x1.5555555555555p-55;

    /// `s`, rounded.
    static double quotient(double m) {
        double f = m - 1;
        return f * (1 / (2 + f));
    }

    /// What [#quotient(double)] rounded off.
    static double quotientLow(double m, double s) {
        double f = m - 1;
        double d = 2 + f;
        double rest = Math.fma(-s, d, f) - s * (f - (d - 2));
        return rest * (1 / d);
    }

    /// `(2 atanh(s)/s − 2 − 2z/3)/z²` in `z = s²`.
    private static double series(double z, double z2) {
        double e = Math.fma(0.1291349606680315, z2, 0.1538557450045883);
        double o = Math.fma(0.13285967273890614, z2, 0.18181808251607398);
        e = Math.fma(e, z2, 0.2222222227107745);
        o = Math.fma(o, z2, 0.2857142857133856);
        e = Math.fma(e, z2, 0.40000000000000024);
        return Math.fma(o, z, e);
    }

    /// `2/3 + z P(z)` less its upper part.
    static double slope(double s) {
        double z = s * s;
        return z * series(z, z * z);
    }

    /// `s z (2/3 + q)`, rounded, from `q` of [#slope(double)].
    static double cubic(double s, double q) {
        return s * (s * s * (TWO_THIRDS_HI + q));
    }

    /// What [#cubic(double, double)] rounded off.
    static double cubicLow(double s, double sLow, double q) {
        double z = s * s;
        double zLow = Math.fma(s, s, -z) + 2 * s * sLow;
        double u = TWO_THIRDS_HI + q;
        double uLow = ((TWO_THIRDS_HI - u) + q) + TWO_THIRDS_LO;
        double v = z * u;
        double vLow = Math.fma(z, u, -v) + Math.fma(z, uLow, zLow * u);
        return Math.fma(s, v, -(s * v)) + Math.fma(s, vLow, sLow * v);
    }

    /// The upper part of the logarithm, `k ln 2 + 2s + c`, where `c` is the cubic term.
    static double log(double k, double s, double c) {
        return Math.fma(2, s, k * Kernels.LN2_HI) + c;
    }

    /// What [#log(double, double, double)] rounded off, with the low parts of its terms; that of `ln 2` may exceed an ulp of the sum.
    static double logLow(double k, double s, double sLow, double c, double cLow) {
        double a = k * Kernels.LN2_HI;
        double b = Math.fma(2, s, a);
        double low = Math.fma(2, s, a - b);
        double h = b + c;
        return (low + ((b - h) + c)) + Math.fma(k, Kernels.LN2_LO, Math.fma(2, sLow, cLow));
    }

    /// `y · log x`, rounded.
    static double product(double y, double log, double logLow) {
        return y * (log + logLow);
    }

    /// What [#product(double, double, double)] rounded off, from its result `p`.
    static double productLow(double y, double log, double logLow, double p) {
        double sum = log + logLow;
        return Math.fma(y, sum, -p) + y * ((log - sum) + logLow);
    }

    /// `exp(p + low)` from `p`, `low` and `s = 2^n` for the exponent `n` of `p`; nothing but the last addition rounds.
    static double exp(double p, double low, double s) {
        double n = Kernels.exponent(p) - Kernels.MAGIC;
        double high = Math.fma(n, -Kernels.LN2_HI, p);
        double r = Math.fma(n, -Kernels.LN2_LO, high);
        double rLow = Math.fma(n, -Kernels.LN2_LO, high - r) + low;
        double r2 = r * r;
        double tail = Kernels.expTail(r, r2);
        double q = Math.fma(r2, tail, r);
        double qLow = Math.fma(r2, tail, r - q);
        double sum = 1 + q;
        return (sum + ((q - (sum - 1)) + Math.fma(rLow, sum, qLow))) * s;
    }
}
