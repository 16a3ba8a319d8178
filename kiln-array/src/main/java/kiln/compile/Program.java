package kiln.compile;

import java.lang.classfile.ClassFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.graph.Graph;

/// Generated code with the description of the memory it works on; a workspace of its own makes it run in a thread or in a loop.
///
/// @param layout where every value lies
/// @param bytes  the class that was generated
/// @param code   an instance of it
@SuppressWarnings("ArrayRecordComponent") // never compared
record Program(Layout layout, byte[] bytes, Code code) {
    Program(Layout layout, byte[] bytes) {
        this(layout, bytes, CodeCache.define(bytes));
    }

    /// {@return the program of a graph: argument `i` is array `i` of the memory, the results follow}
    static Program of(Graph graph, Options options) {
        int n = graph.parameters().size();
        return of(graph, arrays(0, n), arrays(n, graph.outputs().size()), Entry.MEMORY, options);
    }

    /// {@return places that are each an array of its own}
    ///
    /// @param first number of the first array
    static List<Slot> arrays(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(i -> new Slot(i, 0)).toList();
    }

    /// {@return the program of a graph whose arguments and results lie where the caller says}
    static Program of(Graph graph, List<Slot> parameters, List<Slot> outputs, Entry entry, Options options) {
        return of(Plan.of(options.rewrite() ? rewritten(graph, options) : graph), parameters, outputs, entry, options);
    }

    /// {@return the program of a plan}
    static Program of(Plan plan, List<Slot> parameters, List<Slot> outputs, Entry entry, Options options) {
        var layout = new Layout(plan, parameters, outputs, entry, options);
        return new Program(layout, CodeGenerator.generate(layout, outputs));
    }

    private static Graph rewritten(Graph graph, Options options) {
        Graph scalars = SmallArrays.unpack(Simplifier.simplify(graph, options));
        return options.regroup() ? Chains.shorten(scalars) : scalars;
    }

    /// {@return the numbered objects that the code works on}
    Memory memory() {
        return layout.memory();
    }

    /// {@return bytes of bytecode by name of the method}
    Map<String, Integer> methods() {
        Map<String, Integer> out = new LinkedHashMap<>();
        for (var method : ClassFile.of().parse(bytes).methods()) {
            method.code().ifPresent(c -> out.put(method.methodName().stringValue(), ((java.lang.classfile.attribute.CodeAttribute) c).codeLength()));
        }
        out.remove("<init>");
        return out;
    }
}
