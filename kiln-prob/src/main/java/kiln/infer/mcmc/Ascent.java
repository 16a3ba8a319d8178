package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A path uphill in a log density by the quasi-Newton method L-BFGS, one accepted point after the other.
///
/// ```
/// p = H g            H from the last J pairs  s = x' − x,  y = g − g'   (two-loop recursion, scaled by s·y / y·y)
/// x' = x + a p       a by bisection until  L(x') ≥ L + 10⁻⁴ a g·p   and   g'·p ≤ 0.9 g·p      (weak Wolfe conditions)
/// ```
///
/// Where the density is not finite counts as too far. Pairs without `s·y > 0` do not occur, by the second condition.
///
/// Source: Nocedal and Wright, *Numerical Optimization* (2006), algorithms 7.4 and 7.5; Lewis and Overton, *Nonsmooth optimization via
/// quasi-Newton methods* (2013), section 2.2, for the line search.
final class Ascent {
    private static final double SUFFICIENT = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int TRIES = 60;

    private final LogDensity density;
    private final int history;
    private final double[][] steps;
    private final double[][] bends;
    private final double[] inner;
    private final double[] direction;
    private double[] position;
    private double[] gradient;
    private double[] nextPosition;
    private double[] nextGradient;
    private double value;
    private double gain;
    private int count;

    /// @param position where it starts, length `d`; the density and its gradient are finite there; copied
    /// @param history  `J`, the number of pairs that are remembered, ≥ 1
    Ascent(LogDensity density, double[] position, int history) {
        this.density = density;
        this.history = history;
        int d = position.length;
        steps = new double[history][d];
        bends = new double[history][d];
        inner = new double[history];
        direction = new double[d];
        this.position = position.clone();
        gradient = new double[d];
        nextPosition = new double[d];
        nextGradient = new double[d];
        value = density.valueAndGradient(this.position, gradient);
    }

    /// Moves on to the next point.
    ///
    /// @return whether there is one: no higher point was found along the direction otherwise
    boolean advance() {
        aim();
        double slope = Dots.dot(gradient, direction);
        if (!(slope > 0)) {
            return false;
        }
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double a = count == 0 ? 1 / Math.sqrt(Dots.dot(gradient, gradient)) : 1;
        for (int tries = 0; tries < TRIES; tries++) {
            for (int i = 0; i < position.length; i++) {
                nextPosition[i] = position[i] + a * direction[i];
            }
            double next = density.valueAndGradient(nextPosition, nextGradient);
            double nextSlope = Dots.dot(nextGradient, direction);
            if (!(next >= value + SUFFICIENT * a * slope && Double.isFinite(next) && Double.isFinite(nextSlope))) {
                high = a;
            } else if (nextSlope > CURVATURE * slope) {
                low = a;
            } else {
                accept(next);
                return true;
            }
            a = high < Double.POSITIVE_INFINITY ? 0.5 * (low + high) : 2 * a;
        }
        return false;
    }

    private void accept(double next) {
        int at = count++ % history;
        for (int i = 0; i < position.length; i++) {
            steps[at][i] = nextPosition[i] - position[i];
            bends[at][i] = gradient[i] - nextGradient[i];
        }
        inner[at] = Dots.dot(steps[at], bends[at]);
        gain = next - value;
        value = next;
        double[] x = position;
        position = nextPosition;
        nextPosition = x;
        double[] g = gradient;
        gradient = nextGradient;
        nextGradient = g;
    }

    /// Computes the direction `H g`.
    private void aim() {
        System.arraycopy(gradient, 0, direction, 0, direction.length);
        int pairs = Math.min(count, history);
        double[] a = new double[pairs];
        for (int k = 0; k < pairs; k++) {
            int at = (count - 1 - k) % history;
            a[k] = Dots.dot(steps[at], direction) / inner[at];
            add(-a[k], bends[at]);
        }
        if (pairs > 0) {
            int last = (count - 1) % history;
            double scale = inner[last] / Dots.dot(bends[last], bends[last]);
            for (int i = 0; i < direction.length; i++) {
                direction[i] *= scale;
            }
        }
        for (int k = pairs - 1; k >= 0; k--) {
            int at = (count - 1 - k) % history;
            double b = Dots.dot(bends[at], direction) / inner[at];
            add(a[k] - b, steps[at]);
        }
    }

    private void add(double factor, double[] v) {
        for (int i = 0; i < direction.length; i++) {
            direction[i] += factor * v[i];
        }
    }

    /// {@return the present point; valid until the next move}
    double[] position() {
        return position;
    }

    /// {@return the gradient there; valid until the next move}
    double[] gradient() {
        return gradient;
    }

    /// {@return the log density there, in nats}
    double value() {
        return value;
    }

    /// {@return by how much the last move raised the log density, in nats}
    double gain() {
        return gain;
    }

    /// {@return the number of moves}
    int count() {
        return count;
    }

    /// {@return the step `s` of the last move; valid until the next one}
    double[] lastStep() {
        return steps[(count - 1) % history];
    }

    /// {@return the change `y` of the gradient, downwards, in the last move; valid until the next one}
    double[] lastBend() {
        return bends[(count - 1) % history];
    }
}
