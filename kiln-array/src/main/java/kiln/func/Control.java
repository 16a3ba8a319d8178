package kiln.func;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.op.Bind;
import kiln.op.Scan;
import kiln.op.Switch;
import kiln.op.While;

/// Control flow over traced values: branches and loops whose conditions and lengths may depend on numbers that are not known yet.
///
/// Plain Java `if` and `for` work wherever the condition is known. These functions work also where it is traced, and put the
/// loop itself into the graph instead of its unrolled steps. Carries, inputs and outputs are structures of arrays (see
/// [Pytree]); values that a body captures, traced ones too, are the same for all steps.
public final class Control {
    private Control() {}

    // ---- branches

    /// {@return `yes()` if the predicate holds, else `no()`; only the chosen one is computed}
    ///
    /// Under `vmap` with a predicate per lane both are computed and each lane takes its own.
    ///
    /// @param predicate a scalar
    /// @param yes       captures what it needs
    /// @param no        returns the same structure, shapes and types
    public static <R> R cond(NDArray predicate, Supplier<R> yes, Supplier<R> no) {
        return branch("cond", truth("cond", predicate), List.of(), List.of(_ -> no.get(), _ -> yes.get()));
    }

    /// {@return `yes(operands)` if the predicate holds, else `no(operands)`; only the chosen one is computed}
    ///
    /// @param predicate a scalar
    public static <P, R> R cond(NDArray predicate, Function<P, R> yes, Function<P, R> no, P operands) {
        return branch("cond", truth("cond", predicate), operands, List.of(no, yes));
    }

    /// {@return `branches[index](operands)`; an index outside is moved to the nearest}
    ///
    /// @param index    an integer scalar
    /// @param branches at least one; all return the same structure, shapes and types
    public static <P, R> R select(NDArray index, List<Function<P, R>> branches, P operands) {
        if (branches.isEmpty() || index.rank() != 0 || !index.dtype().isInteger()) {
            throw new ShapeException(new Diagnosis("select", "the branch is not chosen by an integer scalar")
                    .expected("int64[] or int32[], and at least one branch")
                    .got(index.aval() + " and " + branches.size() + " branches")
                    .at(UserCode.line()));
        }
        return branch("select", index, operands, branches);
    }

    private static NDArray truth(String who, NDArray predicate) {
        if (predicate.rank() != 0) {
            throw new ShapeException(new Diagnosis(who, "the predicate is not a scalar")
                    .expected("bool[]")
                    .got(predicate.aval().toString())
                    .at(UserCode.line())
                    .fix("reduce it with Np.all or Np.any, or choose element by element with Np.where."));
        }
        return predicate.dtype() == DType.BOOL ? predicate : predicate.ne(0);
    }

    private static <P, R> R branch(String who, NDArray index, P operands, List<Function<P, R>> branches) {
        if (index.isKnown()) {
            int chosen = Math.clamp(index.longValue(), 0, branches.size() - 1);
            return branches.get(chosen).apply(operands);
        }
        List<NDArray> own = Pytree.leaves(operands);
        List<Flat<R>> traced = Loops.agreed(
                who,
                branches.stream()
                        .map(b -> Flat.trace(who, Flat.types(own), x -> b.apply(Pytree.withLeaves(operands, x))))
                        .toList());
        List<NDArray> captured = Flat.union(traced.toArray(Flat<?>[]::new));
        List<NDArray> all = new ArrayList<>(List.of(index));
        all.addAll(own);
        all.addAll(captured);
        var op = new Switch(traced.stream().map(t -> t.over(own.size(), captured)).toList());
        return traced.getFirst().around(Bind.apply(op, all));
    }

    // ---- loops

    /// {@return the carry after `body` was applied as long as `condition` holds}
    ///
    /// ```
    /// while (condition(c)) c = body(c)
    /// ```
    ///
    /// With known values it is that loop in plain Java. The loop has a forward derivative; a reverse derivative it has only where
    /// all values are known.
    ///
    /// @param condition returns a scalar
    /// @param body      returns a carry of the structure, shapes and types it got
    public static <C> C whileLoop(Function<C, NDArray> condition, Function<C, C> body, C init) {
        return loop("whileLoop", condition, body, init);
    }

