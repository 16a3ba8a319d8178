package kiln.math;

/// The branch-free formulas of `lgamma`, `digamma` and `trigamma` for positive arguments, shared by the scalar functions
/// and by [GammaTiles].
///
/// From 2.5 (2 for the derivatives) on, all three are Stirling's formula with its error replaced by a polynomial in
/// `w = 1/(x² + c)`: the asymptotic series has powers of `1/x²` only, and the offset `c` makes it converge down to there with a dozen
/// coefficients (interpolated as in [Kernels]).
final class GammaKernels {
    private GammaKernels() {}

    private static final double HALF_LOG_2PI_MINUS_HALF = 0.4189385332046728;

    /// From here on `lgamma` is Stirling's formula.
    static final double LGAMMA_STIRLING = 2.5;

    /// From here on `digamma` and `trigamma` are Stirling's formula differentiated.
    static final double DIGAMMA_STIRLING = 2;

    /// `log Γ(2 + d)/d` on `|d| ≤ 1/2`.
    private static double nearTwoSlope(double d, double d2) {
        double e = Math.fma(-1.3412819758517287e-07, d2, -4.303558760359961e-07);
        double o = Math.fma(6.379047507619774e-08, d2, 2.0304806751615227e-07);
        e = Math.fma(e, d2, -2.0449201467015115e-06);
        o = Math.fma(o, d2, 9.578663334114758e-07);
        e = Math.fma(e, d2, -9.438458716242811e-06);
        o = Math.fma(o, d2, 4.374374916915131e-06);
        e = Math.fma(e, d2, -4.4926351103833334e-05);
        o = Math.fma(o, d2, 2.050726741605779e-05);
        e = Math.fma(e, d2, -0.00022315475074520367);
        o = Math.fma(o, d2, 9.945750909889392e-05);
        e = Math.fma(e, d2, -0.0011927539120010226);
        o = Math.fma(o, d2, 0.0005096695248853096);
        e = Math.fma(e, d2, -0.0073855510286681535);
        o = Math.fma(o, d2, 0.002890510330738737);
        e = Math.fma(e, d2, -0.06735230105319814);
        o = Math.fma(o, d2, 0.02058080842778457);
        e = Math.fma(e, d2, 0.42278433509846713);
        o = Math.fma(o, d2, 0.3224670334241132);
        return Math.fma(o, d, e);
    }

    /// `log Γ(2 + e)` on `|e| ≤ 1/2`, exact to a few ulp also near its zero at 0.
    static double lgammaNearTwo(double e) {
        return e * nearTwoSlope(e, e * e);
    }

    /// `p` in `Γ(x) = Γ(2 + e)/p` for `0 < x < 2.5`, where `e = x − rint(x)`: `x (1 + x)` up to 1/2, `x` to 1.5, 1 from there on.
    ///
    /// @param x argument
    /// @param belowOne weight 1 below 1.5, else 0
    /// @param belowHalf weight 1 up to 1/2, else 0
    static double divisor(double x, double belowOne, double belowHalf) {
        return Math.fma(belowOne, x, 1 - belowOne) * Math.fma(belowHalf, x, 1);
    }

    /// The nearest integer, ties to even, for `|x| < 2⁵¹`.
    static double nearest(double x) {
        return (x + Kernels.MAGIC) - Kernels.MAGIC;
    }

    /// `log Γ(x)` for `x ≥ 2.5`, from `log x`:
    ///
    /// ```
    /// (x − 1/2)(log x − 1) + (log(2π) − 1)/2 + x w P(w),  w = 1/(x² + 0.6)
    /// ```
    static double stirling(double x, double log) {
        double w = 1 / Math.fma(x, x, 0.6);
        double rest = x * w * stirlingRest(w, w * w);
        return Math.fma(x - 0.5, log - 1, HALF_LOG_2PI_MINUS_HALF + rest);
    }

