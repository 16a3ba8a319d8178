package kiln.infer.mcmc;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kiln.infer.store.ChainState;

/// The draws of one chain while it runs; filled by the thread of that chain, read when it has ended.
final class ChainRecord {
    private final double[][] positions;
    private final Map<Statistic, double[]> statistics = new EnumMap<>(Statistic.class);
    private int kept;
    private int divergences;
    private Optional<ChainState> state = Optional.empty();

    ChainRecord(int draws, int dimension, Set<Statistic> keep) {
        positions = new double[draws][dimension];
        for (Statistic s : keep) {
            statistics.put(s, new double[draws]);
        }
    }

    /// Notes an iteration after the warm-up, whether its draw is kept or not.
    void count(Chain chain) {
        if (chain.diverging()) {
            divergences++;
        }
    }

    /// Keeps the latest draw.
    void keep(Chain chain, double[] position) {
        System.arraycopy(position, 0, positions[kept], 0, position.length);
        for (Map.Entry<Statistic, double[]> e : statistics.entrySet()) {
            e.getValue()[kept] = e.getKey().of(chain);
        }
        kept++;
    }

    void finish(Chain chain) {
        state = Optional.of(chain.state());
    }

    double[][] positions() {
        return positions;
    }

    double[] statistic(Statistic s) {
        return statistics.getOrDefault(s, new double[0]);
    }

    int divergences() {
        return divergences;
    }

    Optional<ChainState> state() {
        return state;
    }
}
