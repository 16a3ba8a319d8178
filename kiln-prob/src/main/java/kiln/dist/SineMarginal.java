package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.Bessel;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// The first angle of a sine bivariate von Mises distribution around 0, `log f(a) = κ₁ cos a + log I₀(√(κ₂² + c² sin² a))`.
///
/// Draws come by rejection under a step function: in every cell the value at its middle and the largest slope bound the density.
///
/// @param k1 concentration of this angle
/// @param k2 concentration of the other one
/// @param c  correlation
record SineMarginal(double k1, double k2, double c) {
    private int cells() {
        return 256 + 16 * (int) Math.ceil(k1 + Math.abs(c));
    }

    private NDArray logDensity(NDArray a) {
        NDArray length = sqrt(square(sin(a).times(c)).plus(k2 * k2));
        return cos(a).times(k1).plus(log(Bessel.i0e(length))).plus(length);
    }

    /// {@return `n` angles in [−π, π)}
    double[] sample(PRNGKey key, int n) {
        int cells = cells();
        double width = 2 * Math.PI / cells;
        double slack = (k1 + Math.abs(c)) * width / 2;
        NDArray heights = logDensity(arange(cells).plus(0.5).times(width).minus(Math.PI)).plus(slack);
        NDArray steps = cumsum(exp(heights.minus(heights.max())), 0);
        double total = steps.get(cells - 1).item();
        double[] out = new double[n];
        int done = 0;
        for (int round = 0; done < n; round++) {
            PRNGKey[] keys = key.foldIn(round).split(2);
            NDArray at = keys[0].uniform(Shape.of(n), 0, 1).times(total);
            NDArray cell = minimum(searchsorted(steps, at, true), cells - 1);
            NDArray u = keys[1].uniform(Shape.of(2, n), 0, 1);
            NDArray angle = cell.plus(u.get(0)).times(width).minus(Math.PI);
            NDArray accept = log(u.get(1)).le(logDensity(angle).minus(take(heights, cell, 0)));
            double[] angles = angle.toDoubleArray();
            long[] ok = where(accept, 1, 0).toLongArray();
            for (int i = 0; i < n && done < n; i++) {
                if (ok[i] == 1) {
                    out[done++] = angles[i];
                }
            }
        }
        return out;
    }
}
