package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.math.Sums;
import kiln.op.Function1;

/// What the compiler made of a graph, as text for people: the graph before and after each pass, the order of work, and sizes.
final class Explanation {
    /// The most operations of a graph that are printed one by one.
    private static final int PRINTED = 120;

    private final StringBuilder text = new StringBuilder();
    private final String indent;

    private Explanation(String indent) {
        this.indent = indent;
    }

    /// {@return the text for a graph and its program}
    static String of(Graph traced, Program program, Options options) {
        var e = new Explanation("");
        e.graph("Traced", traced);
        var simplifier = new Simplifier(options);
        Graph simplified = options.rewrite() ? simplifier.run(traced) : traced;
        e.graph("Simplified", simplified);
        if (!simplifier.notes().isEmpty()) {
            e.line("Collapsed");
            simplifier.notes().forEach(note -> e.line("  " + note));
        }
        Graph planned = program.layout().plan().graph();
        if (planned.nodes().size() != simplified.nodes().size()) {
            e.graph("With small arrays taken apart and chains shortened", planned);
        }
        e.work(program);
        return e.text.toString();
    }

    private void work(Program program) {
        line("Order of work");
        List<Plan.Level> levels = program.layout().plan().levels();
        for (int i = 0; i < levels.size(); i++) {
            level(i, levels.get(i), program.layout());
        }
        line("Code, in bytes of bytecode: "
                + program.methods().entrySet().stream().map(m -> m.getKey() + " " + m.getValue()).collect(Collectors.joining(", ")));
        line(String.format(
                Locale.ROOT,
                "Memory: %,d bytes of intermediate values for each thread, %,d bytes of constants for all of them",
                program.memory().workspaceBytes(),
                program.memory().constantBytes()));
        for (TupleKernels kernels : program.memory().inner()) {
            for (Program inner : kernels.programs()) {
                var e = new Explanation(indent + "    ");
                e.graph("Inner program", inner.layout().plan().graph());
                e.work(inner);
                text.append(e.text);
            }
        }
    }

    private void line(String s) {
        text.append(indent).append(s).append('\n');
    }

    private void graph(String title, Graph graph) {
        long operations = operations(graph);
        line(title + ": " + operations + (operations == 1 ? " operation" : " operations"));
        if (operations <= PRINTED) {
            graph.toString().lines().forEach(l -> line("  " + l));
        } else {
            line("  " + counts(graph.nodes()));
        }
    }

    private static long operations(Graph graph) {
        return graph.nodes().stream().filter(n -> !(n instanceof Node.Constant)).count();
    }

    /// {@return how often each operation occurs, the most frequent ones by name}
    private static String counts(List<? extends Node> nodes) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : nodes) {
            switch (node) {
                case Node.Apply a -> counts.merge(a.op().label(), 1, Integer::sum);
                case Node.Result r when r.index() == 0 -> counts.merge(r.call().op().label(), 1, Integer::sum);
                case Node.Result _, Node.Parameter _, Node.Constant _ -> {}
            }
        }
        return counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).collect(Collectors.joining(", "));
    }

    private static String label(Node kernel) {
        return switch (kernel) {
            case Node.Apply a -> a.op().label();
            case Node.Result r -> r.call().op().label();
            case Node.Parameter _, Node.Constant _ -> throw new IllegalStateException("no operation: " + kernel);
        };
    }

    private void level(int number, Plan.Level level, Layout layout) {
        if (!level.scalars.isEmpty()) {
            line("  " + number + ": scalars: " + counts(level.scalars));
        }
        for (Node kernel : level.kernels) {
            String operands = kernel.operands().stream().map(n -> n.aval().toString()).collect(Collectors.joining(", "));
            line("  " + number + ": kernel: " + label(kernel) + " of " + operands);
        }
        level.loops.forEach((n, loops) -> {
            for (Plan.Loop loop : loops) {
                List<String> functions = new ArrayList<>();
                List<Node> arithmetic = new ArrayList<>();
                int totals = 0;
                for (Node.Apply a : loop.nodes) {
                    if (layout.plan().role(a) == Plan.Role.TOTAL) {
                        totals++;
                    } else if (a.op() instanceof Function1) {
                        functions.add(a.op().label());
                    } else {
                        arithmetic.add(a);
                    }
                }
                boolean isDirect = DirectLoop.fits(layout, CodeGenerator.work(layout, loop));
                line("  " + number + ": loop over " + n + " elements, "
                        + (isDirect ? "in place" : Math.ceilDiv(n, Memory.TILE) + (n <= Memory.TILE ? " tile" : " tiles")) + (Sums.blocks(n) == 1 ? "" : " in " + Sums.blocks(n) + " blocks") + ": " + counts(arithmetic)
                        + (functions.isEmpty() ? "" : "; functions " + String.join(", ", functions)) + (totals == 0 ? "" : "; " + totals + " sums"));
            }
        });
    }
}
