package kiln.math;

/// The polynomial cores of the elementary functions, shared by the scalar functions and by the array loops of [Tiles].
///
/// Both call these same methods (HotSpot inlines them), so that a tile and a scalar give the same bits. They are
/// branch-free, use `Math.fma` in a fixed way, and are valid only on the reduced arguments named below.
///
/// Polynomials are two interleaved Horner chains, even and odd powers: half the latency of one chain for scalar code, and
/// C2 vectorises it. The exponential, which scalar code waits for most, has pairs and pairs of pairs (Estrin), 16 cycles instead of 24; C2
/// vectorises that form too where each power multiplies few constants, but may lose its way (on JDK 25, 5 to 7 times slower), so each is
/// measured. The logarithms gained nothing from it: they wait for their quotient.
///
/// The coefficients interpolate at Chebyshev nodes in 60-digit arithmetic and were then rounded
/// (`kiln-array/tools/math-coefficients.py` prints them); each polynomial's own error is below 0.1 ulp of its function.
final class Kernels {
    private Kernels() {}

    /// 1.5·2⁵²: adding it rounds to the nearest integer and leaves that integer in the low bits of the sum.
    static final double MAGIC = 0x1.8p52;

    static final double LOG2E = 0x1.71547652b82fep0;

    /// `ln 2` in two parts; the upper one has 21 trailing zeros, so its product with an exponent is exact.
    static final double LN2_HI = 0x1.62e42feep-1;

    static final double LN2_LO = 0x1.a39ef35793c76p-33;

    /// Bits of `sqrt(1/2)`: significands are taken from `[sqrt(1/2), sqrt 2)`.
    static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;

    static final long ONE_BITS = 0x3ff0000000000000L;
    static final long FRACTION_MASK = 0x000fffffffffffffL;
    static final long SIGN_MASK = Long.MIN_VALUE;

    /// `x·log2(e)` rounded to an integer `n`, as `MAGIC + n`.
    static double exponent(double x) {
        return Math.fma(x, LOG2E, MAGIC);
    }

    /// [#exponent(double)] of `−x`, the same bits.
    static double exponentOfMinus(double x) {
        return Math.fma(x, -LOG2E, MAGIC);
    }

