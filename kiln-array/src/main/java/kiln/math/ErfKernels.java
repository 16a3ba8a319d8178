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

    /// `u = 2x/(x + 4) = 1 + t`, the variable of [#erfcxNumerator(double)].
    static double erfcxVariable(double x) {
        double a = x + 4;
        double b = Math.fma(2, x, 1);
        return 2 * x * b * (1 / (a * b));
    }

    /// `1/(1 + 2x)`, sharing the division of [#erfcxVariable(double)].
    static double erfcxScale(double x) {
        double a = x + 4;
        double b = Math.fma(2, x, 1);
        return a * (1 / (a * b));
    }

    /// `(1 + 2x) exp(x²) erfc(x)` for `0 ≤ x ≤ 1e100` as `1 + u P(u − 1)`, which is exact at 0.
    static double erfcxNumerator(double u) {
        double t = u - 1;
        return Math.fma(u, erfcxRest(t, t * t), 1);
    }

    private static double erfcxRest(double t, double t2) {
        double e = Math.fma(1.0792871618779656e-09, t2, -1.3719231641787535e-08);
        double o = Math.fma(-1.1374633932967917e-10, t2, 1.1744062379320159e-09);
        e = Math.fma(e, t2, 1.1126408645222555e-07);
        o = Math.fma(o, t2, -4.42965718477968e-09);
        e = Math.fma(e, t2, -7.84358578868263e-07);
        o = Math.fma(o, t2, -3.744348661304143e-08);
        e = Math.fma(e, t2, 4.627404675296087e-06);
        o = Math.fma(o, t2, 1.0798348983971697e-06);
        e = Math.fma(e, t2, -8.547204461388966e-06);
        o = Math.fma(o, t2, -1.5850913480690984e-05);
        e = Math.fma(e, t2, -0.0003584266390692838);
        o = Math.fma(o, t2, 0.00015916963494743566);
        e = Math.fma(e, t2, 0.005431316917049317);
        o = Math.fma(o, t2, -0.0003993468845006219);
        e = Math.fma(e, t2, 0.05879656646232313);
        o = Math.fma(o, t2, -0.02162905093047994);
        e = Math.fma(e, t2, 0.2188597672780038);
        o = Math.fma(o, t2, -0.12512693227935207);
        e = Math.fma(e, t2, 0.3879958875687291);
        o = Math.fma(o, t2, -0.3198988333140429);
        e = Math.fma(e, t2, 0.23299511862555253);
        o = Math.fma(o, t2, -0.372616235466115);
        return Math.fma(o, t, e);
    }

    /// `exp(x²) erfc(x)` for `0 ≤ x ≤ 1e100`.
    static double erfcx(double x) {
        return erfcxNumerator(erfcxVariable(x)) * erfcxScale(x);
    }
}
