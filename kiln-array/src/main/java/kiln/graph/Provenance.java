package kiln.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import kiln.op.CustomCall;
import kiln.op.Nested;
import kiln.op.Scan;
import kiln.op.Switch;
import kiln.op.TupleOp;
import kiln.op.While;

/// Which marks of its parameters the values of a graph depend on, integers included; loops and branches are looked into.
public final class Provenance {
    private Provenance() {}

    /// {@return the marks that each output depends on}
    ///
    /// @param marks the marks of each parameter
    public static List<BitSet> of(Graph graph, List<BitSet> marks) {
        Map<Node, BitSet> found = new IdentityHashMap<>();
        for (Node.Parameter p : graph.parameters()) {
            found.put(p, marks.get(p.index()));
        }
        for (Node node : graph.nodes()) {
            if (found.containsKey(node)) {
                continue;
            }
            List<BitSet> in = node.operands().stream().map(found::get).toList();
            switch (node) {
                case Node.Apply _ -> found.put(node, union(in));
                case Node.Result r -> {
                    List<BitSet> out = through(r.call().op(), in, r.call().results().size());
                    r.call().results().forEach(k -> found.put(k, out.get(k.index())));
                }
                case Node.Parameter _, Node.Constant _ -> found.put(node, new BitSet());
            }
        }
        return graph.outputs().stream().map(found::get).toList();
    }

    /// {@return marks with which every parameter shows: its own number for each}
    public static List<BitSet> singles(int parameters) {
        List<BitSet> out = copies(parameters);
        for (int k = 0; k < parameters; k++) {
            out.get(k).set(k);
        }
        return out;
    }

    private static List<BitSet> through(TupleOp op, List<BitSet> in, int results) {
        return switch (op) {
            case Scan s -> loop(s.body(), in, s.carries(), results);
            case While w -> {
                BitSet length = new BitSet();
                length.or(of(w.condition(), in).getFirst());
                List<BitSet> out = loop(w.body(), in, results, results);
                // How often the body ran decides about every result.
                length.or(of(w.condition(), with(in, out)).getFirst());
                out.forEach(o -> o.or(length));
                yield out;
            }
            case Switch s -> {
                List<BitSet> out = copies(results);
                for (Graph branch : s.branches()) {
                    List<BitSet> own = of(branch, in.subList(1, in.size()));
                    for (int k = 0; k < results; k++) {
                        out.get(k).or(own.get(k));
                        out.get(k).or(in.getFirst());
                    }
                }
                yield out;
            }
            case Nested n -> of(n.body(), in);
            case CustomCall _ -> {
                List<BitSet> out = copies(results);
                out.forEach(o -> o.or(union(in)));
                yield out;
            }
        };
    }

    private static List<BitSet> loop(Graph body, List<BitSet> in, int carries, int results) {
        List<BitSet> arguments = new ArrayList<>(in);
        for (int k = 0; k < carries; k++) {
            arguments.set(k, (BitSet) in.get(k).clone());
        }
        while (true) {
            List<BitSet> out = of(body, arguments);
            boolean grown = false;
            for (int k = 0; k < carries; k++) {
                BitSet before = (BitSet) arguments.get(k).clone();
                arguments.get(k).or(out.get(k));
                grown |= !before.equals(arguments.get(k));
            }
            if (!grown) {
                List<BitSet> all = copies(results);
                for (int k = 0; k < results; k++) {
                    all.get(k).or(k < carries ? arguments.get(k) : out.get(k));
                }
                return all;
            }
        }
    }

    private static List<BitSet> with(List<BitSet> in, List<BitSet> carries) {
        List<BitSet> out = new ArrayList<>(in);
        for (int k = 0; k < carries.size(); k++) {
            out.set(k, carries.get(k));
        }
        return out;
    }

    private static List<BitSet> copies(int n) {
        List<BitSet> out = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            out.add(new BitSet());
        }
        return out;
    }

    private static BitSet union(List<BitSet> in) {
        BitSet out = new BitSet();
        in.forEach(out::or);
        return out;
    }
}
