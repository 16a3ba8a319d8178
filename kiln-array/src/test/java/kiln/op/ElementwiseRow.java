package kiln.op;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;
import kiln.op.OpCase.Values;

/// Makes the rows of elementwise operations: shapes that hit scalar code, one tile, the tile's edge and several tiles.
final class ElementwiseRow {
    static final List<Shape> SHAPES = List.of(
            Shape.SCALAR,
            Shape.of(1),
            Shape.of(7),
            Shape.of(480),
            Shape.of(481),
            Shape.of(1000),
            Shape.of(3, 4),
            Shape.of(1, 5, 1),
            Shape.of(0),
            Shape.of(2, 0, 3));

    static final double[] SPECIALS = {
        0.0, -0.0, 1, -1, 0.5, -2.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.MIN_VALUE,
        -Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE, 1e-17, 3, 709.9, -745.5
    };

    static final List<DType> FLOATS = List.of(DType.FLOAT64, DType.FLOAT32);
    static final List<DType> NUMBERS = List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32);
    static final List<DType> ALL = List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32, DType.BOOL);

    private ElementwiseRow() {}

    /// {@return a row for an operation with one operand}
    static <O extends Unary> OpCase<O> unary(O op, List<DType> dtypes, Values x, DoubleUnaryOperator f) {
        @SuppressWarnings("unchecked")
        var row = new OpCase<>((Class<O>) op.getClass(), (_, in, i) -> f.applyAsDouble(in.getFirst().at(i)));
        return unary(row, op, dtypes, x).specials(SPECIALS);
    }

    /// Adds the shapes and element types to a row, for one more variant of its operation.
    static <O extends Unary> OpCase<O> unary(OpCase<O> row, O op, List<DType> dtypes, Values x) {
        for (DType dtype : dtypes) {
            for (Shape shape : SHAPES) {
                row.on(op, op.dtype(List.of(dtype)), shape, new Operand(dtype, shape, fitting(dtype, x)));
            }
        }
        return row;
    }

    /// {@return a row for a function whose values the table of mpmath values holds}
    static <O extends Function1> OpCase<O> oracle(O op, String name, double tolerance, Values x) {
        Map<Double, Double> table = OracleTable.unary(name);
        double[] points = table.keySet().stream().mapToDouble(k -> k).toArray();
        @SuppressWarnings("unchecked")
        var row = new OpCase<>((Class<O>) op.getClass(), (O _, List<Nd> in, int[] i) -> table.getOrDefault(in.getFirst().at(i), UNKNOWN));
        return unary(row, op, FLOATS, x)
                .within(tolerance)
                .on(0, op, Shape.of(points.length), new Operand(DType.FLOAT64, Shape.of(points.length), (_, i, _) -> points[i]))
                .specialsWithoutReference(SPECIALS);
    }

    /// Stands for a value that the table of trusted values does not hold: nothing is compared with it.
    static final double UNKNOWN = -123456789.125;

    /// {@return a row for an operation with two operands}
    static <O extends Binary> OpCase<O> binary(O op, List<DType> dtypes, Values a, Values b, DoubleBinaryOperator f) {
        @SuppressWarnings("unchecked")
        var row = new OpCase<>(
                (Class<O>) op.getClass(), (_, in, i) -> f.applyAsDouble(in.get(0).at(i), in.get(1).at(i)));
        return binary(row, op, dtypes, a, b).specials(SPECIALS);
    }

    /// Adds the shapes and element types to a row, for one more variant of its operation.
    static <O extends Binary> OpCase<O> binary(OpCase<O> row, O op, List<DType> dtypes, Values a, Values b) {
        for (DType dtype : dtypes) {
            for (Shape shape : SHAPES) {
                row.on(
                        op,
                        op.dtype(List.of(dtype, dtype)),
                        shape,
                        new Operand(dtype, shape, fitting(dtype, a)),
                        new Operand(dtype, shape, fitting(dtype, b)));
            }
        }
        return row;
    }

    /// {@return uniform numbers}
    static Values in(double low, double high) {
        return (random, _, _) -> low + (high - low) * random.nextDouble();
    }

    /// {@return numbers of both signs whose size lies in a range}
    static Values signed(double low, double high) {
        return (random, _, _) -> (random.nextBoolean() ? 1 : -1) * (low + (high - low) * random.nextDouble());
    }

    /// {@return numbers at least 0.1 away from `offset` plus any whole number of fifths}
    static Values grid(double offset) {
        return (random, _, _) -> 0.2 * random.nextInt(-10, 10) + offset;
    }

    private static Values fitting(DType dtype, Values x) {
        return switch (dtype) {
            case BOOL -> (random, _, _) -> random.nextBoolean() ? 1 : 0;
            case INT32, INT64 -> (random, i, n) -> Math.rint(3 * x.next(random, i, n));
            case FLOAT32, FLOAT64 -> x;
        };
    }
}