    private static <C> C loop(String who, Function<C, NDArray> condition, Function<C, C> body, C init) {
        List<Aval> types = new ArrayList<>();
        Flat<C> step = Loops.body(who, init, List.of(), x -> body.apply(Pytree.withLeaves(init, x)), c -> c, types);
        List<NDArray> start = Loops.typed(Pytree.leaves(init), types);
        Flat<NDArray> test =
                Flat.trace(who, types, x -> truth(who, condition.apply(Pytree.withLeaves(init, x))));
        if (test.captured().isEmpty() && step.captured().isEmpty() && Loops.isKnown(start)) {
            C carry = Pytree.withLeaves(init, start);
            while (condition.apply(carry).isTrue()) {
                carry = Pytree.withLeaves(init, Loops.typed(Pytree.leaves(body.apply(carry)), types));
            }
            return carry;
        }
        List<NDArray> captured = Flat.union(test, step);
        int n = start.size();
        List<NDArray> all = new ArrayList<>(start);
        all.addAll(captured);
        return Pytree.withLeaves(init, Bind.apply(new While(test.over(n, captured), step.over(n, captured), who), all));
    }

    /// {@return the carry after `c = body(i, c)` for `i = lower, …, upper − 1`}
    ///
    /// With known bounds it is a [#scan] and has a reverse derivative; with traced bounds it is a [#whileLoop].
    ///
    /// @param lower an integer
    /// @param upper an integer
    /// @param body  gets the number of the step as an `int64` scalar
    public static <C> C foriLoop(Number lower, Number upper, BiFunction<NDArray, C, C> body, C init) {
        NDArray from = NDArray.as(lower).astype(DType.INT64);
        NDArray to = NDArray.as(upper).astype(DType.INT64);
        if (from.isKnown() && to.isKnown()) {
            int n = Math.toIntExact(Math.max(0, to.longValue() - from.longValue()));
            NDArray numbers = Np.arange(n).plus(from);
            return Control.<C, NDArray, List<Object>>scan(
                            "foriLoop", (c, i) -> Carried.of(body.apply(i, c)), init, numbers, n, Steps.FORWARD)
                    .carry();
        }
        record Counted<C>(NDArray i, C carry) {}
        return loop(
                        "foriLoop",
                        c -> c.i().lt(to),
                        c -> new Counted<>(c.i().plus(1), body.apply(c.i(), c.carry())),
                        new Counted<>(from, init))
                .carry();
    }

    /// How a scan runs.
    ///
    /// @param reverse   from the last slice to the first; outputs stay beside their inputs
    /// @param recompute the reverse derivative stores only the carries and computes all else again
    /// @param block     0, or a number of steps that the reverse derivative takes as one: it stores the carry only between blocks, and
    ///                  computes those within a block again; with a block of √n steps the memory is of order √n
    public record Steps(boolean reverse, boolean recompute, int block) {
        /// From the first slice to the last.
        public static final Steps FORWARD = new Steps(false, false, 0);

        /// From the last slice to the first.
        public static final Steps REVERSE = new Steps(true, false, 0);

        /// {@return the same, storing only the carries for the reverse derivative}
        public Steps recomputing() {
            return new Steps(reverse, true, block);
        }

        /// {@return the same, storing only every `n`-th carry for the reverse derivative}
        public Steps inBlocksOf(int n) {
            return new Steps(reverse, recompute, n);
        }
    }

