package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.graph.Vectorization;
import org.jspecify.annotations.Nullable;

/// A loop of known length that carries values from step to step, reads one slice and writes one slice in every step.
///
/// ```
/// (c, y[t]) = body(c, x[t], k)   for t = 0, …, length − 1, or from the end
/// ```
///
/// Operands are the carries, the arrays that are read, and the values that are the same for all steps; results are the last
/// carries and the arrays that were written.
///
/// @param body      one step: (carries…, slices…, constants…) ↦ (carries…, slices…)
/// @param carries   how many values are carried
/// @param reads     how many arrays are read along their first axis
/// @param length    number of steps
/// @param reverse   whether the steps run from the last slice to the first
/// @param recompute whether the reverse derivative stores the carries only and computes all else again
public record Scan(Graph body, int carries, int reads, int length, boolean reverse, boolean recompute) implements TupleOp {
    @Override
    public String label() {
        return "scan";
    }

    /// {@return number of operands that are the same for all steps}
    public int constants() {
        return body.parameters().size() - carries - reads;
    }

    /// {@return the position of step number `i`}
    public int position(int i) {
        return reverse ? length - 1 - i : i;
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        List<Aval> out = new ArrayList<>();
        for (int k = 0; k < body.outputs().size(); k++) {
            Aval own = body.outputs().get(k).aval();
            out.add(new Aval(own.dtype(), k < carries ? own.shape() : Shape.of(length).then(own.shape())));
        }
        return out;
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        var step = body.function();
        List<NDArray> arguments = new ArrayList<>(in);
        List<Dense> out = new ArrayList<>();
        List<Aval> types = types(Op.types(in));
        for (Aval type : types.subList(carries, types.size())) {
            out.add(Dense.of(type, Storage.allocate(type.dtype(), type.shape().size())));
        }
        for (int i = 0; i < length; i++) {
            int t = position(i);
            for (int k = carries; k < carries + reads; k++) {
                arguments.set(k, slice(in.get(k), t));
            }
            List<NDArray> results = step.apply(arguments);
            for (int k = 0; k < results.size(); k++) {
                if (k < carries) {
                    arguments.set(k, results.get(k));
                } else {
                    Dense y = results.get(k).known();
                    System.arraycopy(y.storage(), 0, out.get(k - carries).storage(), t * y.size(), y.size());
                }
            }
        }
        List<Dense> all = new ArrayList<>();
        for (int k = 0; k < carries; k++) {
            all.add(Dense.of(types.get(k), arguments.get(k).known().storage()));
        }
        all.addAll(out);
        return all;
    }

    private static Dense slice(Dense x, int t) {
        Shape shape = x.shape().slice(1, x.rank());
        Object storage = Storage.allocate(x.dtype(), shape.size());
        System.arraycopy(x.storage(), t * shape.size(), storage, 0, shape.size());
        return Dense.of(new Aval(x.dtype(), shape), storage);
    }

    private boolean isCarry(int parameter) {
        return parameter < carries;
    }

    private boolean isRead(int parameter) {
        return parameter >= carries && parameter < carries + reads;
    }

    /// Which parameters of the body have a derivative in some step, given those that have one before the first.
    private boolean[] active(boolean[] before) {
        boolean[] active = before.clone();
        for (boolean grown = true; grown; ) {
            grown = false;
            boolean[] after = body.reached(active);
            for (int k = 0; k < carries; k++) {
                grown |= after[k] && !active[k];
                active[k] |= after[k];
            }
        }
        return active;
    }

    private static List<Integer> where(boolean[] flags, int from, int to) {
        return IntStream.range(from, to).filter(i -> flags[i]).boxed().toList();
    }

