package kiln.math;

/// The branch-free formulas of the error function and its relatives, shared by the scalar functions and by [ErfTiles].
final class ErfKernels {
    private ErfKernels() {}

    static final double SQRT_HALF = 0.7071067811865476;
    static final double INV_SQRT_2PI = 0.3989422804014327;

    /// Up to here the formula of `erfcx` does not overflow.
    static final double ERFCX_HIGH = 1e100;

    /// `erf(x)` for `|x| < 1`, a polynomial in `x²`.
    static double erfSmall(double x) {
        double z = x * x;
        return Math.fma(x, erfSlope(z, z * z), x);
    }

    /// `erf(x)/x − 1`
    private static double erfSlope(double z, double z2) {
        double e = Math.fma(8.709045129053106e-11, z2, 1.4792401209404813e-08);
        double o = Math.fma(-4.230945824295338e-12, z2, -1.216456005728345e-09);
        e = Math.fma(e, z2, 1.6462045441468418e-06);
        o = Math.fma(o, z2, -1.6364642158167616e-07);
        e = Math.fma(e, z2, 0.00012055332902888736);
        o = Math.fma(o, z2, -1.4925647567519332e-05);
        e = Math.fma(e, z2, 0.0052239776254232985);
        o = Math.fma(o, z2, -0.000854832702193483);
        e = Math.fma(e, z2, 0.1128379167095512);
        o = Math.fma(o, z2, -0.02686617064512984);
        e = Math.fma(e, z2, 0.1283791670955126);
        o = Math.fma(o, z2, -0.37612638903183754);
        return Math.fma(o, z, e);
    }

    /// `exp(x²) erfc(x)` for `0 ≤ x ≤ 1e100`: a polynomial in `t = (x − 3)/(x + 3)` over `x + 3`, exactly 1 at 0.
    static double erfcx(double x) {
        double inverse = 1 / (x + 3);
        double t = (x - 3) * inverse;
        return erfcxNumerator(t, t * t) * inverse;
    }

    private static double erfcxNumerator(double t, double t2) {
        double e = Math.fma(1.1159123899250384e-11, t2, -3.5913611171610954e-09);
        double o = Math.fma(8.44785278432295e-10, t2, -8.887844891516947e-09);
        e = Math.fma(e, t2, 5.001320184291237e-08);
        o = Math.fma(o, t2, 5.166814761898454e-08);
        e = Math.fma(e, t2, -4.117597591893759e-07);
        o = Math.fma(o, t2, -2.3454670002624263e-07);
        e = Math.fma(e, t2, 2.7678112255272805e-06);
        o = Math.fma(o, t2, 9.994379361081014e-07);
        e = Math.fma(e, t2, -1.7471605752302332e-05);
        o = Math.fma(o, t2, -4.749391032132141e-06);
        e = Math.fma(e, t2, 0.00010756178250002073);
        o = Math.fma(o, t2, 3.03981905221208e-05);
        e = Math.fma(e, t2, -0.0005483097452477533);
        o = Math.fma(o, t2, -0.0002767778482009659);
        e = Math.fma(e, t2, -0.0012124166215147798);
        o = Math.fma(o, t2, 0.0030340620011959822);
        e = Math.fma(e, t2, 0.11952776128697859);
        o = Math.fma(o, t2, -0.026827234624480615);
        e = Math.fma(e, t2, 0.5902283571041085);
        o = Math.fma(o, t2, -0.31046726190056667);
        e = Math.fma(e, t2, 1.0740069070883398);
        o = Math.fma(o, t2, -0.8833944531698836);
        return Math.fma(o, t, e);
    }

    /// `exp(−x²/2)` from `x` and `s = 2^n` for the exponent `n` of [#exponentOfHalfSquare(double)]; the rounding error
    /// of `x²` is put right.
    static double expOfHalfSquare(double x, double s) {
        double square = x * x;
        double low = 0.5 * Math.fma(x, x, -square);
        double e = Kernels.exp(-(0.5 * square), s);
        return Math.fma(-low, e, e);
    }

    /// [Kernels#exponent(double)] of `−x²/2`.
    static double exponentOfHalfSquare(double x) {
        return Kernels.exponent(-(0.5 * (x * x)));
    }

    /// `exp(−x²)` from `x` and `s = 2^n` for the exponent `n` of [#exponentOfSquare(double)]; the rounding error of `x²`
    /// is put right.
    static double expOfSquare(double x, double s) {
        double square = x * x;
        double e = Kernels.exp(-square, s);
        return Math.fma(-Math.fma(x, x, -square), e, e);
    }

    /// [Kernels#exponent(double)] of `−x²`.
    static double exponentOfSquare(double x) {
        return Kernels.exponent(-(x * x));
    }
}
