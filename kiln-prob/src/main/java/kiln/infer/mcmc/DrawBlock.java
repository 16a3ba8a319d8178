package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;

/// Some successive draws of the chains that move together, with the statistics that are kept: what a sink receives at a time.
final class DrawBlock {
    private final List<Statistic> keep;
    private final double[][][] positions;
    private final double[][][] statistics;
    private int count;

    /// @param chains   number of chains that move together
    /// @param capacity draws of each
    DrawBlock(int chains, int capacity, List<Statistic> keep) {
        this.keep = keep;
        positions = new double[chains][capacity][];
        statistics = new double[chains][keep.size()][capacity];
    }

    /// Adds the latest draw of every chain.
    void add(Ensemble ensemble, double[][] latest) {
        for (int m = 0; m < positions.length; m++) {
            positions[m][count] = latest[m].clone();
            for (int s = 0; s < keep.size(); s++) {
                statistics[m][s][count] = ensemble.statistic(keep.get(s), m);
            }
        }
        count++;
    }

    /// Adds draws of a single chain of which no statistics are kept.
    void add(double[][] draws) {
        for (double[] draw : draws) {
            positions[0][count++] = draw.clone();
        }
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == positions[0].length;
    }

    /// {@return the draws of a member, `[draw][d]`}
    double[][] positions(int member) {
        return Arrays.copyOf(positions[member], count);
    }

    /// {@return a statistic of every draw of a member}
    double[] statistic(int member, Statistic s) {
        return Arrays.copyOf(statistics[member][keep.indexOf(s)], count);
    }
}
