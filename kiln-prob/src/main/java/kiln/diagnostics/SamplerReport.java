package kiln.diagnostics;

import java.util.OptionalInt;

/// What a sampler tells about its draws; a part that it does not tell is empty.
///
/// @param divergences  number of divergent iterations of each chain
/// @param diverging    `[chain][draw]`, 1 for a divergent iteration, 0 otherwise
/// @param energy       `[chain][draw]`, the Hamiltonian in nats
/// @param treeDepth    `[chain][draw]`, number of doublings of each trajectory
/// @param maxTreeDepth the number at which trajectories are cut off
@SuppressWarnings("ArrayRecordComponent")
public record SamplerReport(
        int[] divergences, double[][] diverging, double[][] energy, double[][] treeDepth, OptionalInt maxTreeDepth) {
    /// A sampler that tells nothing.
    public static final SamplerReport NONE =
            new SamplerReport(new int[0], new double[0][], new double[0][], new double[0][], OptionalInt.empty());
}
