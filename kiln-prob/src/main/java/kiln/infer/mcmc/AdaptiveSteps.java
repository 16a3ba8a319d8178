package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// As few leapfrog steps from point to point as keep the energy: one, two, four, …, until its error is at most `δ`.
///
/// ```
/// n = 1, 2, 4, …:   z' = n leapfrog steps of ε/n from z;   take the first n with |H(z') − H(z)| ≤ δ
/// ```
///
/// Seen from `z'`, the way back to `z` takes `n` steps too only if fewer would not do there: if `n/2`, `n/4`, … steps back from `z'` all err by more
/// than `δ`. Otherwise the two points are not neighbours, and the trajectory ends between them, in either direction.
final class AdaptiveSteps implements Integrator {
    private final LogDensity density;
    private final double maxError;
    private final int maxHalvings;
    private final PhasePoint[] spare;
    private int gradients;
    private double acceptance;
    private boolean diverging;

    /// @param maxError    `δ`, in nats, > 0
    /// @param maxHalvings at most `2^maxHalvings` steps; ≥ 0
    AdaptiveSteps(LogDensity density, double maxError, int maxHalvings) {
        this.density = density;
        this.maxError = maxError;
        this.maxHalvings = maxHalvings;
        spare = new PhasePoint[] {
            new PhasePoint(density.dimension()), new PhasePoint(density.dimension()), new PhasePoint(density.dimension())
        };
    }

    @Override
    public boolean step(Metric metric, double eps, PhasePoint from, PhasePoint to) {
        gradients = 0;
        diverging = false;
        for (int halvings = 0; halvings <= maxHalvings; halvings++) {
            int n = 1 << halvings;
            double error = follow(metric, eps, n, from, to);
            if (halvings == 0) {
                acceptance = Elementary.exp(-error);
            }
            if (error <= maxError) {
                return isChosenFrom(metric, to, n, -eps);
            }
        }
        diverging = true;
        return false;
    }

    /// Whether the way from a point with fewer than `n` steps errs by more than the limit, so that `n` would be chosen there too.
    private boolean isChosenFrom(Metric metric, PhasePoint from, int n, double eps) {
        for (int fewer = n / 2; fewer >= 1; fewer /= 2) {
            if (follow(metric, eps, fewer, from, spare[2]) <= maxError) {
                return false;
            }
        }
        return true;
    }

    /// Takes `n` equal steps that last `eps` together.
    ///
    /// @return `|H(to) − H(from)|`; `+∞` as soon as it is not finite
    private double follow(Metric metric, double eps, int n, PhasePoint from, PhasePoint to) {
        PhasePoint here = from;
        for (int k = 0; k < n; k++) {
            PhasePoint next = k == n - 1 ? to : spare[k & 1];
            LeapFrog.step(density, metric, eps / n, here, next);
            gradients++;
            if (next.energy == Double.POSITIVE_INFINITY) {
                return Double.POSITIVE_INFINITY;
            }
            here = next;
        }
        return Math.abs(to.energy - from.energy);
    }

    @Override
    public int gradients() {
        return gradients;
    }

    @Override
    public double acceptance(double weight) {
        return acceptance;
    }

    @Override
    public boolean diverging() {
        return diverging;
    }
}
