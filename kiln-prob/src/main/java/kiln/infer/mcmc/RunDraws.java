package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.infer.store.ChainState;
import kiln.infer.store.Column;
import kiln.infer.store.RunFolder;

/// Where the driver keeps the draws: in memory, in a run folder, or in both; and what is read of them, during the run and after it.
///
/// Blocks go to the sink of [ChainRun] as positions; the thread that made them turns them into values of sites, so the threads share
/// this work.
final class RunDraws implements DrawSink, DrawHistory {
    /// The array of a state that has the [#marks] of the chains of its group, one chain after the other.
    private static final String MARKS = "run.draws";

    private final RunColumns columns;
    private final int chains;
    private final int groupSize;
    private final Optional<RunFolder> folder;
    private final boolean inMemory;
    /// By chain, then by block: the elements of every column.
    private final List<List<List<Object>>> blocks;
    private final int[] kept;
    /// By chain, then by column: a number made of all draws so far, by which those of another chain or run are found out.
    private final long[][] marks;

    /// @param groupSize how many chains move together
    /// @param inMemory  whether the draws stay in memory; if not, there is a folder
    RunDraws(RunColumns columns, int chains, int groupSize, Optional<RunFolder> folder, boolean inMemory) {
        this.columns = columns;
        this.chains = chains;
        this.groupSize = groupSize;
        this.folder = folder;
        this.inMemory = inMemory;
        blocks = IntStream.range(0, chains).<List<List<Object>>>mapToObj(_ -> new ArrayList<>()).toList();
        kept = new int[chains];
        marks = new long[chains][columns.columns().size()];
    }

    /// Goes on after draws that the folder holds.
    ///
    /// @return the states of the groups that had come to one
    List<Optional<GroupState>> restore(RunFolder from) {
        List<Optional<GroupState>> states = new ArrayList<>();
        for (int g = 0; g < chains / groupSize; g++) {
            Optional<GroupState> state = from.read(g).map(GroupState::of);
            for (int m = 0; m < groupSize && state.isPresent(); m++) {
                int chain = g * groupSize + m;
                kept[chain] = state.get().kept();
                for (int first = 0; first < kept[chain]; first += from.block()) {
                    int number = first / from.block();
                    int count = Math.min(from.block(), kept[chain] - first);
                    List<Object> block = IntStream.range(0, columns.columns().size()).mapToObj(i -> from.read(i, chain, number, count)).toList();
                    mark(chain, block);
                    if (inMemory) {
                        blocks.get(chain).add(block);
                    }
                }
                long[] want = state.get().state().longs(MARKS);
                for (int i = 0; i < marks[chain].length; i++) {
                    if (marks[chain][i] != want[m * marks[chain].length + i]) {
                        throw from.foreign(i, chain);
                    }
                }
            }
            states.add(state);
        }
        return states;
    }

    private void mark(int chain, List<Object> block) {
        for (int i = 0; i < block.size(); i++) {
            Object elements = block.get(i);
            for (int k = 0; k < Storage.length(elements); k++) {
                marks[chain][i] = Fingerprint.mixed(marks[chain][i], Storage.getDouble(elements, k));
            }
        }
    }

    @Override
    public void add(int group, int first, DrawBlock block) {
        for (int m = 0; m < groupSize; m++) {
            int chain = group * groupSize + m;
            List<Object> made = columns.of(block, m);
            folder.ifPresent(f -> {
                write(f, chain, first, made);
                mark(chain, made);
            });
            synchronized (this) {
                if (inMemory) {
                    blocks.get(chain).add(made);
                }
                kept[chain] = first + block.count();
            }
        }
    }

    /// A block that begins inside a file is written with the draws before it.
    private void write(RunFolder f, int chain, int first, List<Object> made) {
        int number = first / f.block();
        int before = first % f.block();
        List<Object> whole = before == 0 ? made : IntStream.range(0, made.size())
                .mapToObj(i -> joined(List.of(f.read(i, chain, number, before), made.get(i)), columns.columns().get(i)))
                .toList();
        f.write(chain, number, whole);
    }

