package kiln.func;

import static kiln.array.Np.*;

import java.util.Objects;
import java.util.function.BinaryOperator;
import kiln.array.NDArray;

/// One step of Dormand and Prince's Runge–Kutta method of order 5 with an embedded one of order 4, and the choice of its length.
///
/// Sources: Dormand and Prince, *J. Comput. Appl. Math.* 6 (1980) 19–26, table 2; Hairer, Nørsett and Wanner, *Solving Ordinary
/// Differential Equations I* (1993), II.4 (the first step: p. 169).
///
/// @param f        from `y` and `t` to `dy/dt`
/// @param relative tolerance relative to `|y|`
/// @param absolute tolerance in the unit of `y`
record DormandPrince(BinaryOperator<NDArray> f, double relative, double absolute) {
    private static final double[] NODES = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
    private static final double[][] WEIGHTS = {
        {},
        {1.0 / 5},
        {3.0 / 40, 9.0 / 40},
        {44.0 / 45, -56.0 / 15, 32.0 / 9},
        {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
        {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
        // The last stage stands at the result itself, so that it is the first of the next step.
        {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
    };
    /// The result of order 5 less that of order 4.
    private static final double[] ERROR = {
        71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
    };
    private static final double SAFETY = 0.9;
    private static final double SHRINK = 0.2;
    private static final double GROW = 10;

    /// What goes from step to step.
    ///
    /// @param y     the solution
    /// @param slope `dy/dt` there
    /// @param t     the time
    /// @param h     length that the next step should have
    /// @param steps how many were tried
    record State(NDArray y, NDArray slope, NDArray t, NDArray h, NDArray steps) {}

    /// {@return a step that does not go beyond a time; if its error exceeds the tolerance, the same place with a shorter `h`}
    State step(State s, NDArray end) {
        NDArray left = end.minus(s.t());
        NDArray last = s.h().ge(left);
        NDArray h = where(last, left, s.h());
        NDArray[] k = new NDArray[NODES.length];
        k[0] = s.slope();
        NDArray y = s.y();
        for (int i = 1; i < k.length; i++) {
            y = s.y().plus(h.times(combination(WEIGHTS[i], k)));
            k[i] = f.apply(y, s.t().plus(h.times(NODES[i])));
        }
        NDArray error = norm(h.times(combination(ERROR, k)), maximum(abs(s.y()), abs(y)));
        NDArray good = error.le(1);
        // An error that is no number shrinks the step as the largest error does.
        NDArray factor = where(error.lt(1e300), clip(maximum(error, 1e-10).pow(-0.2).times(SAFETY), SHRINK, GROW), SHRINK);
        NDArray next = h.times(factor);
        return new State(
                where(good, y, s.y()),
                where(good, k[k.length - 1], s.slope()),
                where(good, where(last, end, s.t().plus(h)), s.t()),
                // A step that was cut short to end at an output says little about the length of the next.
                where(logicalAnd(good, last), maximum(next, s.h()), next).stopGradient(),
                s.steps().plus(1));
    }

    /// {@return the state at the start, with a length of the first step}
    State start(NDArray y, NDArray t) {
        NDArray slope = f.apply(y, t);
        NDArray d0 = norm(y, abs(y));
        NDArray d1 = norm(slope, abs(y));
        NDArray small = logicalOr(d0.lt(1e-5), d1.lt(1e-5));
        NDArray h0 = where(small, 1e-6, d0.times(0.01).div(where(small, 1.0, d1)));
        NDArray after = f.apply(y.plus(h0.times(slope)), t.plus(h0));
        NDArray d2 = norm(after.minus(slope), abs(y)).div(h0);
        NDArray largest = maximum(d1, d2);
        NDArray h1 = where(largest.le(1e-15), maximum(h0.times(1e-3), 1e-6), divide(0.01, maximum(largest, 1e-15)).pow(0.2));
        return new State(y, slope, t, minimum(h0.times(100), h1).stopGradient(), asNDArray(0L));
    }

    /// Root mean square in units of the tolerance; not differentiated, because the grid of the solution is not.
    private NDArray norm(NDArray x, NDArray size) {
        NDArray scaled = x.div(size.times(relative).plus(absolute));
        return sqrt(mean(square(scaled))).stopGradient();
    }

    private static NDArray combination(double[] weights, NDArray[] k) {
        // Every row has a weight that is not 0.
        NDArray sum = null;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                NDArray term = k[i].times(weights[i]);
                sum = sum == null ? term : sum.plus(term);
            }
        }
        return Objects.requireNonNull(sum);
    }
}
