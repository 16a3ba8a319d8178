package kiln.op;

import static kiln.op.MovementCases.x;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;

/// Rows of the reductions and scans; the reference walks the reduced elements in plain loops.
final class ReductionCases {
    private ReductionCases() {}

    static List<OpCase<?>> rows() {
        return List.of(sum(), extremum(), argMax(), cumSum());
    }

    /// {@return the elements that a reduction over `axes` combines for place `kept` of the result, in row order}
    private static List<Double> line(Nd x, Axes axes, int[] kept) {
        var out = new ArrayList<Double>();
        for (int flat = 0; flat < x.values().length; flat++) {
            int[] index = Nd.index(x.shape(), flat);
            boolean here = true;
            int k = 0;
            for (int a = 0; a < index.length; a++) {
                here &= axes.contains(a) || index[a] == kept[k++];
            }
            if (here) {
                out.add(x.values()[flat]);
            }
        }
        return out;
    }

    private static <O extends Op> OpCase.Reference<O> over(java.util.function.Function<O, Axes> axes, ToDoubleFunction<List<Double>> f) {
        return (op, in, i) -> f.applyAsDouble(line(in.getFirst(), axes.apply(op), i));
    }

    private static double total(List<Double> line) {
        double sum = 0;
        for (double x : line) {
            sum += x;
        }
        return sum;
    }