    private static double stirlingRest(double w, double w2) {
        double e = Math.fma(0.05488697495448765, w2, 0.02623566539641615);
        double o = Math.fma(-0.052797822188983504, w2, -0.006070978253157388);
        e = Math.fma(e, w2, 0.005336464430268126);
        o = Math.fma(o, w2, 0.004871030489496311);
        e = Math.fma(e, w2, 0.009527131610073838);
        o = Math.fma(o, w2, 0.015833339006201923);
        e = Math.fma(e, w2, 0.02746031740951114);
        o = Math.fma(o, w2, 0.04722222222240339);
        e = Math.fma(e, w2, 0.08333333333333322);
        return Math.fma(o, w, e);
    }

    /// `ψ(y)` for `2 ≤ y ≤ 1e100`, from `log y`:
    ///
    /// ```
    /// log y − 1/(2y) − w P(w),  w = 1/(y² + 1)
    /// ```
    static double digamma(double y, double log) {
        double d = Math.fma(y, y, 1);
        double inverse = 1 / (y * d);
        double w = inverse * y;
        return log - Math.fma(w, digammaRest(w, w * w), 0.5 * (inverse * d));
    }

    private static double digammaRest(double w, double w2) {
        double e = Math.fma(3.4879171362887877, w2, 3.2478163079852047);
        double o = Math.fma(-4.807645500123268, w2, -1.252992345330735);
        e = Math.fma(e, w2, 0.4364990516745984);
        o = Math.fma(o, w2, -0.03243178042198958);
        e = Math.fma(e, w2, 0.0776975324644407);
        o = Math.fma(o, w2, 0.056554445103761064);
        e = Math.fma(e, w2, 0.06471637329095552);
        o = Math.fma(o, w2, 0.06607146476928477);
        e = Math.fma(e, w2, 0.07063492032223918);
        o = Math.fma(o, w2, 0.07500000000108663);
        e = Math.fma(e, w2, 0.08333333333333269);
        return Math.fma(o, w, e);
    }

    /// `ψ′(y)` for `2 ≤ y ≤ 1e100`:
    ///
    /// ```
    /// (1 + (1/(2y) + w P(w)))/y,  w = 1/(y² + 1)
    /// ```
    static double trigamma(double y) {
        double d = Math.fma(y, y, 1);
        double inverse = 1 / (y * d);
        double w = inverse * y;
        double z = inverse * d;
        return Math.fma(z, Math.fma(w, trigammaRest(w, w * w), 0.5 * z), z);
    }

    private static double trigammaRest(double w, double w2) {
        double e = Math.fma(1444.1870326923802, w2, 1730.1017969429083);
        double o = Math.fma(-2330.3609537331413, w2, -788.2954903552401);
        e = Math.fma(e, w2, 249.5689370411556);
        o = Math.fma(o, w2, -59.29843452250266);
        e = Math.fma(e, w2, 11.521349951189663);
        o = Math.fma(o, w2, -1.8667212532464716);
        e = Math.fma(e, w2, 0.4238182592112109);
        o = Math.fma(o, w2, 0.03093823391022648);
        e = Math.fma(e, w2, 0.11860498216292227);
        o = Math.fma(o, w2, 0.10476202224573766);
        e = Math.fma(e, w2, 0.1238095230482026);
        o = Math.fma(o, w2, 0.13333333333532235);
        e = Math.fma(e, w2, 0.1666666666666658);
        return Math.fma(o, w, e);
    }

    /// `ψ(x + belowTwo + belowOne) − ψ(x)`: `1/x` with the first weight 1, `(2x + 1)/(x (x + 1))` with both, 0 with neither and `x = 0`.
    /// One step from 1 on, because a second one would lose digits next to the zero of the function.
    static double digammaStep(double x, double belowTwo, double belowOne) {
        double d = Math.fma(x, Math.fma(belowOne, x, 1), 1 - belowTwo);
        return Math.fma(2 * belowOne, x, belowTwo) / d;
    }

    /// `ψ′(x) − ψ′(x + 2) = (2d + 1)/d²`, `d = x (x + 1)`, if `below` is 1; 0 if `below` and `x` are 0.
    static double trigammaStep(double x, double below) {
        double d = Math.fma(x, x + 1, 1 - below);
        return below * Math.fma(2, d, 1) / (d * d);
    }
}
