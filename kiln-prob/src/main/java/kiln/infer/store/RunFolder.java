package kiln.infer.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;

/// The folder of a run: its draws as arrays in the format of Zarr 2, and the state of every chain to go on from.
///
/// ```
/// run.txt                        what the run is: kernel, settings, key, fingerprint of model and data
/// posterior/SITE/                draws [chain, draw, …], one file per chain and block of draws
/// sample_stats/NAME/             statistics of the draws
/// state/start.state              where the chains start
/// state/0.state, 1.state, …      complete state of each chain after its last complete block
/// .lock                          held by the operating system for the run that goes on
/// ```
///
/// A state is written after the draws that led to it, each file entirely or not at all: whenever the process is killed, the states
/// and the draws they refer to are there. Python reads the draws by `xarray.open_zarr(folder, group="posterior", consolidated=False)`.
///
/// A folder belongs to one run at a time, from [#create] or [#open] to [#close]; reading it needs nothing.
public final class RunFolder implements AutoCloseable {
    /// What the files say and how a run goes on from them: a folder of another number cannot be resumed, or not to the same bits.
    private static final String FORMAT = "4";
    /// Stands for the group of the state from which all chains start.
    private static final int START = -1;
    /// The array of a state that says whose it is: of which run, of which group.
    private static final String OWNER = "folder.owner";

    private final Path folder;
    private final FolderLock lock;
    private final int chains;
    private final int block;
    private final List<ZarrArray> arrays;
    /// What the states of this run have in common and those of other runs lack.
    private final long run;

    private RunFolder(Path folder, FolderLock lock, RunDescription description, List<Column> columns, int chains, int block) {
        this.folder = folder;
        this.lock = lock;
        run = description.checksum();
        this.chains = chains;
        this.block = block;
        arrays = columns.stream().map(c -> new ZarrArray(folder.resolve(c.group()).resolve(c.fileName()), c, chains, block)).toList();
    }

    /// {@return whether a folder holds a run}
    public static boolean isRun(Path folder) {
        return Files.exists(file(folder));
    }

    private static Path file(Path folder) {
        return folder.resolve("run.txt");
    }

    /// Begins a run in a folder that holds none.
    ///
    /// @param description what the draws depend on, value by name
    /// @param columns     what is kept of every draw
    /// @param chains      number of chains, ≥ 1
    /// @param draws       number of draws of each that are planned
    /// @param block       draws of a file, ≥ 1
    /// @param start       where the chains start
    /// @throws RunFolderException if the folder holds a run, or another one is beginning in it
    public static RunFolder create(Path folder, SequencedMap<String, String> description, List<Column> columns, int chains, int draws,
            int block, ChainState start) {
        RunDescription described = formatted(description);
        return kept(new RunFolder(folder, FolderLock.take(folder), described, columns, chains, block), made -> {
            if (isRun(folder)) {
                throw new RunFolderException(new Diagnosis("run", "the folder holds a run already")
                        .expected("a folder without a run")
                        .got(file(folder).toString())
                        .fix("go on with it by resume(folder), or name another folder."));
            }
            made.describe(draws);
            made.write(START, start);
            described.write(file(folder));
        });
    }

    /// {@return a folder after what is done with it first; where that fails the folder is free for others again}
    private static RunFolder kept(RunFolder folder, Consumer<RunFolder> first) {
        boolean isReady = false;
        try {
            first.accept(folder);
            isReady = true;
            return folder;
        } finally {
            if (!isReady) {
                folder.close();
            }
        }
    }

    /// Leaves the folder to others; what is there can still be read.
    @Override
    public void close() {
        lock.close();
    }

    /// Opens the folder of a run to go on with it.
    ///
    /// @param description what the draws depend on, as it was given to [#create]
    /// @param columns     as they were given to [#create]
    /// @throws RunFolderException if there is no run, a file is damaged, it is the folder of another run, or the run goes on now elsewhere
    public static RunFolder open(
            Path folder, SequencedMap<String, String> description, List<Column> columns, int chains, int draws, int block) {
        RunDescription described = read(folder);
        described.require(file(folder), formatted(description));
        return kept(new RunFolder(folder, FolderLock.take(folder), described, columns, chains, block), opened -> opened.describe(draws));
    }

