package kiln.math;

/// The derivatives of `log Γ`: digamma and trigamma by [GammaKernels], the higher ones by the Hurwitz zeta function.
final class Polygamma {
    private Polygamma() {}

    static double digamma(double x) {
        if (x >= GammaKernels.STIRLING) {
            double log = Elementary.log(x);
            return x > GammaTiles.DIGAMMA_HIGH ? log : GammaKernels.digamma(x, log, GammaKernels.inverse(x));
        }
        if (x > 0) {
            double nearest = GammaKernels.nearest(x);
            return GammaKernels.digammaNearTwo(x - nearest) - GammaKernels.digammaStep(x, nearest);
        }
        if (x == 0) {
            return -1 / x;
        }
        if (x == Math.rint(x) || Double.isNaN(x)) {
            return Double.NaN;
        }
        return digamma(1 - x) - Math.PI * cotPi(x);
    }

    static double trigamma(double x) {
        if (x >= GammaKernels.TRIGAMMA_STIRLING) {
            return x > GammaTiles.DIGAMMA_HIGH ? 1 / x : GammaKernels.trigamma(x);
        }
        if (x >= GammaTiles.DIGAMMA_LOW) {
            return GammaKernels.trigamma(x + 2) + GammaKernels.trigammaStep(x, 1);
        }
        if (x > 0) {
            return 1 / x / x;
        }
        if (Double.isNaN(x) || x == Double.NEGATIVE_INFINITY) {
            return Double.NaN;
        }
        if (x == Math.rint(x)) {
            return Double.POSITIVE_INFINITY;
        }
        double sine = Math.PI / Gamma.sinPi(x);
        return sine * sine - trigamma(1 - x);
    }

    /// `cot(πx)` for `x` that is no integer.
    private static double cotPi(double x) {
        return 1 / Elementary.tan(Math.PI * (x - Math.rint(x)));
    }

    /// `ψ⁽ⁿ⁾(x)` for `n ≥ 1`.
    static double polygamma(int n, double x) {
        if (n == 1) {
            return trigamma(x);
        }
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
