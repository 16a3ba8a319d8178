package kiln.dist;

/// Gregory's formula: what a sum has more than the integral from its first term on.
///
/// ```
/// Σ_{k ≥ n} f(k) − ∫ₙ^∞ f(x) dx = ½ f(n) − Δf(n)/12 + Δ²f(n)/24 − 19 Δ³f(n)/720 + …
/// ```
final class Gregory {
    /// Of the differences of order 0, 1, 2, ….
    private static final double[] COEFFICIENTS = {
        1.0 / 2, -1.0 / 12, 1.0 / 24, -19.0 / 720, 3.0 / 160, -863.0 / 60480, 275.0 / 24192, -33953.0 / 3628800, 8183.0 / 1036800
    };

    private Gregory() {}

    /// {@return the factors of f(n), f(n + 1), …}
    static double[] weights() {
        double[] out = new double[COEFFICIENTS.length];
        for (int order = 0; order < out.length; order++) {
            double term = order % 2 == 0 ? COEFFICIENTS[order] : -COEFFICIENTS[order];
            for (int i = 0; i <= order; i++) {
                out[i] += term;
                term *= -(order - i) / (i + 1.0);
            }
        }
        return out;
    }
}
