package kiln.op;

import static kiln.op.ElementwiseRow.in;
import static kiln.op.MovementCases.x;

import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;

/// Rows of sorting, searching, replacing and of recurrences; the references count and walk in plain loops.
final class OrderCases {
    private OrderCases() {}

    static List<OpCase<?>> rows() {
        return List.of(linearRecurrence(), cumArgMax(), argSort(), searchSorted(), scatterSet());
    }

    private static OpCase<LinearRecurrence> linearRecurrence() {
        var row = new OpCase<LinearRecurrence>(LinearRecurrence.class, (op, in, i) -> {
            int[] index = i.clone();
            double y = 0;
            for (int k = 0; k <= i[op.axis()]; k++) {
                index[op.axis()] = k;
                y = y * in.get(0).at(index) + in.get(1).at(index);
            }
            return y;
        });
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64)) {
            Operand factors = new Operand(dtype, Shape.of(3, 4), dtype.isFloating() ? in(-2, 2) : (r, _, _) -> r.nextInt(-2, 3));
            row.on(new LinearRecurrence(0), Shape.of(3, 4), factors, factors).on(new LinearRecurrence(1), Shape.of(3, 4), factors, factors);
        }
        // One factor is zero: the derivatives have to hold there too.
        Operand withZero = new Operand(DType.FLOAT64, Shape.of(5), (_, i, _) -> i == 2 ? 0 : 0.5 + i);
        return row.within(3e-7)
                .on(new LinearRecurrence(0), Shape.of(5), withZero, x(5))
                .on(new LinearRecurrence(1), Shape.of(2, 3, 2), x(2, 3, 2), x(2, 3, 2))
                .on(new LinearRecurrence(0), Shape.of(1), x(1), x(1))
                .on(new LinearRecurrence(0), Shape.of(0), x(0), x(0));
    }

    private static Operand mixed(DType dtype, int... dims) {
        return new Operand(dtype, Shape.of(dims), (r, _, _) -> r.nextInt(dtype == DType.BOOL ? 2 : 5));
    }

    private static Operand withNaN(int... dims) {
        return new Operand(DType.FLOAT64, Shape.of(dims), (r, _, _) -> r.nextInt(4) == 0 ? Double.NaN : r.nextInt(5));
    }

    private static OpCase<CumArgMax> cumArgMax() {
        var row = new OpCase<CumArgMax>(CumArgMax.class, (op, in, i) -> {
            int[] index = i.clone();
            int best = 0;
            double value = 0;
            for (int k = 0; k <= i[op.axis()]; k++) {
                index[op.axis()] = k;
                double x = op.largest() ? in.getFirst().at(index) : -in.getFirst().at(index);
                if (k == 0 || (!Double.isNaN(value) && !(x < value))) {
                    best = k;
                    value = x;
                }
            }
            return best;
        });
        for (boolean largest : new boolean[] {true, false}) {
            for (DType dtype : DType.values()) {
                row.on(new CumArgMax(0, largest), DType.INT64, Shape.of(9), mixed(dtype, 9))
                        .on(new CumArgMax(1, largest), DType.INT64, Shape.of(3, 4), mixed(dtype, 3, 4));
            }
            row.on(new CumArgMax(0, largest), DType.INT64, Shape.of(9, 2), withNaN(9, 2)).on(new CumArgMax(0, largest), DType.INT64, Shape.of(0), x(0));
        }
        return row.derivatives(0);
    }

    /// The element at place `k` has exactly `k` others before it: smaller ones, and equal ones that stood earlier.
    private static OpCase<ArgSort> argSort() {
        var row = new OpCase<ArgSort>(ArgSort.class, (op, in, i) -> {
            int n = in.getFirst().shape().dim(op.axis());
            for (int candidate = 0; candidate < n; candidate++) {
                int before = 0;
                for (int other = 0; other < n; other++) {
                    int order = Double.compare(at(in.getFirst(), i, op.axis(), other), at(in.getFirst(), i, op.axis(), candidate));
                    before += order < 0 || (order == 0 && other < candidate) ? 1 : 0;
                }
                if (before == i[op.axis()]) {
                    return candidate;
                }
            }
            throw new IllegalStateException("no element has this rank");
        });
        for (DType dtype : DType.values()) {
            row.on(new ArgSort(0), DType.INT64, Shape.of(9), mixed(dtype, 9)).on(new ArgSort(0), DType.INT64, Shape.of(4, 3), mixed(dtype, 4, 3));
        }
        return row.derivatives(0)
                .on(new ArgSort(1), DType.INT64, Shape.of(2, 5, 2), withNaN(2, 5, 2))
                .on(new ArgSort(0), DType.INT64, Shape.of(300), x(300))
                .on(new ArgSort(0), DType.INT64, Shape.of(0), x(0));
    }

    private static double at(Nd x, int[] i, int axis, int k) {
        int[] index = i.clone();
        index[axis] = k;
        return x.at(index) + 0.0;
    }

    private static OpCase<SearchSorted> searchSorted() {
        var row = new OpCase<SearchSorted>(SearchSorted.class, (op, in, i) -> {
            Nd lines = in.get(0);
            int lead = lines.shape().rank() - 1;
            int[] index = java.util.Arrays.copyOf(i, lead + 1);
            double v = in.get(1).at(i);
            int count = 0;
            for (int k = 0; k < lines.shape().dim(lead); k++) {
                index[lead] = k;
                count += lines.at(index) < v || (op.right() && lines.at(index) == v) || (Double.isNaN(v) && op.right()) ? 1 : 0;
            }
            return Double.isNaN(v) ? lines.shape().dim(lead) : count;
        });
        for (boolean right : new boolean[] {true, false}) {
            for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32)) {
                Operand lines = new Operand(dtype, Shape.of(7), (_, i, _) -> Math.floorDiv(i, 2));
                row.on(new SearchSorted(right), DType.INT64, Shape.of(3, 4), lines, mixed(dtype, 3, 4))
                        .on(new SearchSorted(right), DType.INT64, Shape.SCALAR, lines, mixed(dtype));
            }
            Operand two = new Operand(DType.FLOAT64, Shape.of(2, 5), (_, i, _) -> i % 5);
            row.on(new SearchSorted(right), DType.INT64, Shape.of(2, 6), two, withNaN(2, 6))
                    .on(new SearchSorted(right), DType.INT64, Shape.of(3), x(0), x(3));
        }
        return row.derivatives(0);
    }

    private static OpCase<ScatterSet> scatterSet() {
        var row = new OpCase<ScatterSet>(ScatterSet.class, (_, in, i) -> {
            double y = in.get(0).at(i);
            for (int k = 0; k < in.get(2).values().length; k++) {
                y = in.get(2).values()[k] == i[0] ? in.get(1).at(k) : y;
            }
            return y;
        });
        for (DType dtype : DType.values()) {
            row.on(new ScatterSet(), Shape.of(6), x(dtype, 6), x(dtype, 4), positions(6, 4));
        }
        return row.on(new ScatterSet(), Shape.of(3), x(3), x(9), positions(3, 9))
                .on(new ScatterSet(), Shape.of(3), x(3), x(0), positions(3, 0))
                .on(new ScatterSet(), Shape.of(500), x(500), x(40), positions(500, 40));
    }

    private static Operand positions(int n, int m) {
        return new Operand(DType.INT64, Shape.of(m), (r, _, _) -> r.nextInt(n));
    }
}
