package kiln.func;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// A scan in blocks: a scan over blocks of which every step is a scan over one block, so that the way back stores the carry once
/// per block and computes the steps of a block again when it gets there.
final class Blocks {
    private Blocks() {}

    static <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs, int length, Control.Steps steps) {
        int block = steps.block();
        int whole = length / block * block;
        var inner = new Control.Steps(steps.reverse(), steps.recompute(), 0);
        var outer = new Control.Steps(steps.reverse(), true, 0);
        List<NDArray> reads = Pytree.leaves(xs);
        X rest = part(xs, reads, whole, length);
        X folded = Pytree.withLeaves(
                xs,
                reads.stream()
                        .map(x -> x.get(Index.slice(0, whole))
                                .reshape(Shape.of(whole / block, block).then(x.shape().slice(1, x.rank()))))
                        .toList());
        BiFunction<C, X, Carried<C, Y>> step = (c, x) -> Control.scan(f, c, x, inner);
        if (whole == length) {
            Carried<C, Y> out = Control.scan(step, init, folded, outer);
            return new Carried<>(out.carry(), flat(out.output()));
        }
        // The steps that fill no block are those with the last slices.
        if (steps.reverse()) {
            Carried<C, Y> last = Control.scan(f, init, rest, inner);
            Carried<C, Y> out = Control.scan(step, last.carry(), folded, outer);
            return new Carried<>(out.carry(), joined(flat(out.output()), last.output()));
        }
        Carried<C, Y> out = Control.scan(step, init, folded, outer);
        Carried<C, Y> last = Control.scan(f, out.carry(), rest, inner);
        return new Carried<>(last.carry(), joined(flat(out.output()), last.output()));
    }

    private static <X> X part(X xs, List<NDArray> reads, int from, int to) {
        return Pytree.withLeaves(xs, reads.stream().map(x -> x.get(Index.slice(from, to))).toList());
    }

    private static <Y> Y flat(Y ys) {
        return Pytree.withLeaves(
                ys,
                Pytree.leaves(ys).stream()
                        .map(y -> y.reshape(Shape.of(y.size(0) * y.size(1)).then(y.shape().slice(2, y.rank()))))
                        .toList());
    }

    private static <Y> Y joined(Y first, Y second) {
        List<NDArray> a = Pytree.leaves(first);
        List<NDArray> b = Pytree.leaves(second);
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < a.size(); k++) {
            out.add(Np.concatenate(List.of(a.get(k), b.get(k)), 0));
        }
        return Pytree.withLeaves(first, out);
    }
}