    private static Object joined(List<Object> parts, Column c) {
        Object all = Storage.allocate(c.dtype(), parts.stream().mapToInt(Storage::length).sum());
        int at = 0;
        for (Object part : parts) {
            System.arraycopy(part, 0, all, at, Storage.length(part));
            at += Storage.length(part);
        }
        return all;
    }

    @Override
    public void checkpoint(int group, Supplier<GroupState> state) {
        folder.ifPresent(f -> f.write(group, new ChainState.Builder(state.get().stored())
                .put(MARKS, Arrays.stream(marks, group * groupSize, (group + 1) * groupSize).flatMapToLong(Arrays::stream).toArray())
                .build()));
    }

    @Override
    public synchronized int draws() {
        return IntStream.of(kept).min().orElse(0);
    }

    /// {@return the names of [RunColumns#deterministic]}
    Set<String> deterministic() {
        return columns.deterministic();
    }

    @Override
    public List<Integer> randomVariables() {
        Set<String> deterministic = deterministic();
        return IntStream.range(0, columns.columns().size()).boxed()
                .filter(i -> columns.columns().get(i).group().equals(RunColumns.POSTERIOR))
                .filter(i -> !deterministic.contains(columns.columns().get(i).name()))
                .toList();
    }

    @Override
    public boolean isFloating(int column) {
        return columns.columns().get(column).dtype().isFloating();
    }

    @Override
    public List<String> labels(int column) {
        Column c = columns.columns().get(column);
        return kiln.diagnostics.Draws.of(1, 0).with(c.name(), c.shape().dims(), new double[1][0][]).labels(c.name());
    }

    @Override
    public IntFunction<double[][]> column(int column, int draws) {
        int size = columns.columns().get(column).shape().size();
        List<List<Object>> all = IntStream.range(0, chains).mapToObj(c -> parts(column, c, draws)).toList();
        return element -> {
            double[][] x = new double[chains][draws];
            for (int c = 0; c < chains; c++) {
                int at = 0;
                for (Object part : all.get(c)) {
                    for (int i = element; i < Storage.length(part) && at < draws; i += size) {
                        x[c][at++] = Storage.getDouble(part, i);
                    }
                }
            }
            return x;
        };
    }

    /// The first draws of a column of a chain, in blocks.
    private List<Object> parts(int column, int chain, int draws) {
        if (inMemory) {
            synchronized (this) {
                return blocks.get(chain).stream().map(b -> b.get(column)).toList();
            }
        }
        RunFolder f = folder.orElseThrow();
        List<Object> out = new ArrayList<>();
        for (int first = 0; first < draws; first += f.block()) {
            out.add(f.read(column, chain, first / f.block(), Math.min(f.block(), draws - first)));
        }
        return out;
    }

    /// {@return the first draws of the columns of a group of the folder, each made when it is asked for}
    SequencedMap<String, Supplier<NDArray>> arrays(String group, int draws) {
        var out = new LinkedHashMap<String, Supplier<NDArray>>();
        for (int i = 0; i < columns.columns().size(); i++) {
            int column = i;
            Column c = columns.columns().get(i);
            if (c.group().equals(group)) {
                if (inMemory) {
                    NDArray known = array(column, draws);
                    out.put(c.name(), () -> known);
                } else {
                    out.put(c.name(), () -> folder.orElseThrow().read(column, draws));
                }
            }
        }
        return out;
    }

    private NDArray array(int column, int draws) {
        Column c = columns.columns().get(column);
        int size = draws * c.shape().size();
        Object all = Storage.allocate(c.dtype(), chains * size);
        for (int chain = 0; chain < chains; chain++) {
            int at = 0;
            for (Object part : parts(column, chain, draws)) {
                int n = Math.min(Storage.length(part), size - at);
                System.arraycopy(part, 0, all, chain * size + at, n);
                at += n;
            }
        }
        return Dense.of(new Aval(c.dtype(), Shape.of(chains, draws).then(c.shape())), all);
    }
}
