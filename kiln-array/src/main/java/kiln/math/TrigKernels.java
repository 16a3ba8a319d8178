package kiln.math;

/// The branch-free formulas of sine and cosine, shared by the scalar functions and by [TrigTiles].
///
/// ```
/// x = n π/2 + r + low,  |r| ≤ π/4
/// ```
///
/// `π/2` is the sum of two doubles: the first product leaves an exact difference (both are multiples of the same power of two), the second
/// is carried with its rounding errors, so that `r + low` is good to the last bit for `|x| ≤ 1e6`, next to multiples of `π/2` too.
final class TrigKernels {
    private TrigKernels() {}

    /// Up to this magnitude the reduction holds.
    static final double RANGE = 1e6;

    private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
    private static final double HALF_PI_HI = 0x1.921fb54442d18p+0;
    private static final double HALF_PI_LO = 0x1.1a62633145c07p-54;

    /// The number of quarter turns `n`, as `MAGIC + n`.
    static double turns(double x) {
        return Math.fma(x, TWO_OVER_PI, Kernels.MAGIC);
    }

    /// `r`, from `x` and `n`.
    static double reduce(double x, double n) {
        return Math.fma(n, -HALF_PI_HI, x) - n * HALF_PI_LO;
    }

    /// `low`, from `x` and `n`: what the subtraction and the product in [#reduce(double, double)] rounded off.
    static double reduceLow(double x, double n) {
        double high = Math.fma(n, -HALF_PI_HI, x);
        double p = n * HALF_PI_LO;
        double r = high - p;
        double b = r - high;
        double error = (high - (r - b)) - (p + b);
        return error - Math.fma(n, HALF_PI_LO, -p);
    }

    /// `sin(r + low)` on `|r| ≤ π/4`.
    static double sin(double r, double low) {
        double z = r * r;
        double tail = Math.fma(-0.5 * z, low, low);
        return r + Math.fma(z * r, sinRest(z, z * z), tail);
    }

    /// `(sin r − r)/r³` in `z = r²`.
    private static double sinRest(double z, double z2) {
        double e = Math.fma(-7.586696997236634e-13, z2, -2.5052106232434684e-08);
        double o = Math.fma(1.6058531616942478e-10, z2, 2.755731921933913e-06);
        e = Math.fma(e, z2, -0.00019841269841265065);
        o = Math.fma(o, z2, 0.008333333333333331);
        e = Math.fma(e, z2, -0.16666666666666666);
        return Math.fma(o, z, e);
    }

    /// `cos(r + low)` on `|r| ≤ π/4`.
    static double cos(double r, double low) {
        double z = r * r;
        double half = 0.5 * z;
        double w = 1 - half;
        return w + (((1 - w) - half) + Math.fma(z * z, cosRest(z, z * z), -r * low));
    }

    /// `(cos r − 1 + r²/2)/r⁴` in `z = r²`.
    private static double cosRest(double z, double z2) {
        double e = Math.fma(4.745871835064003e-14, z2, 2.0876755791073254e-09);
        double o = Math.fma(-1.1470460886473721e-11, z2, -2.7557319221402803e-07);
        e = Math.fma(e, z2, 2.4801587301584645e-05);
        o = Math.fma(o, z2, -0.0013888888888888887);
        e = Math.fma(e, z2, 0.041666666666666664);
        return Math.fma(o, z, e);
    }

    /// The bits of 1 if the bits of `MAGIC + n` have an odd `n`, else of 0.
    static long oddBits(long turnBits) {
        return -(turnBits & 1) & Kernels.ONE_BITS;
    }

    /// The bits of −1 if the bits of `MAGIC + n` have the 2 set in `n`, else of 1.
    static long signBits(long turnBits) {
        return ((turnBits & 2) << 62) | Kernels.ONE_BITS;
    }

    /// `sin(x + quarters π/2)` for `|x| ≤ 1e6`, not −0.
    static double sinOfTurned(double x, int quarters) {
        double turns = turns(x);
        double n = turns - Kernels.MAGIC;
        double r = reduce(x, n);
        double low = reduceLow(x, n);
        long k = Double.doubleToRawLongBits(turns) + quarters;
        double y = (k & 1) == 0 ? sin(r, low) : cos(r, low);
        return (k & 2) == 0 ? y : -y;
    }

    /// `tan(x)` for `|x| ≤ 1e6`.
    static double tan(double x) {
        double turns = turns(x);
        double n = turns - Kernels.MAGIC;
        double r = reduce(x, n);
        double low = reduceLow(x, n);
        double sine = sin(r, low);
        double cosine = cos(r, low);
        return (Double.doubleToRawLongBits(turns) & 1) == 0 ? sine / cosine : -cosine / sine;
    }
}
