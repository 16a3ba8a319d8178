package kiln.dist;

import static kiln.array.Np.*;

import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.math.Elementary;

/// Gauss and Legendre's rules on [−1, 1]: with n points exact for polynomials of degree 2n − 1.
///
/// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964), table 25.4 and formula 25.4.29.
final class GaussLegendre {
    /// Those of five points.
    static final double[] POINTS = {-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664};

    static final double[] WEIGHTS = {
        0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908
    };

    /// So many that a normal density from e⁻⁴⁵ of its peak on one side to the same on the other has all digits.
    private static final int MANY = 64;

    private static final NDArray NODES;
    private static final NDArray NODE_WEIGHTS;

    static {
        double[] nodes = new double[MANY];
        double[] weights = new double[MANY];
        for (int i = 0; i < MANY; i++) {
            double x = -Elementary.cos(Math.PI * (i + 0.75) / (MANY + 0.5));
            double slope = 1;
            for (int step = 0; step < 5; step++) {
                double before = 1;
                double at = x;
                for (int k = 2; k <= MANY; k++) {
                    double next = ((2 * k - 1) * x * at - (k - 1) * before) / k;
                    before = at;
                    at = next;
                }
                slope = MANY * (x * at - before) / (x * x - 1);
                x -= at / slope;
            }
            nodes[i] = 0.5 * (1 + x);
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        NODES = NDArray.of(nodes);
        NODE_WEIGHTS = NDArray.of(weights);
    }

    private GaussLegendre() {}

    /// {@return `∫ f(x) dx` between two ends for every element of them, by 64 points}
    ///
    /// @param f smooth; of an array of values, `[64]` + the shape to which both ends broadcast
    static NDArray integral(NDArray from, NDArray to, UnaryOperator<NDArray> f) {
        NDArray length = to.minus(from);
        int axes = length.rank();
        NDArray x = Density.trailing(NODES, axes).times(length).plus(from);
        return Density.trailing(NODE_WEIGHTS, axes).times(f.apply(x)).sum(0).times(length);
    }
}
