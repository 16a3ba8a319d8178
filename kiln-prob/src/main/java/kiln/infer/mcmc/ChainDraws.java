package kiln.infer.mcmc;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kiln.infer.StopReason;
import kiln.infer.store.ChainState;

/// What [ParallelChains] returns: the draws of all chains on the unconstrained space, their statistics, and where each chain stopped.
public final class ChainDraws {
    private final double[][][] positions;
    private final Map<Statistic, double[][]> statistics;
    private final int[] divergences;
    private final List<ChainState> states;
    private final StopReason stopReason;

    /// @param positions  `[chain][draw][d]`, owned
    /// @param statistics `[chain][draw]` of each that was kept, owned
    ChainDraws(double[][][] positions, Map<Statistic, double[][]> statistics, int[] divergences, List<ChainState> states,
            StopReason stopReason) {
        this.positions = positions;
        this.statistics = statistics;
        this.divergences = divergences;
        this.states = List.copyOf(states);
        this.stopReason = stopReason;
    }

    /// {@return why the run ended}
    public StopReason stopReason() {
        return stopReason;
    }

    /// {@return the number of chains}
    public int chains() {
        return positions.length;
    }

    /// {@return the number of draws kept of each chain}
    public int draws() {
        return positions[0].length;
    }

    /// {@return one draw on the unconstrained space, length `d`, a copy}
    public double[] position(int chain, int draw) {
        return positions[chain][draw].clone();
    }

    /// {@return one coordinate as diagnostics take it, a new `[chain][draw]`}
    public double[][] coordinate(int index) {
        return Stream.of(positions)
                .map(chain -> Stream.of(chain).mapToDouble(q -> q[index]).toArray())
                .toArray(double[][]::new);
    }

    /// {@return the statistics that were kept}
    public Set<Statistic> statistics() {
        return Collections.unmodifiableSet(statistics.keySet());
    }

    /// {@return a statistic of every draw, a new `[chain][draw]`}
    ///
    /// @throws IllegalArgumentException if it was not asked for
    public double[][] statistic(Statistic statistic) {
        double[][] values = statistics.get(statistic);
        if (values == null) {
            throw new IllegalArgumentException(statistic.fieldName() + " was not kept.\n"
                    + "  Expected: one of " + statistics.keySet().stream().map(Statistic::fieldName).toList());
        }
        return Stream.of(values).map(double[]::clone).toArray(double[][]::new);
    }

    /// {@return the number of divergent iterations of each chain after the warm-up, those between kept draws included; a copy}
    public int[] divergences() {
        return divergences.clone();
    }

    /// {@return the state of each chain after its last iteration (of the ensemble, if they move together), to go on from}
    public List<ChainState> states() {
        return states;
    }
}
