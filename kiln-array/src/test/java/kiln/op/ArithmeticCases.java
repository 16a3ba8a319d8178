package kiln.op;

import static kiln.op.ElementwiseRow.ALL;
import static kiln.op.ElementwiseRow.FLOATS;
import static kiln.op.ElementwiseRow.NUMBERS;
import static kiln.op.ElementwiseRow.SHAPES;
import static kiln.op.ElementwiseRow.binary;
import static kiln.op.ElementwiseRow.grid;
import static kiln.op.ElementwiseRow.in;
import static kiln.op.ElementwiseRow.signed;
import static kiln.op.ElementwiseRow.unary;

import java.math.BigDecimal;
import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.op.OpCase.Operand;
import kiln.op.OpCase.Values;

/// Rows of arithmetic, comparison, logic, rounding, conversion and choice.
final class ArithmeticCases {
    private static final List<DType> INTS = List.of(DType.INT64, DType.INT32);
    private static final List<DType> BOOLS = List.of(DType.BOOL);
    private static final Values SMALL = in(-1, 1);
    private static final Values ANY = signed(0.2, 3);

    private ArithmeticCases() {}

    static List<OpCase<?>> rows() {
        return List.of(
                unary(new Neg(), NUMBERS, ANY, x -> 0 - x).specialsWithoutReference(ElementwiseRow.SPECIALS),
                unary(new Abs(), ALL, ANY, x -> x < 0 ? -x : x + 0.0),
                unary(new Sign(), ALL, ANY, x -> x > 0 ? 1 : x < 0 ? -1 : x).derivatives(0),
                unary(new Square(), ALL, ANY, x -> StrictMath.pow(x, 2)).within(2.3e-16),
                unary(new IsFinite(), ALL, ANY, x -> Math.abs(x) < Double.POSITIVE_INFINITY ? 1 : 0).derivatives(0),
                unary(new IsNaN(), ALL, ANY, x -> Double.valueOf(x).equals(Double.NaN) ? 1 : 0).derivatives(0),
                unary(new LogicalNot(), ALL, grid(0), x -> x < 0 || x > 0 || Double.isNaN(x) ? 0 : 1).derivatives(0),
                stopGradient(),
                round(),
                cast(),
                binary(new Add(), ALL, ANY, ANY, (a, b) -> a + b),
                binary(new Sub(), NUMBERS, ANY, ANY, (a, b) -> a + -b),
                binary(new Mul(), ALL, ANY, ANY, (a, b) -> a * b),
                div(),
                rem(),
                pow(),
                binary(new Min(), ALL, grid(0.1), grid(0), (a, b) -> Double.isNaN(a + b) && a != -b ? Double.NaN : a < b ? a : b)
                        .specialsWithoutReference(ElementwiseRow.SPECIALS),
                binary(new Max(), ALL, grid(0.1), grid(0), (a, b) -> Double.isNaN(a + b) && a != -b ? Double.NaN : a > b ? a : b)
                        .specialsWithoutReference(ElementwiseRow.SPECIALS),
                compare(),
                binary(new And(), BOOLS, ANY, ANY, (a, b) -> a * b)
                        .derivatives(0),
                binary(new Or(), BOOLS, ANY, ANY, (a, b) -> a + b == 0 ? 0 : 1)
                        .derivatives(0),
                atZero(binary(new Xlogy(), FLOATS, ANY, in(0.3, 5), (a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * StrictMath.log(b)), new Xlogy()),
                atZero(binary(new Xlog1py(), FLOATS, ANY, in(-0.6, 5), (a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * StrictMath.log1p(b)), new Xlog1py()),
                binary(new LogAddExp(), FLOATS, ANY, ANY, ArithmeticCases::logAddExp).within(2e-15),
                select());
    }

    /// The factor in front is zero: the value is, and the derivative by it is the logarithm all the same.
    private static <O extends Binary> OpCase<O> atZero(OpCase<O> row, O op) {
        return row.on(
                        op,
                        Shape.of(3),
                        new Operand(DType.FLOAT64, Shape.of(3), (_, _, _) -> 0),
                        new Operand(DType.FLOAT64, Shape.of(3), in(0.3, 5)))
                .within(1e-15);
    }

    private static double logAddExp(double a, double b) {
        if (Double.isInfinite(a) && a == b) {
            return a;
        }
        double larger = a > b ? a : b;
        double smaller = a > b ? b : a;
        return Double.isNaN(a) || Double.isNaN(b)
                ? Double.NaN
                : Double.isInfinite(larger) ? larger : larger + StrictMath.log1p(StrictMath.exp(smaller - larger));
    }

    /// The derivative is zero on purpose, so that differences do not apply.
    private static OpCase<StopGradient> stopGradient() {
        return unary(new StopGradient(), ALL, ANY, x -> x).derivatives(0);
    }

    private static OpCase<Round> round() {
        var row = new OpCase<Round>(Round.class, (op, in, i) -> {
            double x = in.getFirst().at(i);
            double floor = StrictMath.floor(x);
            return switch (op.mode()) {
                case FLOOR -> floor;
                case CEIL -> -StrictMath.floor(-x);
                case NEAREST -> StrictMath.copySign(x - floor == 0.5 ? (floor % 2 == 0 ? floor : floor + 1) : StrictMath.floor(x + 0.5), x);
            };
        });
        for (Round.Mode mode : Round.Mode.values()) {
            unary(row, new Round(mode), FLOATS, (random, _, _) -> random.nextInt(-5, 5) + (random.nextBoolean() ? 0.25 : 0.625));
            row.on(0, new Round(mode), Shape.of(9), new Operand(DType.FLOAT64, Shape.of(9), (_, i, _) -> i - 4.5));
        }
        return row.derivatives(1).specialsWithoutReference(ElementwiseRow.SPECIALS);
    }

    private static OpCase<Cast> cast() {
        var row = new OpCase<Cast>(Cast.class, (op, in, i) -> {
            double x = in.getFirst().at(i);
            double rounded = op.from() == DType.FLOAT64 && op.to() == DType.FLOAT32 ? Float.parseFloat(Double.toString(x)) : x;
            if (op.to() == DType.INT32 && op.from() == DType.INT64) {
                return new BigDecimal(x).toBigInteger().intValue(); // wraps; a floating operand saturates
            }
            return op.to().isFloating() ? rounded : op.to() == DType.BOOL ? (x == 0 ? 0 : 1) : (x < 0 ? -1 : 1) * StrictMath.floor(x < 0 ? -x : x) + 0.0;
        });
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                Values values = from.isFloating() ? signed(0.2, 300) : grid(0);
                unary(row, new Cast(from, to), List.of(from), from == DType.FLOAT32 ? (r, i, n) -> (float) values.next(r, i, n) : values);
            }
        }
        // Beyond 2⁵³ a conversion through double would round twice.
        for (DType to : DType.values()) {
            row.on(new Cast(DType.INT64, to), to, Shape.of(500), new Operand(DType.INT64, Shape.of(500), (random, _, _) -> (double) (random.nextLong() >> 11)));
        }
        return row.derivatives(0);
    }