    /// {@return what the run in a folder was described by}
    ///
    /// @throws RunFolderException if there is no run or its description is damaged
    public static SequencedMap<String, String> description(Path folder) {
        return read(folder).fields();
    }

    private static RunDescription read(Path folder) {
        return DurableFile.read(file(folder))
                .map(bytes -> RunDescription.read(file(folder), bytes))
                .orElseThrow(() -> new RunFolderException(new Diagnosis("resume", "there is no run to go on with")
                        .expected("the folder of a run, with its file run.txt")
                        .got(folder.toString())
                        .fix("begin one: new MCMC(…).folder(path).run(key).")));
    }

    private static RunDescription formatted(SequencedMap<String, String> description) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("format", FORMAT);
        fields.putAll(description);
        return new RunDescription(fields);
    }

    /// Tells readers how many draws there are: the planned ones while the run goes on, the real ones at its end.
    public void describe(int draws) {
        group(folder);
        arrays.stream().map(a -> a.column().group()).distinct().forEach(g -> group(folder.resolve(g)));
        arrays.forEach(a -> a.describe(draws));
    }

    private static void group(Path at) {
        DurableFile.writeLightly(at.resolve(".zgroup"), "{\"zarr_format\": 2}\n".getBytes(StandardCharsets.UTF_8));
        DurableFile.writeLightly(at.resolve(".zattrs"), "{\"inference_library\": \"Kiln\"}\n".getBytes(StandardCharsets.UTF_8));
    }

    /// {@return what is kept of every draw}
    public List<Column> columns() {
        return arrays.stream().map(ZarrArray::column).toList();
    }

    /// {@return the draws of a file}
    public int block() {
        return block;
    }

    /// Writes a block of draws of a chain.
    ///
    /// @param chain   number of the chain
    /// @param number  number of the block
    /// @param columns the elements of each column, row by row, in the order of [#columns]
    public void write(int chain, int number, List<Object> columns) {
        for (int i = 0; i < arrays.size(); i++) {
            arrays.get(i).write(chain, number, columns.get(i));
        }
    }

    /// {@return the first draws of a block of a chain}
    ///
    /// @param column number of the column
    /// @param draws  how many of the block's draws
    /// @throws RunFolderException if the file is missing or damaged
    public Object read(int column, int chain, int number, int draws) {
        return arrays.get(column).read(chain, number, draws);
    }

    /// {@return the draws of a column of all chains, shape `[chains, draws, …]`}
    ///
    /// @param column number of the column
    /// @param draws  how many of each chain
    /// @throws RunFolderException if a file is missing or damaged
    public NDArray read(int column, int draws) {
        Column c = columns().get(column);
        int size = c.shape().size();
        Object all = Storage.allocate(c.dtype(), chains * draws * size);
        for (int chain = 0; chain < chains; chain++) {
            for (int from = 0; from < draws; from += block) {
                int count = Math.min(block, draws - from);
                System.arraycopy(read(column, chain, from / block, count), 0, all, (chain * draws + from) * size, count * size);
            }
        }
        return Dense.of(new Aval(c.dtype(), Shape.of(chains, draws).then(c.shape())), all);
    }

    /// {@return the error that the draws of a chain are not those that its state tells of}
    ///
    /// @param column number of the column
    public RunFolderException foreign(int column, int chain) {
        return arrays.get(column).foreign(chain);
    }

    /// Writes the state of a group of chains, after the draws that led to it.
    public void write(int group, ChainState state) {
        StateFile.write(state(group), new ChainState.Builder(state).put(OWNER, run, group).build());
    }

    /// {@return the last state of a group of chains, or nothing if it has not come to one}
    ///
    /// @throws RunFolderException if the file is damaged, or that of another group or run
    public Optional<ChainState> read(int group) {
        Path file = state(group);
        return StateFile.read(file).map(state -> {
            if (!state.has(OWNER) || !Arrays.equals(state.longs(OWNER), new long[] {run, group})) {
                throw StateFile.damaged(file, "it is the state of another chain, or of another run than " + file(folder) + " describes");
            }
            return state;
        });
    }

    /// {@return where the chains started}
    ///
    /// @throws RunFolderException if the file is missing, damaged, or that of another run
    public ChainState start() {
        return read(START).orElseThrow(() -> StateFile.damaged(state(START), "it is missing"));
    }

    private Path state(int group) {
        return folder.resolve("state").resolve((group == START ? "start" : group) + ".state");
    }
}
