package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Storage;
import kiln.graph.Graph;

/// A compiled graph: simplified, scheduled into loops, and turned into a class that the JVM compiles to machine code.
///
/// It may be used by several threads at a time: each works in a workspace of its own.
public final class Executable {
    private final Graph graph;
    private final Options options;
    private final List<Aval> results;
    private final Program program;
    private final List<Slot> parameters;
    private final List<Slot> outputs;
    private final ThreadLocal<Object[]> workspace;

    private Executable(Graph graph, Program program, List<Slot> parameters, List<Slot> outputs, Options options, int threads) {
        this.graph = graph;
        this.options = options;
        this.results = graph.outputs().stream().map(n -> new Aval(n.aval().dtype(), n.aval().shape())).toList();
        this.parameters = parameters;
        this.outputs = outputs;
        this.program = program;
        this.workspace = ThreadLocal.withInitial(() -> program.memory().instantiate(threads));
    }

    /// {@return the compiled form of a graph, for [#call]: every argument and result in an array of its own}
    public static Executable compile(Graph graph) {
        return compile(graph, Options.EXACT);
    }

    /// {@return the compiled form of a graph, for [#call]}
    ///
    /// @param options what the compiler may do
    static Executable compile(Graph graph, Options options) {
        int n = graph.parameters().size();
        return compile(graph, Program.arrays(0, n), Program.arrays(n, graph.outputs().size()), Entry.MEMORY, options);
    }

    /// {@return the compiled form of a graph whose arguments and results lie inside three arrays of the caller, all of doubles, for a [Worker]}
    ///
    /// @param parameters where each argument lies
    /// @param outputs    where each result goes
    /// @param options    what the compiler may do
    public static Executable compile(Graph graph, List<Slot> parameters, List<Slot> outputs, Options options) {
        return compile(graph, parameters, outputs, Entry.ARGUMENTS, options);
    }

    private static Executable compile(Graph graph, List<Slot> parameters, List<Slot> outputs, Entry entry, Options options) {
        return new Executable(graph, Program.of(graph, parameters, outputs, entry, options), parameters, outputs, options, 1);
    }

    /// {@return the same program, whose calls are shared by several threads}
    ///
    /// @param threads as of [#worker(int)]
    public Executable threads(int threads) {
        return new Executable(graph, program, parameters, outputs, options, threads);
    }

    /// {@return this program for several arguments at a time, each with the same bits, for a [Worker]; empty if that gains nothing}
    ///
    /// What lies in the caller's array number `b` lies in array `b · lanes + k` for lane `k`. See [Lanes].
    ///
    /// @param lanes how many, ≥ 2
    public Optional<Executable> lanes(int lanes) {
        List<Slot> in = wide(parameters, lanes);
        List<Slot> out = wide(outputs, lanes);
        return Lanes.of(program.layout().plan().graph(), lanes, options)
                .map(plan -> new Executable(plan.graph(), Program.of(plan, in, out, Entry.MEMORY, Options.FINAL), in, out, Options.FINAL, 1));
    }

    private static List<Slot> wide(List<Slot> slots, int lanes) {
        return slots.stream()
                .flatMap(s -> IntStream.range(0, lanes).mapToObj(k -> new Slot(s.buffer() * lanes + k, s.offset())))
                .toList();
    }

    /// Runs on known arguments.
    ///
    /// @param arguments one per parameter, of its type
    /// @return one array per output
    public List<NDArray> call(List<Dense> arguments) {
        Object[] buffers = workspace.get();
        for (int i = 0; i < parameters.size(); i++) {
            buffers[i] = arguments.get(i).storage();
        }
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            Object storage = Storage.allocate(results.get(k).dtype(), results.get(k).shape().size());
            buffers[parameters.size() + k] = storage;
            out.add(Dense.of(results.get(k), storage));
        }
        program.code().run(buffers);
        return out;
    }

    /// The program with intermediate arrays of its own, for one thread.
    public final class Worker {
        private final Code code = program.code();
        private final Object[] buffers;

        private Worker(int threads) {
            buffers = program.memory().instantiate(threads);
        }

        /// Runs on the caller's arrays; allocates nothing.
        ///
        /// @param first  array number 0
        /// @param second array number 1
        /// @param third  array number 2
        public void run(double[] first, double[] second, double[] third) {
            code.run(buffers, first, second, third);
        }

        /// Runs on as many of the caller's arrays as there are lanes; allocates nothing.
        ///
        /// @param first  what [#run(double[], double[], double[])] calls array number 0, of each lane
        /// @param second array number 1 of each lane
        /// @param third  array number 2 of each lane
        public void run(double[][] first, double[][] second, double[][] third) {
            int lanes = first.length;
            System.arraycopy(first, 0, buffers, 0, lanes);
            System.arraycopy(second, 0, buffers, lanes, lanes);
            System.arraycopy(third, 0, buffers, 2 * lanes, lanes);
            code.run(buffers);
        }
    }

    /// {@return a new worker, for a program compiled for it}
    public Worker worker() {
        return worker(1);
    }

    /// {@return a new worker whose runs are shared by several threads: the same bits, see [kiln.math.Sums]}
    ///
    /// @param threads how many at most work on one run, ≥ 1, the calling one included; loops over fewer than 48,000 elements, kernels and
    ///                scalar code are the calling thread's alone
    public Worker worker(int threads) {
        return new Worker(threads);
    }

    /// {@return what the compiler did: the graph before and after each pass, loops, kernels, bytes of code and memory; for people}
    public String explain() {
        return Explanation.of(graph, program, options);
    }

    /// {@return bytes of intermediate arrays that each thread holds}
    public long workspaceBytes() {
        return program.memory().workspaceBytes();
    }
}
