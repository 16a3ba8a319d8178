package kiln.compile;

import java.util.ArrayList;
import java.util.List;
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
    private final List<Aval> results;
    private final Memory memory;
    private final Code code;
    private final int parameters;
    private final ThreadLocal<Object[]> workspace;

    private Executable(Graph graph, List<Slot> parameters, List<Slot> outputs) {
        this.results = graph.outputs().stream().map(n -> new Aval(n.aval().dtype(), n.aval().shape())).toList();
        this.parameters = parameters.size();
        Graph simple = Simplifier.simplify(graph);
        var layout = new Layout(Plan.of(simple), parameters, outputs);
        byte[] bytes = CodeGenerator.generate(layout, outputs);
        this.memory = layout.memory();
        this.code = CodeCache.define(bytes);
        this.workspace = ThreadLocal.withInitial(memory::instantiate);
    }

    /// {@return the compiled form of a graph, for [#call]: every argument and result in an array of its own}
    public static Executable compile(Graph graph) {
        int n = graph.parameters().size();
        List<Slot> in = IntStream.range(0, n).mapToObj(i -> new Slot(i, 0)).toList();
        List<Slot> out = IntStream.range(0, graph.outputs().size()).mapToObj(k -> new Slot(n + k, 0)).toList();
        return new Executable(graph, in, out);
    }

    /// {@return the compiled form of a graph whose arguments and results lie inside the caller's arrays, for [#run]}
    ///
    /// @param parameters where each argument lies
    /// @param outputs    where each result goes
    public static Executable compile(Graph graph, List<Slot> parameters, List<Slot> outputs) {
        return new Executable(graph, parameters, outputs);
    }

    /// Runs on known arguments.
    ///
    /// @param arguments one per parameter, of its type
    /// @return one array per output
    public List<NDArray> call(List<Dense> arguments) {
        Object[] buffers = workspace.get();
        for (int i = 0; i < parameters; i++) {
            buffers[i] = arguments.get(i).storage();
        }
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            Object storage = Storage.allocate(results.get(k).dtype(), results.get(k).shape().size());
            buffers[parameters + k] = storage;
            out.add(Dense.of(results.get(k), storage));
        }
        code.run(buffers);
        return out;
    }

    /// Runs on the caller's arrays; allocates nothing after the first run in a thread.
    ///
    /// @param first  array number 0
    /// @param second array number 1
    /// @param third  array number 2
    public void run(Object first, Object second, Object third) {
        Object[] buffers = workspace.get();
        buffers[0] = first;
        buffers[1] = second;
        buffers[2] = third;
        code.run(buffers);
    }

    /// {@return bytes of intermediate arrays that each thread holds}
    public long workspaceBytes() {
        return memory.workspaceBytes();
    }
}
