package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.Storage;
import kiln.array.UserCode;

/// An operation that combines the elements along axes or scans along one.
public sealed interface Reduction extends Structured permits Sum, Extremum, CumSum, Position {
    /// {@return the same operation after a new axis was put in front}
    Reduction batched();

    @Override
    default NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(batched(), in.getFirst());
    }

    /// Refuses a reduction that has no value for no elements.
    ///
    /// @throws ShapeException if a reduced axis is empty and the result is not
    static void requireElements(String label, Aval x, Axes axes) {
        if (x.shape().size() == 0 && x.shape().drop(axes).size() > 0) {
            throw new ShapeException(new Diagnosis(label, "there is no element to choose from")
                    .expected("axes " + axes + " of size 1 or more")
                    .got("shape " + x.shape())
                    .at(UserCode.line()));
        }
    }

    /// What a reduction does with one line of elements.
    @FunctionalInterface
    interface Line {
        /// Combines `n` elements of `in` from `offset` on and stores the result.
        void reduce(Object in, int offset, int n, Object out, int at);
    }

    /// {@return a kernel that brings the reduced axes together at the end and hands over line by line}
    static Kernel lines(Aval x, Axes axes, Line line) {
        Shape shape = x.shape();
        Shape kept = shape.drop(axes);
        int outer = kept.size();
        int n = 1;
        for (int a : axes.toArray()) {
            n *= shape.dim(a);
        }
        int length = n;
        boolean trailing = true;
        for (int i = 0; i < axes.count(); i++) {
            trailing &= axes.get(i) == shape.rank() - axes.count() + i;
        }
        if (trailing) {
            return (in, out) -> {
                for (int i = 0; i < outer; i++) {
                    line.reduce(in[0], i * length, length, out, i);
                }
            };
        }
        int[] strides = shape.strides();
        int[] order = new int[shape.rank()];
        int k = 0;
        for (int a = 0; a < shape.rank(); a++) {
            if (!axes.contains(a)) {
                order[k++] = a;
            }
        }
        for (int a : axes.toArray()) {
            order[k++] = a;
        }
        int[] dims = new int[order.length];
        int[] from = new int[order.length];
        for (int a = 0; a < order.length; a++) {
            dims[a] = shape.dim(order[a]);
            from[a] = strides[order[a]];
        }
        var gather = new Strided(dims, 0, from, 0, Shape.of(dims).strides());
        Object scratch = Storage.allocate(x.dtype(), shape.size());
        return (in, out) -> {
            gather.run(in[0], scratch);
            for (int i = 0; i < outer; i++) {
                line.reduce(scratch, i * length, length, out, i);
            }
        };
    }
}
