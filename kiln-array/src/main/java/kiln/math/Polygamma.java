package kiln.math;

/// The derivatives of `log Γ`: digamma by recurrence and asymptotic series, the higher ones by the Hurwitz zeta function.
final class Polygamma {
    private Polygamma() {}

    /// From here the asymptotic series of [#digamma(double)] is exact to the last bits.
    private static final double ASYMPTOTIC = 10;

    static double digamma(double x) {
        if (x >= ASYMPTOTIC) {
            return digammaAsymptotic(x);
        }
        if (x > 0) {
            double sum = 0;
            double y = x;
            for (; y < ASYMPTOTIC; y += 1) {
                sum += 1 / y;
            }
            return digammaAsymptotic(y) - sum;
        }
        if (x == 0) {
            return -1 / x;
        }
        if (x == Math.rint(x) || Double.isNaN(x)) {
            return Double.NaN;
        }
        return digamma(1 - x) - Math.PI * cotPi(x);
    }

    /// `log x − 1/(2x) − Σ B₂ₖ/(2k x²ᵏ)` for `x ≥ 10`.
    private static double digammaAsymptotic(double x) {
        double z = 1 / x;
        double z2 = z * z;
        double p = -0.4432598039215686;
        p = Math.fma(p, z2, 0.08333333333333333);
        p = Math.fma(p, z2, -0.021092796092796094);
        p = Math.fma(p, z2, 0.007575757575757576);
        p = Math.fma(p, z2, -0.004166666666666667);
        p = Math.fma(p, z2, 0.003968253968253968);
        p = Math.fma(p, z2, -0.008333333333333333);
        p = Math.fma(p, z2, 0.08333333333333333);
        return Elementary.log(x) - Math.fma(p, z2, 0.5 * z);
    }

    /// `cot(πx)` for `x` that is no integer.
    private static double cotPi(double x) {
        return 1 / StrictMath.tan(Math.PI * (x - Math.rint(x)));
    }

    /// `ψ⁽ⁿ⁾(x)` for `n ≥ 1`.
    static double polygamma(int n, double x) {
        boolean odd = (n & 1) == 1;
        if (x > 0) {
            double value = Gamma.gamma(n + 1.0) * Zeta.hurwitz(n + 1.0, x);
            return odd ? value : -value;
        }
        if (Double.isNaN(x) || x == Double.NEGATIVE_INFINITY) {
            return Double.NaN;
        }
        if (x == Math.rint(x)) {
            return odd ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        double reflected = polygamma(n, 1 - x);
        return (odd ? -reflected : reflected) - cotangentDerivative(n, x);
    }

    /// `π dⁿ/dxⁿ cot(πx)`, as `πⁿ⁺¹ P(cot πx)` with `P ← −(1 + c²) P′` applied `n` times to `P = c`.
    private static double cotangentDerivative(int n, double x) {
        double[] p = new double[n + 2];
        p[1] = 1;
        double scale = Math.PI;
        for (int order = 1; order <= n; order++) {
            double[] next = new double[n + 2];
            for (int i = 1; i <= order; i++) {
                next[i - 1] -= i * p[i];
                next[i + 1] -= i * p[i];
            }
            p = next;
            scale *= Math.PI;
        }
        double c = cotPi(x);
        double sum = 0;
        for (int i = n + 1; i >= 0; i--) {
            sum = Math.fma(sum, c, p[i]);
        }
        return scale * sum;
    }
}