    /// {@return the last carry, and the outputs of all steps stacked}
    ///
    /// ```
    /// (c, y[t]) = f(c, x[t])   for t = 0, …, n − 1
    /// ```
    ///
    /// @param f    one step; returns a carry of the structure, shapes and types it got
    /// @param init the carry before the first step
    /// @param xs   structure of arrays of which every step gets a slice along the first axis
    public static <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs) {
        return scan(f, init, xs, Steps.FORWARD);
    }

    /// {@return the last carry, and the outputs of all steps stacked, as [Steps] says}
    public static <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs, Steps steps) {
        return scan("scan", f, init, xs, -1, steps);
    }

    /// {@return the last carry, and the outputs of all steps stacked, of a scan over nothing but a number of steps}
    ///
    /// @param length how many steps; ≥ 0
    public static <C, Y> Carried<C, Y> scan(Function<C, Carried<C, Y>> f, C init, int length) {
        return scan("scan", (C c, List<Object> _) -> f.apply(c), init, List.of(), length, Steps.FORWARD);
    }

    private static <C, X, Y> Carried<C, Y> scan(
            String who, BiFunction<C, X, Carried<C, Y>> f, C init, X xs, int given, Steps steps) {
        List<NDArray> reads = Pytree.leaves(xs);
        int length = Loops.length(reads, given);
        if (steps.block() > 1 && length > steps.block()) {
            return Blocks.scan(f, init, xs, length, steps);
        }
        List<Aval> types = new ArrayList<>();
        int carries = Pytree.leaves(init).size();
        Flat<Carried<C, Y>> step = Loops.body(
                who,
                init,
                Loops.slices(reads),
                x -> f.apply(Pytree.withLeaves(init, x.subList(0, carries)), Pytree.withLeaves(xs, x.subList(carries, x.size()))),
                Carried::carry,
                types);
        List<NDArray> all = Loops.typed(Pytree.leaves(init), types);
        all.addAll(reads);
        all.addAll(step.captured());
        return step.around(Bind.apply(
                new Scan(step.graph(), carries, reads.size(), length, steps.reverse(), steps.recompute()), all));
    }

    /// {@return `f` applied to every slice along the first axis, one after the other, the results stacked}
    ///
    /// The role of `vmap` where the memory for all slices at once is too much.
    public static <X, Y> Y map(Function<X, Y> f, X xs) {
        return Control.<List<Object>, X, Y>scan((c, x) -> new Carried<>(c, f.apply(x)), List.of(), xs).output();
    }

    // ---- associative scan

    /// {@return all prefixes `x[0], f(x[0], x[1]), f(f(x[0], x[1]), x[2]), …` along the first axis}
    ///
    /// Works in `log₂ n` sweeps over whole arrays.
    ///
    /// @param f  associative; works on arrays of any length along the axis, slice by slice
    /// @param xs structure of arrays of one length
    public static <X> X associativeScan(BiFunction<X, X, X> f, X xs) {
        return associativeScan(f, xs, false, 0);
    }

    /// {@return all prefixes along an axis, or with `reverse` all suffixes, see [#associativeScan(BiFunction, Object)]}
    ///
    /// @param reverse whether to start from the end
    /// @param axis    the axis; negative counts from the end
    public static <X> X associativeScan(BiFunction<X, X, X> f, X xs, boolean reverse, int axis) {
        List<NDArray> leaves = Pytree.leaves(xs).stream()
                .map(x -> Np.moveaxis(x, axis, 0))
                .map(x -> reverse ? Np.flip(x, 0) : x)
                .toList();
        Loops.length(leaves, -1);
        List<NDArray> out = prefixes(
                (a, b) -> Pytree.leaves(f.apply(Pytree.withLeaves(xs, forth(a, axis)), Pytree.withLeaves(xs, forth(b, axis)))).stream()
                        .map(x -> Np.moveaxis(x, axis, 0))
                        .toList(),
                leaves);
        return Pytree.withLeaves(
                xs, out.stream().map(x -> Np.moveaxis(reverse ? Np.flip(x, 0) : x, 0, axis)).toList());
    }

    private static List<NDArray> forth(List<NDArray> leaves, int axis) {
        return leaves.stream().map(x -> Np.moveaxis(x, 0, axis)).toList();
    }

    private static List<NDArray> prefixes(BiFunction<List<NDArray>, List<NDArray>, List<NDArray>> f, List<NDArray> x) {
        int n = x.getFirst().size(0);
        if (n < 2) {
            return x;
        }
        // Neighbours are combined, the prefixes of the pairs are those at odd places; one more sweep gives those at even places.
        List<NDArray> odd = prefixes(f, f.apply(part(x, 0, n - 1, 2), part(x, 1, n, 2)));
        List<NDArray> even = n > 2
                ? f.apply(part(odd, 0, (n - 1) / 2, 1), part(x, 2, n, 2))
                : part(x, 0, 0, 1);
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < x.size(); k++) {
            out.add(interleaved(Np.concatenate(List.of(x.get(k).get(Index.slice(0, 1)), even.get(k)), 0), odd.get(k)));
        }
        return out;
    }

    private static List<NDArray> part(List<NDArray> x, int from, int to, int step) {
        return x.stream().map(a -> a.get(Index.slice(from, to, step))).toList();
    }

    /// {@return `a[0], b[0], a[1], …`, where `a` is as long as `b` or longer by one}
    private static NDArray interleaved(NDArray a, NDArray b) {
        int pairs = b.size(0);
        Shape inner = a.shape().slice(1, a.rank());
        NDArray both = Np.stack(List.of(a.get(Index.slice(0, pairs)), b), 1).reshape(Shape.of(2 * pairs).then(inner));
        return a.size(0) == pairs ? both : Np.concatenate(List.of(both, a.get(Index.slice(pairs, pairs + 1))), 0);
    }
}
