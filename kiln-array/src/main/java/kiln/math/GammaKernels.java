package kiln.math;

/// The branch-free formulas of `lgamma`, `digamma` and `trigamma` for positive arguments, shared by the scalar functions
/// and by [GammaTiles].
///
/// From 2.5 (2 for `trigamma`) on, all three are Stirling's formula with its error replaced by a polynomial in
/// `w = 1/(x² + 1)`: the asymptotic series has powers of `1/x²` only, and the offset makes it converge down to there with a dozen
/// coefficients (interpolated as in [Kernels]).
final class GammaKernels {
    private GammaKernels() {}

    private static final double HALF_LOG_2PI_MINUS_HALF = 0.4189385332046728;

    /// From here on `lgamma` is Stirling's formula, and `digamma` its derivative.
    static final double STIRLING = 2.5;

    /// From here on `trigamma` is the second derivative of Stirling's formula.
    static final double TRIGAMMA_STIRLING = 2;

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

    /// `ψ(2 + e)` on `|e| ≤ 1/2`.
    static double digammaNearTwo(double e) {
        return digammaPolynomial(e, e * e);
    }

    private static double digammaPolynomial(double d, double d2) {
        double e = Math.fma(-2.5861773625857027e-06, d2, -7.278587670411483e-06);
        double o = Math.fma(5.17334585434095e-06, d2, 1.4564976260589657e-05);
        e = Math.fma(e, d2, -3.068902288655258e-05);
        o = Math.fma(o, d2, 6.144972571559871e-05);
        e = Math.fma(e, d2, -0.0001226967064798969);
        o = Math.fma(o, d2, 0.00024605326824719294);
        e = Math.fma(e, d2, -0.0004941902550788927);
        o = Math.fma(o, d2, 0.0009945784300194591);
        e = Math.fma(e, d2, -0.002008392730204003);
        o = Math.fma(o, d2, 0.00407735600617157);
        e = Math.fma(e, d2, -0.008349277384931816);
        o = Math.fma(o, d2, 0.017343061990467628);
        e = Math.fma(e, d2, -0.03692775514332708);
        o = Math.fma(o, d2, 0.08232323371105249);
        e = Math.fma(e, d2, -0.20205690315959446);
        o = Math.fma(o, d2, 0.6449340668482267);
        e = Math.fma(e, d2, 0.42278433509846713);
        return Math.fma(o, d, e);
    }

    /// `p` in `Γ(x) = Γ(2 + e)/p` for `0 < x < 2.5`, where `e = x − rint(x)`: `x (1 + x)` up to 1/2, `x` to 1.5, 1 from there on.
    ///
    /// @param x argument
    /// @param nearest [#nearest(double)] of it
    static double divisor(double x, double nearest) {
        double one = oneTo1(nearest);
        return Math.fma(one, x, 1 - one) * Math.fma(oneAt0(nearest), x, 1);
    }

    /// `p′/p` for the `p` of [#divisor(double, double)]: `ψ(2 + e) − ψ(x)`.
    static double digammaStep(double x, double nearest) {
        return Math.fma(2 * oneAt0(nearest), x, oneTo1(nearest)) / divisor(x, nearest);
    }

    /// 1 at 0, and 0 at 1 and 2, exactly.
    private static double oneAt0(double nearest) {
        return 0.5 * (1 - nearest) * (2 - nearest);
    }

    /// 1 at 0 and 1, and 0 at 2, exactly.
    private static double oneTo1(double nearest) {
        return Math.fma(-0.5 * nearest, nearest - 1, 1);
    }

    /// The nearest integer, ties to even, for `|x| < 2⁵¹`.
    static double nearest(double x) {
        return (x + Kernels.MAGIC) - Kernels.MAGIC;
    }

    /// `1/(x (x² + 1))`, from which [#stirling] and [#digamma] take `1/(x² + 1)` and `1/x`: one division for both.
    static double inverse(double x) {
        return 1 / (x * Math.fma(x, x, 1));
    }

    /// `log Γ(x)` for `x ≥ 2.5`, from `log x` and [#inverse(double)]:
    ///
    /// ```
    /// (x − 1/2)(log x − 1) + (log(2π) − 1)/2 + x w P(w),  w = 1/(x² + 1)
    /// ```
    static double stirling(double x, double log, double inverse) {
        double w = inverse * x;
        double rest = x * w * stirlingRest(w, w * w);
        return Math.fma(x - 0.5, log - 1, HALF_LOG_2PI_MINUS_HALF + rest);
    }

    private static double stirlingRest(double w, double w2) {
        double e = Math.fma(0.19101472241217643, w2, 0.09292642520952542);
        double o = Math.fma(0.0026515742545559708, w2, 0.06627841105738945);
        e = Math.fma(e, w2, 0.0740961821586988);
        o = Math.fma(o, w2, 0.07372344174333165);
        e = Math.fma(e, w2, 0.07544483777932713);
        o = Math.fma(o, w2, 0.07678571558970992);
        e = Math.fma(e, w2, 0.07857142856098787);
        o = Math.fma(o, w2, 0.08055555555558963);
        e = Math.fma(e, w2, 0.08333333333333331);
        return Math.fma(o, w, e);
    }

    /// `ψ(y)` for `2.5 ≤ y ≤ 1e100`, from `log y` and [#inverse(double)]:
    ///
    /// ```
    /// log y − 1/(2y) − w P(w),  w = 1/(y² + 1)
    /// ```
    static double digamma(double y, double log, double inverse) {
        double d = Math.fma(y, y, 1);
        double w = inverse * y;
        return log - Math.fma(w, digammaRest(w, w * w), 0.5 * (inverse * d));
    }

    private static double digammaRest(double w, double w2) {
        double e = Math.fma(0.7874570677495485, w2, 0.32815377641925614);
        double o = Math.fma(-0.5876174775293201, w2, -0.02119671314009739);
        e = Math.fma(e, w2, 0.07694194912605316);
        o = Math.fma(o, w2, 0.05658711859042718);
        e = Math.fma(e, w2, 0.0647154960995997);
        o = Math.fma(o, w2, 0.06607147839727759);
        e = Math.fma(e, w2, 0.0706349202148521);
        o = Math.fma(o, w2, 0.07500000000141248);
        e = Math.fma(e, w2, 0.08333333333333254);
        return Math.fma(o, w, e);
    }

    /// `ψ′(y)` for `2 ≤ y ≤ 1e100`:
    ///
    /// ```
    /// (1 + (1/(2y) + w P(w)))/y,  w = 1/(y² + 1)
    /// ```
    static double trigamma(double y) {
        double d = Math.fma(y, y, 1);
        double inverse = inverse(y);
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

    /// `ψ′(x) − ψ′(x + 2) = (2d + 1)/d²`, `d = x (x + 1)`, if `below` is 1; 0 if `below` and `x` are 0.
    static double trigammaStep(double x, double below) {
        double d = Math.fma(x, x + 1, 1 - below);
        return below * Math.fma(2, d, 1) / (d * d);
    }
}
