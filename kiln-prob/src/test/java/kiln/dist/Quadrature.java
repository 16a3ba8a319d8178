package kiln.dist;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.transform.Transform;

/// Deterministic integrals and sums for the tests, written without anything from the code that they test.
final class Quadrature {
    private Quadrature() {}

    /// The integral of a function of one number, by the double exponential rules on the pieces between breaks.
    ///
    /// @param f      of a vector of numbers; may be singular at the breaks
    /// @param breaks increasing; the first and last may be infinite
    static double integral(UnaryOperator<NDArray> f, double... breaks) {
        double total = 0;
        for (int i = 0; i + 1 < breaks.length; i++) {
            total += piece(breaks[i], breaks[i + 1]).total(f);
        }
        return total;
    }

    /// Where a function is evaluated, and with which weights the values are added.
    ///
    /// @param x `[n]`, or `[n]` and the shape of an event
    /// @param w `[n]`
    record Rule(NDArray x, NDArray w) {
        /// Values that are not finite stand where a node has been rounded to an end, and its weight is far below the last digit.
        double total(UnaryOperator<NDArray> f) {
            return Arrays.stream(w.times(f.apply(x)).toDoubleArray()).filter(Double::isFinite).sum();
        }
    }

    /// The rule of an integral between breaks, all pieces in one.
    static Rule rule(double... breaks) {
        List<Rule> pieces = IntStream.range(0, breaks.length - 1).mapToObj(i -> piece(breaks[i], breaks[i + 1])).toList();
        return new Rule(
                Np.concatenate(pieces.stream().map(Rule::x).toList(), 0), Np.concatenate(pieces.stream().map(Rule::w).toList(), 0));
    }

    private static Rule piece(double a, double b) {
        if (Double.isInfinite(a) && Double.isInfinite(b)) {
            return rule(a, 0, b);
        }
        int steps = 1600;
        double h = 11.0 / steps;
        double[] x = new double[steps + 1];
        double[] w = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            double t = -5.5 + i * h;
            double s = Math.PI / 2 * Math.sinh(t);
            double ds = Math.PI / 2 * Math.cosh(t) * h;
            if (Double.isFinite(a) && Double.isFinite(b)) {
                double near = 1 / (1 + Math.exp(2 * Math.abs(s)));
                x[i] = s < 0 ? a + (b - a) * near : b - (b - a) * near;
                w[i] = (b - a) * 2 * ds * near * (1 - near);
            } else {
                double distance = Math.exp(s);
                x[i] = Double.isFinite(a) ? a + distance : b - distance;
                w[i] = distance * ds;
            }
            w[i] = x[i] == a || x[i] == b ? 0 : w[i];
        }
        return new Rule(NDArray.of(x), NDArray.of(w));
    }

    /// The sum of a function of 0, 1, …, n.
    static double sum(UnaryOperator<NDArray> f, int from, int to) {
        double[] terms = f.apply(Np.arange(to - from + 1).plus(from)).toDoubleArray();
        return Arrays.stream(terms).filter(Double::isFinite).sum();
    }

    /// `E_p f` of a continuous distribution of any event, by the trapezoidal rule in the unconstrained coordinates of its support, which is
    /// exponentially exact for smooth densities that vanish at the edge of the grid.
    ///
    /// @param half   half the length of the grid in each coordinate
    /// @param points points in each coordinate
    static double expectation(Distribution p, UnaryOperator<NDArray> f, double half, int points) {
        return expectation(p, half, points).total(f);
    }

    /// The rule of an expectation, so that several need one pass over the density only.
    static Rule expectation(Distribution p, double half, int points) {
        Transform t = p.support().bijection();
        Shape free = t.inverseShape(p.eventShape());
        int n = free.size();
        int all = (int) Math.pow(points, n);
        double h = 2 * half / (points - 1);
        double[] z = new double[all * n];
        for (int i = 0; i < all; i++) {
            int rest = i;
            for (int k = 0; k < n; k++, rest /= points) {
                z[i * n + k] = -half + h * (rest % points);
            }
        }
        NDArray at = NDArray.of(Shape.of(all).then(free), z);
        NDArray x = t.call(at);
        NDArray weight = Np.exp(p.logProb(x).plus(t.logAbsDetJacobian(at, x)));
        return new Rule(x, Np.where(weight.gt(0), weight, 0.0).times(Math.pow(h, n)));
    }
}
