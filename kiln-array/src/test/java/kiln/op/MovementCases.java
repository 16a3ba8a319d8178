package kiln.op;

import static kiln.op.ElementwiseRow.in;

import java.util.List;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;

/// Rows of the operations that move elements; the reference says for each place of the result where its element came from.
final class MovementCases {
    private MovementCases() {}

    static List<OpCase<?>> rows() {
        return List.of(
                broadcastTo(), reshape(), transpose(), slice(), pad(), flip(), diagonal(), diagonalMatrix(), concatenate());
    }

    static Operand x(int... dims) {
        return new Operand(DType.FLOAT64, Shape.of(dims), in(-2, 2));
    }

    static Operand x(DType dtype, int... dims) {
        return new Operand(dtype, Shape.of(dims), dtype == DType.BOOL ? (r, _, _) -> r.nextInt(2) : in(-9, 9));
    }

    /// Adds the instance for every element type.
    private static <O extends Op> void everyType(OpCase<O> row, O op, Shape result, int... dims) {
        for (DType dtype : DType.values()) {
            row.on(op, result, x(dtype, dims));
        }
    }

    private static OpCase<BroadcastTo> broadcastTo() {
        var row = new OpCase<BroadcastTo>(BroadcastTo.class, (op, in, i) -> {
            Shape from = in.getFirst().shape();
            int[] index = new int[from.rank()];
            for (int a = 0; a < index.length; a++) {
                index[a] = from.dim(a) == 1 ? 0 : i[a + op.shape().rank() - from.rank()];
            }
            return in.getFirst().at(index);
        });
        everyType(row, new BroadcastTo(Shape.of(3, 4)), Shape.of(3, 4), 4);
        return row.on(new BroadcastTo(Shape.of(2, 3)), Shape.of(2, 3), x())
                .on(new BroadcastTo(Shape.of(1000)), Shape.of(1000), x(1))
                .on(new BroadcastTo(Shape.of(1, 1)), Shape.of(1, 1), x())
                .on(new BroadcastTo(Shape.of(5, 3, 4)), Shape.of(5, 3, 4), x(3, 1))
                .on(new BroadcastTo(Shape.of(2, 3, 2, 3)), Shape.of(2, 3, 2, 3), x(2, 1, 2, 1))
                .on(new BroadcastTo(Shape.of(2, 0)), Shape.of(2, 0), x(2, 1))
                .on(new BroadcastTo(Shape.of(0)), Shape.of(0), x());
    }

    private static OpCase<Reshape> reshape() {
        var row = new OpCase<Reshape>(Reshape.class, (op, in, i) -> {
            int flat = 0;
            for (int a = 0; a < i.length; a++) {
                flat = flat * op.shape().dim(a) + i[a];
            }
            return in.getFirst().at(Nd.index(in.getFirst().shape(), flat));
        });
        everyType(row, new Reshape(Shape.of(4, 3)), Shape.of(4, 3), 3, 4);
        return row.on(new Reshape(Shape.SCALAR), Shape.SCALAR, x(1, 1))
                .on(new Reshape(Shape.of(1)), Shape.of(1), x())
                .on(new Reshape(Shape.of(2, 1, 500)), Shape.of(2, 1, 500), x(1000))
                .on(new Reshape(Shape.of(0)), Shape.of(0), x(3, 0));
    }

    private static OpCase<Transpose> transpose() {
        var row = new OpCase<Transpose>(Transpose.class, (op, in, i) -> {
            int[] index = new int[i.length];
            for (int a = 0; a < i.length; a++) {
                index[op.permutation().get(a)] = i[a];
            }
            return in.getFirst().at(index);
        });
        everyType(row, new Transpose(Axes.of(1, 0)), Shape.of(4, 3), 3, 4);
        return row.on(new Transpose(Axes.of(2, 0, 1)), Shape.of(4, 2, 3), x(2, 3, 4))
                .on(new Transpose(Axes.of(1, 0, 2)), Shape.of(3, 1, 4), x(1, 3, 4))
                .on(new Transpose(Axes.of(3, 2, 1, 0)), Shape.of(2, 1, 3, 2), x(2, 3, 1, 2))
                .on(new Transpose(Axes.of()), Shape.SCALAR, x())
                .on(new Transpose(Axes.of(1, 0)), Shape.of(0, 3), x(3, 0));
    }

    private static OpCase<Slice> slice() {
        var row = new OpCase<Slice>(Slice.class, (op, in, i) -> {
            int[] index = new int[i.length];
            for (int a = 0; a < i.length; a++) {
                index[a] = op.start().get(a) + i[a] * op.step().get(a);
            }
            return in.getFirst().at(index);
        });
        everyType(row, new Slice(Axes.of(1), Axes.of(6), Axes.of(2)), Shape.of(3), 7);
        return row.on(new Slice(Axes.of(), Axes.of(), Axes.of()), Shape.SCALAR, x())
                .on(new Slice(Axes.of(0, 1), Axes.of(3, 4), Axes.of(1, 1)), Shape.of(3, 3), x(3, 4))
                .on(new Slice(Axes.of(1, 0, 0), Axes.of(2, 5, 3), Axes.of(1, 4, 2)), Shape.of(1, 2, 2), x(2, 5, 3))
                .on(new Slice(Axes.of(0), Axes.of(1000), Axes.of(3)), Shape.of(334), x(1000))
                .on(new Slice(Axes.of(2), Axes.of(2), Axes.of(1)), Shape.of(0), x(4))
                .on(new Slice(Axes.of(0), Axes.of(0), Axes.of(1)), Shape.of(0), x(0));
    }