    /// `x − n ln 2` for `n` = [#exponent(double)] `− MAGIC`; the result lies in `[−0.347, 0.347]`.
    static double reduce(double x, double n) {
        return Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, x));
    }

    /// The bits of `2^n` for the bits of `MAGIC + n`, `−1022 ≤ n ≤ 1023`.
    static long scaleBits(long exponentBits) {
        return (exponentBits + 1023) << 52;
    }

    /// `(exp(r) − 1 − r)/r²` on `|r| ≤ 0.347`.
    static double expTail(double r, double r2) {
        double r4 = r2 * r2;
        double a = Math.fma(0.1666666666666667, r, 0.5);
        double b = Math.fma(0.008333333333326141, r, 0.04166666666666667);
        double c = Math.fma(0.00019841269874800694, r, 0.0013888888888883752);
        double d = Math.fma(2.755725542549107e-06, r, 2.480158732553351e-05);
        double e = Math.fma(2.5105206480259365e-08, r, 2.755727366116628e-07);
        double low = Math.fma(b, r2, a);
        double middle = Math.fma(d, r2, c);
        double high = Math.fma(2.0914679452495193e-09, r2, e);
        return Math.fma(Math.fma(high, r4, middle), r4, low);
    }

    /// `exp(r) − 1` on `|r| ≤ 0.347`.
    static double expm1Reduced(double r) {
        double r2 = r * r;
        return Math.fma(expTail(r, r2), r2, r);
    }

    /// `exp(x)` from `x` and `s = 2^n`.
    static double exp(double x, double s) {
        double n = exponent(x) - MAGIC;
        return expOfReduced(expm1Reduced(reduce(x, n)), s);
    }

    /// `2^n exp(r) − 1` from `r` and `s = 2^n`.
    static double expm1(double r, double s) {
        return Math.fma(s, expm1Reduced(r), s - 1);
    }

    /// `(2 atanh(s)/s − 2)/s²` as a function of `z = s²` on `0 ≤ z ≤ 0.0295`.
    static double atanhTail(double z) {
        double z2 = z * z;
        double e = Math.fma(0.14616451042434167, z2, 0.18182889128565508);
        double o = Math.fma(0.15331721490738642, z2, 0.22222211134749734);
        e = Math.fma(e, z2, 0.28571428625975764);
        o = Math.fma(o, z2, 0.39999999999899505);
        e = Math.fma(e, z2, 0.666666666666667);
        return Math.fma(o, z, e);
    }

    /// The bits of a positive normal number moved so that bits 52… hold the biased exponent `k + 1023` of
    /// `x = 2^k m`, `m` in `[sqrt(1/2), sqrt 2)`, and the bits below hold `m`'s offset from `sqrt(1/2)`.
    static long split(long bits) {
        return bits - SQRT_HALF_BITS + ONE_BITS;
    }

    /// The bits of `m`, from [#split(long)].
    static long significandBits(long split) {
        return (split & FRACTION_MASK) + SQRT_HALF_BITS;
    }

    /// The bits of `2^52 + k + 1023`, from [#split(long)]: a conversion of the exponent to double without an instruction for it.
    static long exponentAsDoubleBits(long split) {
        return (split >>> 52) | 0x4330000000000000L;
    }

    /// The bits of `2^−k`, from [#split(long)], `k ≤ 1022`.
    static long inverseScaleBits(long split) {
        return (2046 - (split >>> 52)) << 52;
    }

    /// What [#exponentAsDoubleBits(long)] has to be diminished by.
    static final double EXPONENT_OFFSET = 0x1p52 + 1023;

    /// `k ln 2 + log(m)`.
    static double log(double m, double k) {
        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double r = z * atanhTail(z);
        double h = 0.5 * f * f;
        double tail = h - Math.fma(s, h + r, k * LN2_LO);
        return Math.fma(k, LN2_HI, f - tail);
    }

    /// The exact error of `u = 1 + x` rounded.
    static double onePlusError(double x, double u) {
        double b = u - 1;
        return (1 - (u - b)) + (x - b);
    }

    /// The term `log(m + c) − log(m)` for `|c| ≤ 2⁻⁵² m`: `c/m`, to 2 per cent and exactly `c` at `m = 1`, which is enough for a
    /// term below an ulp.
    static double correction(double m, double c) {
        double f = m - 1;
        return c * ((1 - f) * Math.fma(f, f, 1));
    }

    /// The term `log(u + c) − log(u)` for `1/2 ≤ u ≤ 1` and a rounding error `c` of `u`: `c/u` to a quarter, which is a fraction of an ulp
    /// of the logarithm, and exactly `c` at 1.
    static double correctionBelowOne(double u, double c) {
        return c * (2 - u);
    }

    /// `k ln 2 + log(m) + correction`
    static double log(double m, double k, double correction) {
        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double r = z * atanhTail(z);
        double h = 0.5 * f * f;
        double tail = h - Math.fma(s, h + r, Math.fma(k, LN2_LO, correction));
        return Math.fma(k, LN2_HI, f - tail);
    }

    /// `(2 atanh(s)/s − 2)/s²` as a function of `z = s²` on `0 ≤ z ≤ 1/9`.
    static double atanhTailWide(double z) {
        double z2 = z * z;
        double e = Math.fma(0.1563057780092285, z2, 0.10845178394880015);
        double o = Math.fma(0.07492143795550767, z2, 0.11734279061303197);
        e = Math.fma(e, z2, 0.13335178631449257);
        o = Math.fma(o, z2, 0.1538454396486055);
        e = Math.fma(e, z2, 0.18181819897962714);
        o = Math.fma(o, z2, 0.2222222219823677);
        e = Math.fma(e, z2, 0.285714285716001);
        o = Math.fma(o, z2, 0.39999999999999525);
        e = Math.fma(e, z2, 0.6666666666666666);
        return Math.fma(o, z, e);
    }

    /// `log(1 + y + c)` for `0 ≤ y ≤ 1`, `|c|` at most an ulp of `y`.
    static double log1pUnit(double y, double c) {
        double s = y / (2 + y);
        double z = s * s;
        double r = z * atanhTailWide(z);
        double h = 0.5 * y * y;
        double tail = h - Math.fma(s, h + r, c * Math.fma(-0.5, y, 1));
        return y - tail;
    }

    /// `exp(x)` from `p = exp(r) − 1` and `s = 2^n`: `(1 + p) s`, to the bit, in one operation.
    static double expOfReduced(double p, double s) {
        return Math.fma(p, s, s);
    }

    /// The rounding error of [#expOfReduced(double, double)], which is that of `1 + p`.
    static double expError(double p, double s) {
        return s * (p - ((1 + p) - 1));
    }

    /// `1/(1 + exp(−x))` from `e = exp(−|x|)` and the rounding error of `e`:
    ///
    /// ```
    /// 1/(1 + e)  for x ≥ 0,   e/(1 + e)  for x < 0
    /// ```
    ///
    /// The exponential is that of [#softplus(double, double, double)]. The rounding errors of the exponential and of the sum are carried
    /// along, which leaves that of the last addition.
    static double sigmoid(double x, double e, double error) {
        // 1 for negative x, 0 for positive x; at 0, where both formulas are the same, 1/2.
        double negative = Math.fma(-0.5, Math.signum(x), 0.5);
        double d = 1 + e;
        double dLow = ((1 - d) + e) + error;
        double numerator = Math.fma(negative, e, 1 - negative);
        double inverse = 1 / d;
        double y = numerator * inverse;
        double rest = Math.fma(-y, d, numerator) + Math.fma(-y, dLow, negative * error);
        return Math.fma(rest, inverse, y);
    }

    /// `log(1 + exp(x))` from `e = exp(−|x|)` and its rounding error.
    static double softplus(double x, double e, double error) {
        return 0.5 * (x + Math.abs(x)) + log1pUnit(e, error);
    }

    /// `tanh(|x|) = −t/(2 + t)` with `t = exp(−2|x|) − 1`, where `r` and `s` belong to `−2|x|`; all rounding errors before
    /// the last addition are carried along.
    static double tanhAbs(double r, double s) {
        double r2 = r * r;
        double tail = expTail(r, r2);
        double q = Math.fma(r2, tail, r);
        double qLow = Math.fma(r2, tail, r - q);
        double w = s - 1;
        double t = Math.fma(s, q, w);
        double tLow = Math.fma(s, q, w - t) + s * qLow;
        double d = 2 + t;
        double dLow = (t - (d - 2)) + tLow;
        double inverse = 1 / d;
        double y = t * inverse;
        double rest = Math.fma(-y, d, t) + Math.fma(-y, dLow, tLow);
        return -Math.fma(rest, inverse, y);
    }
}
