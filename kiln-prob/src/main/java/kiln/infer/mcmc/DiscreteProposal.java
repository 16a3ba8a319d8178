package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.DiscreteDensity;
import kiln.math.Elementary;

/// Another value for one discrete coordinate, as [DiscreteHMCGibbs] and [MixedHMC] propose it; belongs to one chain.
///
/// ```
/// log r = log p(z') + log g(z' → z) − log p(z) − log g(z → z')
///     conditional            0
///     other values, by p     log (1 − p_z) − log (1 − p_z')
///     uniform                log p(z') − log p(z)
/// ```
final class DiscreteProposal {
    private final DiscreteDensity density;
    private final boolean randomWalk;
    private final boolean modified;
    private final int continuous;
    private final double[][] supports;
    private final double[] scratch;
    private final double[] logs;
    private final double[] weights;

    private double value;
    private double logDensity;
    private double logRatio;

    DiscreteProposal(DiscreteDensity density, boolean randomWalk, boolean modified) {
        this.density = density;
        this.randomWalk = randomWalk;
        this.modified = modified;
        continuous = density.continuous();
        supports = new double[density.dimension() - continuous][];
        for (int i = 0; i < supports.length; i++) {
            supports[i] = density.support(i);
        }
        scratch = new double[density.dimension()];
        logs = new double[Arrays.stream(supports).mapToInt(s -> s.length).max().orElse(0)];
        weights = new double[logs.length];
    }

    /// {@return the number of discrete coordinates}
    int count() {
        return supports.length;
    }

    /// Makes every discrete coordinate one of its values.
    void snap(double[] position) {
        for (int i = 0; i < supports.length; i++) {
            position[continuous + i] = DiscreteDensity.nearest(supports[i], position[continuous + i]);
        }
    }

    /// A random order of the numbers `0 … order.length − 1`.
    static void shuffle(int[] order, ChainRandom random) {
        for (int i = 0; i < order.length; i++) {
            int j = (int) (random.uniform() * (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
    }

    /// Proposes a value of a coordinate.
    ///
    /// @param i          number of the discrete coordinate
    /// @param position   all coordinates; the same after the call
    /// @param logDensity the log density there
    /// @return whether there is another value to propose, or the present one was proposed again
    boolean propose(int i, double[] position, double logDensity, ChainRandom random) {
        if (supports[i].length == 1) {
            return false;
        }
        int present = Arrays.binarySearch(supports[i], position[continuous + i]);
        return randomWalk ? proposeUniformly(i, present, position, logDensity, random) : proposeByConditional(i, present, position, logDensity, random);
    }

    private double at(int i, int k, double[] position) {
        double before = position[continuous + i];
        position[continuous + i] = supports[i][k];
        double log = density.value(position, scratch);
        position[continuous + i] = before;
        return Double.isNaN(log) ? Double.NEGATIVE_INFINITY : log;
    }

    private boolean proposeUniformly(int i, int present, double[] position, double now, ChainRandom random) {
        int count = supports[i].length - (modified ? 1 : 0);
        int k = (int) (random.uniform() * count);
        if (modified && k >= present) {
            k++;
        }
        value = supports[i][k];
        logDensity = k == present ? now : at(i, k, position);
        logRatio = logDensity - now;
        return true;
    }

    private boolean proposeByConditional(int i, int present, double[] position, double now, ChainRandom random) {
        int count = supports[i].length;
        double max = now;
        for (int k = 0; k < count; k++) {
            logs[k] = k == present ? now : at(i, k, position);
            max = Math.max(max, logs[k]);
        }
        double total = 0;
        for (int k = 0; k < count; k++) {
            weights[k] = Elementary.exp(logs[k] - max);
            total += weights[k];
        }
        double others = total - weights[present];
        double u = random.uniform() * (modified ? others : total);
        int chosen = -1;
        for (int k = 0; k < count; k++) {
            if (weights[k] > 0 && !(modified && k == present)) {
                chosen = k;
                u -= weights[k];
                if (u < 0) {
                    break;
                }
            }
        }
        if (chosen < 0) {
            return false;
        }
        value = supports[i][chosen];
        logDensity = logs[chosen];
        logRatio = modified ? Elementary.log(others) - Elementary.log(total - weights[chosen]) : 0;
        return true;
    }

    /// {@return whether every proposal is accepted, so that nobody need ask with which probability}
    boolean isExact() {
        return !randomWalk && !modified;
    }

    /// {@return the value proposed}
    double value() {
        return value;
    }

    /// {@return the log density at the value proposed}
    double logDensity() {
        return logDensity;
    }

    /// {@return `log r`: the proposal is accepted with probability `min(1, r)`}
    double logRatio() {
        return logRatio;
    }
}
