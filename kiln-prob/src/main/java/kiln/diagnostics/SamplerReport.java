package kiln.diagnostics;

import java.util.OptionalInt;

/// What a sampler tells about its draws, for the [Verdict] on them.
public final class SamplerReport {
    /// A sampler that tells nothing.
    public static final SamplerReport NONE =
            new SamplerReport(new int[0], new double[0][], new double[0][], new double[0][], OptionalInt.empty(), false);

    private final int[] divergences;
    private final double[][] diverging;
    private final double[][] energy;
    private final double[][] treeDepth;
    private final OptionalInt maxTreeDepth;
    private final boolean takesDenseMass;

    /// A report; a part that a sampler does not tell is an empty array.
    ///
    /// @param divergences    number of divergent iterations of each chain
    /// @param diverging      `[chain][draw]`, 1 for a divergent iteration, 0 otherwise; only read
    /// @param energy         `[chain][draw]`, the Hamiltonian in nats; only read
    /// @param treeDepth      `[chain][draw]`, number of doublings of each trajectory; only read
    /// @param maxTreeDepth   the number at which trajectories are cut off
    /// @param takesDenseMass whether `denseMass(true)` would be news to the sampler: it has such a metric, and does not look for all correlations already
    public SamplerReport(
            int[] divergences, double[][] diverging, double[][] energy, double[][] treeDepth, OptionalInt maxTreeDepth, boolean takesDenseMass) {
        this.divergences = divergences.clone();
        this.diverging = diverging.clone();
        this.energy = energy.clone();
        this.treeDepth = treeDepth.clone();
        this.maxTreeDepth = maxTreeDepth;
        this.takesDenseMass = takesDenseMass;
    }

    int[] divergences() {
        return divergences;
    }

    double[][] diverging() {
        return diverging;
    }

    double[][] energy() {
        return energy;
    }

    double[][] treeDepth() {
        return treeDepth;
    }

    OptionalInt maxTreeDepth() {
        return maxTreeDepth;
    }

    boolean takesDenseMass() {
        return takesDenseMass;
    }
}
