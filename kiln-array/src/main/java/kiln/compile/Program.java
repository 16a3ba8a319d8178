package kiln.compile;

import java.util.List;
import java.util.stream.IntStream;
import kiln.graph.Graph;

/// Generated code with the description of the memory it works on; a workspace of its own makes it run in a thread or in a loop.
///
/// @param memory the numbered objects
/// @param code   the code
record Program(Memory memory, Code code) {
    /// {@return the program of a graph: argument `i` is array `i` of the memory, the results follow}
    static Program of(Graph graph) {
        int n = graph.parameters().size();
        List<Slot> in = IntStream.range(0, n).mapToObj(i -> new Slot(i, 0)).toList();
        List<Slot> out = IntStream.range(0, graph.outputs().size()).mapToObj(k -> new Slot(n + k, 0)).toList();
        return of(graph, in, out);
    }

    /// {@return the program of a graph whose arguments and results lie where the caller says}
    static Program of(Graph graph, List<Slot> parameters, List<Slot> outputs) {
        var layout = new Layout(Plan.of(SmallArrays.unpack(Simplifier.simplify(graph))), parameters, outputs);
        byte[] bytes = CodeGenerator.generate(layout, outputs);
        return new Program(layout.memory(), CodeCache.define(bytes));
    }
}