    private static <T> List<T> pick(List<? extends T> list, List<Integer> positions) {
        List<T> out = new ArrayList<>();
        positions.forEach(i -> out.add(list.get(i)));
        return out;
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        int n = body.parameters().size();
        boolean[] given = new boolean[n];
        for (int i = 0; i < n; i++) {
            given[i] = dx.get(i) != null;
        }
        boolean[] active = active(given);
        List<Integer> wrt = where(active, 0, n);
        Graph both = Derivatives.jvp(body, wrt);
        int outputs = body.outputs().size();
        boolean[] reached = body.reached(active);
        List<Integer> dCarries = where(active, 0, carries);
        List<Integer> dReads = where(active, carries, carries + reads);
        List<Integer> dWrites = where(reached, carries, outputs);
        // Parameters of the new body: carries and their tangents, slices and theirs, constants and theirs.
        List<Integer> order = new ArrayList<>();
        List<NDArray> operands = new ArrayList<>();
        int[][] ranges = {{0, carries}, {carries, carries + reads}, {carries + reads, n}};
        for (int[] range : ranges) {
            for (int i = range[0]; i < range[1]; i++) {
                order.add(i);
                operands.add(x.get(i));
            }
            for (int i : where(active, range[0], range[1])) {
                order.add(n + wrt.indexOf(i));
                NDArray t = dx.get(i);
                operands.add(t == null ? Np.zerosLike(x.get(i)) : t);
            }
        }
        List<Aval> types = order.stream().map(i -> both.parameters().get(i).aval()).toList();
        Graph step = Tracer.build(types, arguments -> {
                    NDArray[] own = new NDArray[order.size()];
                    for (int i = 0; i < own.length; i++) {
                        own[order.get(i)] = arguments.get(i);
                    }
                    List<NDArray> out = both.call(Arrays.asList(own));
                    List<NDArray> results = new ArrayList<>(out.subList(0, carries));
                    dCarries.forEach(k -> results.add(out.get(outputs + k)));
                    results.addAll(out.subList(carries, outputs));
                    dWrites.forEach(k -> results.add(out.get(outputs + k)));
                    return results;
                });
        var scan = new Scan(step, carries + dCarries.size(), reads + dReads.size(), length, reverse, recompute);
        List<NDArray> out = Bind.apply(scan, operands);
        List<NDArray> results = new ArrayList<>(out.subList(0, carries));
        @Nullable NDArray[] tangents = new @Nullable NDArray[outputs];
        for (int k = 0; k < dCarries.size(); k++) {
            tangents[dCarries.get(k)] = out.get(carries + k);
        }
        int at = carries + dCarries.size();
        results.addAll(out.subList(at, at + outputs - carries));
        for (int k = 0; k < dWrites.size(); k++) {
            tangents[dWrites.get(k)] = out.get(at + outputs - carries + k);
        }
        return new Forward(results, Arrays.asList(tangents));
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] given, boolean isHidden) {
        return new ScanReverse(this, active(given), isHidden).run(x);
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        boolean[] flags = batched.clone();
        Vectorization.Mapped mapped = Vectorization.loop(body, flags, carries, size);
        List<NDArray> operands = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            NDArray x = isCarry(i) && flags[i] ? Vectorization.spread(in.get(i), batched[i], size) : in.get(i);
            operands.add(isRead(i) && batched[i] ? Np.moveaxis(x, 0, 1) : x);
        }
        var scan = new Scan(mapped.graph(), carries, reads, length, reverse, recompute);
        List<NDArray> out = new ArrayList<>(Bind.apply(scan, operands));
        for (int k = carries; k < out.size(); k++) {
            if (mapped.batched()[k]) {
                out.set(k, Np.moveaxis(out.get(k), 0, 1));
            }
        }
        return new Batched(out, mapped.batched());
    }

    @Override
    public Optional<Pruned> pruned(boolean[] used) {
        boolean[] keep = used.clone();
        boolean[] needed = body.needed(keep);
        for (boolean grown = true; grown; ) {
            grown = false;
            for (int k = 0; k < carries; k++) {
                grown |= needed[k] && !keep[k];
                keep[k] |= needed[k];
            }
            needed = body.needed(keep);
        }
        System.arraycopy(keep, 0, needed, 0, carries);
        List<Integer> results = where(keep, 0, keep.length);
        List<Integer> operands = where(needed, 0, needed.length);
        if (results.size() == keep.length && operands.size() == needed.length) {
            return Optional.empty();
        }
        Graph step = Tracer.build(pick(body.parameters(), operands).stream().map(p -> p.aval()).toList(), arguments -> {
                    @Nullable NDArray[] all = new @Nullable NDArray[body.parameters().size()];
                    for (int i = 0; i < operands.size(); i++) {
                        all[operands.get(i)] = arguments.get(i);
                    }
                    return new Graph(body.parameters(), pick(body.outputs(), results)).callPartially(Arrays.asList(all));
                });
        int newCarries = (int) results.stream().filter(k -> k < carries).count();
        int newReads = (int) operands.stream().filter(this::isRead).count();
        return Optional.of(new Pruned(new Scan(step, newCarries, newReads, length, reverse, recompute), operands, results));
    }

    /// {@return the cotangent, or zeros}
    static NDArray orZeros(@Nullable NDArray ct, NDArray like) {
        return Objects.requireNonNullElseGet(ct, () -> Np.zerosLike(like));
    }
}
