package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.infer.StopReason;

/// Keeps the draws of all chains as positions, in memory.
final class PositionRecord implements DrawSink {
    private final int groupSize;
    private final List<List<double[]>> positions;
    private final List<List<DrawBlock>> blocks;

    /// @param chains    number of chains
    /// @param groupSize how many of them move together
    PositionRecord(int chains, int groupSize) {
        this.groupSize = groupSize;
        positions = IntStream.range(0, chains).<List<double[]>>mapToObj(_ -> new ArrayList<>()).toList();
        blocks = IntStream.range(0, chains / groupSize).<List<DrawBlock>>mapToObj(_ -> new ArrayList<>()).toList();
    }

    @Override
    public void add(int group, int first, DrawBlock block) {
        for (int m = 0; m < groupSize; m++) {
            positions.get(group * groupSize + m).addAll(Arrays.asList(block.positions(m)));
        }
        blocks.get(group).add(block);
    }

    /// {@return the draws that all chains have, and the statistics kept of them}
    ChainDraws draws(List<GroupState> states, Set<Statistic> keep, StopReason reason) {
        int draws = positions.stream().mapToInt(List::size).min().orElse(0);
        Map<Statistic, double[][]> statistics = new EnumMap<>(Statistic.class);
        for (Statistic s : keep) {
            double[][] of = new double[positions.size()][];
            for (int c = 0; c < of.length; c++) {
                int member = c % groupSize;
                of[c] = blocks.get(c / groupSize).stream().flatMapToDouble(b -> Arrays.stream(b.statistic(member, s))).limit(draws)
                        .toArray();
            }
            statistics.put(s, of);
        }
        double[][][] all = positions.stream().map(p -> p.subList(0, draws).toArray(double[][]::new)).toArray(double[][][]::new);
        int[] divergences = states.stream().flatMap(s -> s.divergences().stream()).mapToInt(Integer::intValue).toArray();
        return new ChainDraws(all, statistics, divergences, states.stream().map(GroupState::state).toList(), reason);
    }
}