    private static OpCase<Pad> pad() {
        var row = new OpCase<Pad>(Pad.class, (op, in, i) -> {
            int[] index = new int[i.length];
            for (int a = 0; a < i.length; a++) {
                int from = i[a] - op.low().get(a);
                int step = op.interior().get(a) + 1;
                if (from < 0 || from % step != 0 || from / step >= in.getFirst().shape().dim(a)) {
                    return 0;
                }
                index[a] = from / step;
            }
            return in.getFirst().at(index);
        });
        everyType(row, new Pad(Axes.of(1), Axes.of(2), Axes.of(0)), Shape.of(8), 5);
        return row.on(new Pad(Axes.of(0, 2), Axes.of(1, 0), Axes.of(1, 2)), Shape.of(6, 9), x(3, 3))
                .on(new Pad(Axes.of(3), Axes.of(4), Axes.of(2)), Shape.of(7), x(0))
                .on(new Pad(Axes.of(), Axes.of(), Axes.of()), Shape.SCALAR, x())
                .on(new Pad(Axes.of(0), Axes.of(0), Axes.of(1)), Shape.of(999), x(500));
    }

    private static OpCase<Flip> flip() {
        var row = new OpCase<Flip>(Flip.class, (op, in, i) -> {
            int[] index = i.clone();
            for (int a : op.axes().toArray()) {
                index[a] = in.getFirst().shape().dim(a) - 1 - i[a];
            }
            return in.getFirst().at(index);
        });
        everyType(row, new Flip(Axes.of(0)), Shape.of(7), 7);
        return row.on(new Flip(Axes.of(1)), Shape.of(3, 4), x(3, 4))
                .on(new Flip(Axes.of(0, 2)), Shape.of(2, 3, 4), x(2, 3, 4))
                .on(new Flip(Axes.of(0)), Shape.of(0, 2), x(0, 2))
                .on(new Flip(Axes.of()), Shape.of(5), x(5));
    }

    private static OpCase<Diagonal> diagonal() {
        var row = new OpCase<Diagonal>(Diagonal.class, (_, in, i) -> {
            int[] index = java.util.Arrays.copyOf(i, i.length + 1);
            index[i.length] = i[i.length - 1];
            return in.getFirst().at(index);
        });
        everyType(row, new Diagonal(), Shape.of(3), 3, 3);
        return row.on(new Diagonal(), Shape.of(2, 4), x(2, 4, 4))
                .on(new Diagonal(), Shape.of(1), x(1, 1))
                .on(new Diagonal(), Shape.of(0), x(0, 0));
    }

    private static OpCase<DiagonalMatrix> diagonalMatrix() {
        var row = new OpCase<DiagonalMatrix>(DiagonalMatrix.class, (_, in, i) -> {
            int n = i.length - 1;
            return i[n] == i[n - 1] ? in.getFirst().at(java.util.Arrays.copyOf(i, n)) : 0;
        });
        everyType(row, new DiagonalMatrix(), Shape.of(3, 3), 3);
        return row.on(new DiagonalMatrix(), Shape.of(2, 4, 4), x(2, 4))
                .on(new DiagonalMatrix(), Shape.of(1, 1), x(1))
                .on(new DiagonalMatrix(), Shape.of(0, 0), x(0));
    }

    private static OpCase<Concatenate> concatenate() {
        var row = new OpCase<Concatenate>(Concatenate.class, (op, in, i) -> {
            int[] index = i.clone();
            for (Nd part : in) {
                if (index[op.axis()] < part.shape().dim(op.axis())) {
                    return part.at(index);
                }
                index[op.axis()] -= part.shape().dim(op.axis());
            }
            throw new IndexOutOfBoundsException();
        });
        for (DType dtype : DType.values()) {
            row.on(new Concatenate(0), Shape.of(5), x(dtype, 2), x(dtype, 3));
        }
        return row.on(new Concatenate(0), Shape.of(6, 2), x(1, 2), x(2, 2), x(0, 2), x(3, 2))
                .on(new Concatenate(1), Shape.of(3, 5), x(3, 4), x(3, 1))
                .on(new Concatenate(2), Shape.of(2, 3, 4), x(2, 3, 2), x(2, 3, 2))
                .on(new Concatenate(0), Shape.of(1000), x(480), x(520))
                .on(new Concatenate(0), Shape.of(0), x(0), x(0));
    }
}
