package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Split;
import kiln.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// The reverse derivative of a [Scan]: a scan forward that stores what the way back needs, and one back over what it stored.
///
/// The memory is linear in the number of steps. In every step the carries are stored, and of the values computed from them
/// those that cost more than arithmetic (functions, sums, products of matrices, inner loops); the arithmetic between is done again.
/// With [Scan#recompute] only the carries are stored.
final class ScanReverse {
    private final Scan scan;
    private final Graph body;
    private final int early;
    private final List<Integer> wrt;
    private final List<Integer> seeded;
    private final Graph vjp;
    private final Split split;

    ScanReverse(Scan scan, boolean[] active, boolean isHidden) {
        this.scan = scan;
        this.body = scan.body();
        this.early = body.parameters().size();
        this.wrt = IntStream.range(0, early)
                .filter(i -> active[i] && body.parameters().get(i).aval().dtype().isFloating())
                .boxed()
                .toList();
        boolean[] reached = body.reached(active);
        this.seeded = IntStream.range(0, body.outputs().size())
                .filter(k -> k < scan.carries() ? wrt.contains(k) : reached[k])
                .boxed()
                .toList();
        this.vjp = Derivatives.vjp(body, wrt, seeded, isHidden);
        Set<Node> varying = varying();
        this.split = Split.of(vjp, early, body.outputs().size(), node -> varying.contains(node) && !scan.recompute() && isCostly(node));
    }

    /// Values that differ from step to step: those that depend on a carry or a slice.
    private Set<Node> varying() {
        Set<Node> out = Collections.newSetFromMap(new IdentityHashMap<>());
        out.addAll(vjp.parameters().subList(0, scan.carries() + scan.reads()));
        for (Node node : vjp.nodes()) {
            if (node.operands().stream().anyMatch(out::contains)) {
                out.add(node);
            }
        }
        return out;
    }

    private static boolean isCostly(Node node) {
        return switch (node) {
            case Node.Apply a -> a.op() instanceof Function1 || a.op() instanceof Pow || !(a.op() instanceof Elementwise || a.op() instanceof Movement);
            case Node.Result _ -> true;
            case Node.Parameter _, Node.Constant _ -> false;
        };
    }

    private List<Node.Parameter> kept(int from, int to) {
        return split.parameters().stream().filter(p -> p.index() >= from && p.index() < to).toList();
    }

    TupleOp.Reverse run(List<NDArray> x) {
        int carries = scan.carries();
        int outputs = body.outputs().size();
        List<Node> step = new ArrayList<>(vjp.outputs().subList(0, outputs));
        List<Node.Parameter> saved = kept(0, carries);
        step.addAll(saved);
        step.addAll(split.stored());
        var forward = new Scan(
                new Graph(vjp.parameters().subList(0, early), step), carries, scan.reads(), scan.length(), scan.reverse(), scan.recompute());
        List<NDArray> out = Bind.apply(forward, x);
        return new TupleOp.Reverse(out.subList(0, outputs), ct -> back(x, out, ct));
    }

    private List<@Nullable NDArray> back(List<NDArray> x, List<NDArray> out, List<@Nullable NDArray> ct) {
        int carries = scan.carries();
        int reads = scan.reads();
        int outputs = body.outputs().size();
        List<Integer> ctCarries = wrt.stream().filter(i -> i < carries).toList();
        List<Integer> ctReads = wrt.stream().filter(i -> i >= carries && i < carries + reads).toList();
        List<Integer> ctConstants = wrt.stream().filter(i -> i >= carries + reads).toList();
        List<Integer> ctWrites = seeded.stream().filter(k -> k >= carries).toList();
        List<Node.Parameter> slices = kept(carries, carries + reads);
        List<Node.Parameter> constants = kept(carries + reads, early);

        // Carried back: cotangents of the carries, and the sums of those of the constants.
        List<NDArray> operands = new ArrayList<>();
        ctCarries.forEach(k -> operands.add(Scan.orZeros(ct.get(k), out.get(k))));
        ctConstants.forEach(i -> operands.add(Np.zerosLike(x.get(i))));
        int carried = operands.size();
        operands.addAll(out.subList(outputs, out.size()));
        slices.forEach(p -> operands.add(x.get(p.index())));
        ctWrites.forEach(k -> operands.add(Scan.orZeros(ct.get(k), out.get(k))));
        int read = operands.size() - carried;
        constants.forEach(p -> operands.add(x.get(p.index())));

        int saved = kept(0, carries).size();
        int stored = split.stored().size();
        List<Aval> types = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            Aval type = operands.get(i).aval();
            boolean slice = i >= carried && i < carried + read;
            types.add(new Aval(type.dtype(), slice ? type.shape().slice(1, type.shape().rank()) : type.shape()));
        }
        Graph step = Tracer.build(types, a -> {
                    // Of the cut: saved carries, slices, constants; stored values; cotangents of carries, then of slices.
                    int at = carried;
                    List<NDArray> own = new ArrayList<>(a.subList(at, at + saved));
                    List<NDArray> values = a.subList(at + saved, at + saved + stored);
                    at += saved + stored;
                    own.addAll(a.subList(at, at + slices.size()));
                    own.addAll(a.subList(carried + read, a.size()));
                    own.addAll(values);
                    own.addAll(a.subList(0, ctCarries.size()));
                    own.addAll(a.subList(at + slices.size(), carried + read));
                    List<NDArray> parts = split.second().call(own);
                    List<NDArray> results = new ArrayList<>(parts.subList(0, ctCarries.size()));
                    int first = ctCarries.size() + ctReads.size();
                    for (int i = 0; i < ctConstants.size(); i++) {
                        results.add(a.get(ctCarries.size() + i).plus(parts.get(first + i)));
                    }
                    results.addAll(parts.subList(ctCarries.size(), first));
                    return results;
                });
        List<NDArray> back = Bind.apply(new Scan(step, carried, read, scan.length(), !scan.reverse(), scan.recompute()), operands);
        @Nullable NDArray[] cotangents = new @Nullable NDArray[early];
        List<Integer> order = new ArrayList<>(ctCarries);
        order.addAll(ctConstants);
        order.addAll(ctReads);
        for (int i = 0; i < order.size(); i++) {
            cotangents[order.get(i)] = back.get(i);
        }
        return Arrays.asList(cotangents);
    }
}
