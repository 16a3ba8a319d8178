package kiln.compile;

import java.util.List;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.graph.Graph;

/// A compiled graph.
public final class Executable {
    private final Graph graph;

    private Executable(Graph graph) {
        this.graph = graph;
    }

    /// {@return the compiled form of a graph}
    public static Executable compile(Graph graph) {
        return new Executable(graph);
    }

    /// Runs on known arguments.
    ///
    /// @return one array per output
    public List<NDArray> call(List<Dense> arguments) {
        return graph.call(List.copyOf(arguments));
    }
}
