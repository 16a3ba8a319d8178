package kiln.dist;

import kiln.array.NDArray;
import kiln.math.Elementary;

/// The double exponential rule of integration over (0, 1): `∫ f(u) du ≈ Σ wᵢ f(uᵢ)`, for f that may be singular at either end.
///
/// ```
/// u = 1 / (1 + exp(−π sinh t)),  w = h π cosh t · u (1 − u),  t = −4.5, −4.5 + h, …, 4.5
/// ```
///
/// The nodes gather at both ends: for functions that are analytic inside it converges faster than any power of the step, whatever power or
/// logarithm of the distance they grow with at the ends.
///
/// Source: H. Takahasi, M. Mori, *Double exponential formulas for numerical integration* (1974).
///
/// @param nodes    u; those of `1 − u` are the same in reverse
/// @param logNodes log u
/// @param weights  w
record DoubleExponential(NDArray nodes, NDArray logNodes, NDArray weights) {
    /// 145 nodes.
    static final DoubleExponential RULE = of(16);

    /// 289 nodes, for integrands that change fast.
    static final DoubleExponential FINE = of(32);

    private static DoubleExponential of(int perUnit) {
        int side = perUnit * 9 / 2;
        double[] nodes = new double[2 * side + 1];
        double[] logs = new double[nodes.length];
        double[] weights = new double[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            double up = Elementary.exp((i - side) / (double) perUnit);
            double sinh = 0.5 * Math.PI * (up - 1 / up);
            double node = 1 / (1 + Elementary.exp(-sinh));
            double rest = 1 / (1 + Elementary.exp(sinh));
            nodes[i] = node;
            logs[i] = -Elementary.log1p(Elementary.exp(-sinh));
            weights[i] = 0.5 * Math.PI * (up + 1 / up) * node * rest / perUnit;
        }
        return new DoubleExponential(NDArray.of(nodes), NDArray.of(logs), NDArray.of(weights));
    }
}