    private static OpCase<Div> div() {
        var row = new OpCase<Div>(Div.class, (_, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            return in.get(0).dtype().isFloating() ? a / b : b == 0 ? (a == 0 ? -1 : -2) : StrictMath.floor(a / b) + 0.0;
        });
        binary(row, new Div(), FLOATS, ANY, ANY);
        binary(row, new Div(), INTS, SMALL, SMALL);
        return row.specials(ElementwiseRow.SPECIALS);
    }

    private static OpCase<Rem> rem() {
        var row = new OpCase<Rem>(Rem.class, (_, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            return in.get(0).dtype().isInteger() && b == 0 ? 0 : a - b * StrictMath.floor(a / b);
        });
        binary(row, new Rem(), FLOATS, (r, _, _) -> 0.3 + 0.5 * r.nextInt(-9, 9), (r, _, _) -> (r.nextBoolean() ? 2 : -2.5));
        binary(row, new Rem(), INTS, signed(0, 9), SMALL);
        return row.within(1e-15).specialsWithoutReference(ElementwiseRow.SPECIALS);
    }

    private static OpCase<Pow> pow() {
        var row = new OpCase<Pow>(Pow.class, (_, in, i) -> {
            double power = StrictMath.pow(in.get(0).at(i), in.get(1).at(i));
            // A negative exponent truncates: only ±1 have an inverse. Nothing is promised of that of 0.
            return in.get(0).dtype().isFloating() ? power : Double.isInfinite(power) ? 0 : (long) power;
        });
        binary(row, new Pow(), FLOATS, in(0.2, 4), ANY);
        binary(row, new Pow(), INTS, SMALL, SMALL);
        return row.within(1e-15).specials(ElementwiseRow.SPECIALS);
    }

    private static OpCase<Compare> compare() {
        var row = new OpCase<Compare>(Compare.class, (op, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            return switch (op.kind()) {
                case LT -> b > a;
                case LE -> b >= a;
                case GT -> b < a;
                case GE -> b <= a;
                case EQ -> a >= b && a <= b;
                case NE -> !(a >= b && a <= b);
            } ? 1 : 0;
        });
        for (Compare.Kind kind : Compare.Kind.values()) {
            binary(row, new Compare(kind), ALL, grid(0), grid(0));
        }
        return row.derivatives(0).specials(ElementwiseRow.SPECIALS);
    }

    private static OpCase<Select> select() {
        var row = new OpCase<Select>(Select.class, (_, in, i) -> in.get(in.get(0).at(i) == 1 ? 1 : 2).at(i));
        for (DType dtype : ALL) {
            for (Shape shape : SHAPES) {
                Values value = dtype.isFloating() ? ANY : (random, _, _) -> random.nextInt(dtype == DType.BOOL ? 2 : 9);
                row.on(
                        new Select(),
                        shape,
                        new Operand(DType.BOOL, shape, (random, _, _) -> random.nextInt(2)),
                        new Operand(dtype, shape, value),
                        new Operand(dtype, shape, value));
            }
        }
        return row;
    }
}