    private static OpCase<Sum> sum() {
        var row = new OpCase<Sum>(Sum.class, over(Sum::axes, ReductionCases::total));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32)) {
            row.on(new Sum(Axes.of(0)), Shape.SCALAR, x(dtype, 7))
                    .on(new Sum(Axes.of(0)), Shape.SCALAR, x(dtype, 1000))
                    .on(new Sum(Axes.of(0, 1)), Shape.SCALAR, x(dtype, 3, 4))
                    .on(new Sum(Axes.of(0)), Shape.of(4), x(dtype, 3, 4))
                    .on(new Sum(Axes.of(1)), Shape.of(3), x(dtype, 3, 4))
                    .on(new Sum(Axes.of(1)), Shape.of(2), x(dtype, 2, 600))
                    .on(new Sum(Axes.of(0)), Shape.SCALAR, x(dtype, 1))
                    .on(new Sum(Axes.of(0)), Shape.SCALAR, x(dtype, 0));
        }
        return row.within(1e-13)
                .roundsUnderVmap()
                .on(new Sum(Axes.of(0)), Shape.SCALAR, x(480))
                .on(new Sum(Axes.of(0)), Shape.SCALAR, x(481))
                .on(new Sum(Axes.of(1)), Shape.of(2, 4), x(2, 3, 4))
                .on(new Sum(Axes.of(0, 2)), Shape.of(3), x(2, 3, 4))
                .on(new Sum(Axes.of(0, 2)), Shape.of(3), x(1, 3, 1))
                .on(new Sum(Axes.of()), Shape.SCALAR, x())
                .on(new Sum(Axes.of(0)), Shape.of(3), x(0, 3))
                .on(new Sum(Axes.of(1)), Shape.of(0), x(0, 3))
                .on(new Sum(Axes.of(0)), Shape.SCALAR, new Operand(DType.FLOAT64, Shape.of(1), (_, _, _) -> -0.0))
                .on(new Sum(Axes.of(1)), Shape.of(5), new Operand(DType.FLOAT64, Shape.of(5, 1), (_, _, _) -> -0.0));
    }

    /// Elements that lie at least a tenth apart, so that differences do not change which is the largest.
    private static Operand apart(DType dtype, int... dims) {
        return new Operand(dtype, Shape.of(dims), (_, i, n) -> 0.1 * ((i * 7919L + 3) % Math.max(1, n)) - 2);
    }

    private static OpCase<Extremum> extremum() {
        var row = new OpCase<Extremum>(Extremum.class, (op, in, i) -> {
            List<Double> line = line(in.getFirst(), op.axes(), i);
            line.sort((a, b) -> op.largest() ? Double.compare(b, a) : Double.compare(a, b));
            return line.stream().anyMatch(v -> v.isNaN()) ? Double.NaN : line.getFirst();
        });
        for (boolean largest : new boolean[] {true, false}) {
            for (DType dtype : DType.values()) {
                row.on(new Extremum(Axes.of(0), largest), Shape.SCALAR, apart(dtype, 7))
                        .on(new Extremum(Axes.of(1), largest), Shape.of(3), apart(dtype, 3, 4));
            }
            row.on(new Extremum(Axes.of(0), largest), Shape.of(4), apart(DType.FLOAT64, 3, 4))
                    .on(new Extremum(Axes.of(0, 2), largest), Shape.of(3), apart(DType.FLOAT64, 2, 3, 4))
                    .on(new Extremum(Axes.of(0), largest), Shape.SCALAR, apart(DType.FLOAT64, 1))
                    .on(new Extremum(Axes.of(), largest), Shape.SCALAR, apart(DType.FLOAT64))
                    .on(new Extremum(Axes.of(0), largest), Shape.SCALAR, apart(DType.FLOAT64, 1000))
                    .on(new Extremum(Axes.of(1), largest), Shape.of(0), apart(DType.FLOAT64, 0, 3));
        }
        return row.on(
                0,
                new Extremum(Axes.of(1), true),
                Shape.of(3),
                new Operand(DType.FLOAT64, Shape.of(3, 4), (_, i, _) -> i == 5 ? -1e300 : i == 6 ? 1e300 : i));
    }

    private static OpCase<ArgMax> argMax() {
        var row = new OpCase<ArgMax>(ArgMax.class, (op, in, i) -> {
            List<Double> line = line(in.getFirst(), Axes.of(op.axis()), i);
            double best = line.stream().mapToDouble(v -> v).max().orElseThrow();
            return Double.isNaN(best) ? line.indexOf(Double.NaN) : line.indexOf(best);
        });
        for (DType dtype : DType.values()) {
            row.on(new ArgMax(0), DType.INT64, Shape.SCALAR, x(dtype, 7))
                    .on(new ArgMax(1), DType.INT64, Shape.of(3), x(dtype, 3, 4));
        }
        return row.derivatives(0)
                .on(new ArgMax(0), DType.INT64, Shape.of(4), x(3, 4))
                .on(new ArgMax(1), DType.INT64, Shape.of(2, 4), x(2, 1, 4))
                .on(new ArgMax(0), DType.INT64, Shape.SCALAR, new Operand(DType.FLOAT64, Shape.of(6), (_, i, _) -> i % 3 == 1 ? 2 : 0))
                .on(new ArgMax(0), DType.INT64, Shape.SCALAR, new Operand(DType.FLOAT64, Shape.of(6), (_, i, _) -> i > 2 ? Double.NaN : i));
    }

    private static OpCase<CumSum> cumSum() {
        var row = new OpCase<CumSum>(CumSum.class, (op, in, i) -> {
            int[] index = i.clone();
            double sum = 0;
            for (int k = 0; k <= i[op.axis()]; k++) {
                index[op.axis()] = k;
                sum += in.getFirst().at(index);
            }
            return sum;
        });
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32)) {
            row.on(new CumSum(0), Shape.of(7), x(dtype, 7)).on(new CumSum(0), Shape.of(3, 4), x(dtype, 3, 4));
        }
        return row.on(new CumSum(1), Shape.of(2, 3, 4), x(2, 3, 4))
                .on(new CumSum(2), Shape.of(2, 3, 4), x(2, 3, 4))
                .on(new CumSum(0), Shape.of(1000), x(1000))
                .on(new CumSum(0), Shape.of(0), x(0))
                .on(new CumSum(1), Shape.of(3, 1), x(3, 1));
    }
}
