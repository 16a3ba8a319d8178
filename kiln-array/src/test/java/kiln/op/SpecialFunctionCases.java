package kiln.op;

import static kiln.op.ElementwiseRow.FLOATS;
import static kiln.op.ElementwiseRow.SPECIALS;
import static kiln.op.ElementwiseRow.in;
import static kiln.op.ElementwiseRow.oracle;
import static kiln.op.ElementwiseRow.signed;
import static kiln.op.ElementwiseRow.unary;

import java.math.BigDecimal;
import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.math.Beta;
import kiln.math.Gamma;
import kiln.math.GammaInc;
import kiln.math.StudentT;
import kiln.op.OpCase.Operand;
import kiln.op.OpCase.Values;

/// Rows of inverse and hyperbolic functions, of arithmetic on signs and bits, and of the incomplete special functions.
final class SpecialFunctionCases {
    private static final List<DType> INTS = List.of(DType.INT64, DType.INT32);
    private static final Values SHAPES_OF = in(0.6, 4);

    private SpecialFunctionCases() {}

    static List<OpCase<?>> rows() {
        return List.of(
                unary(new Asin(), FLOATS, in(-0.9, 0.9), StrictMath::asin),
                unary(new Acos(), FLOATS, in(-0.9, 0.9), StrictMath::acos),
                unary(new Sinh(), FLOATS, in(-3, 3), StrictMath::sinh),
                unary(new Cosh(), FLOATS, in(-3, 3), StrictMath::cosh),
                unary(new Asinh(), FLOATS, in(0.5, 4), x -> StrictMath.log(StrictMath.sqrt(x * x + 1) + x))
                        .within(3e-15)
                        .specialsWithoutReference(SPECIALS),
                unary(new Acosh(), FLOATS, in(1.3, 6), x -> StrictMath.log(StrictMath.sqrt(x * x - 1) + x))
                        .within(2e-15)
                        .specialsWithoutReference(SPECIALS),
                oracle(new Atanh(), "atanh", 2e-15, in(-0.8, 0.8)),
                unary(new Cbrt(), FLOATS, signed(0.3, 5), StrictMath::cbrt),
                unary(new Exp2(), FLOATS, in(-3, 3), x -> StrictMath.pow(2, x)).within(1e-15).specialsWithoutReference(SPECIALS),
                unary(new Log2(), FLOATS, in(0.3, 9), x -> StrictMath.log(x) / StrictMath.log(2)).within(2e-15),
                unary(new Log10(), FLOATS, in(0.3, 9), StrictMath::log10),
                oracle(new Erfcx(), "erfcx", 1e-14, in(-1.5, 4)),
                oracle(new Log1mexp(), "log1mexp", 2e-15, in(-4, -0.2)),
                ElementwiseRow.binary(new Atan2(), FLOATS, signed(0.3, 2), signed(0.3, 2), StrictMath::atan2),
                ElementwiseRow.binary(new Hypot(), FLOATS, signed(0.3, 2), signed(0.3, 2), StrictMath::hypot),
                ElementwiseRow.binary(new LogBeta(), FLOATS, in(0.5, 4), in(0.5, 4), (a, b) -> Gamma.lgamma(a) + Gamma.lgamma(b) - Gamma.lgamma(a + b))
                        .within(1e-12)
                        .specialsWithoutReference(SPECIALS),
                fmod(),
                copysign(),
                xor(),
                shift(),
                incompleteGamma(),
                incompleteGammaShape(),
                gammaDrawDerivative(),
                hurwitzZeta(),
                hurwitzZetaOrder(),
                incompleteBeta(),
                incompleteBetaShape(),
                studentTCdf(),
                studentTCdfShape(),
                fma());
    }

    private static OpCase<Fmod> fmod() {
        var row = new OpCase<Fmod>(Fmod.class, (_, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            return in.get(0).dtype().isInteger() && b == 0 ? 0 : a - b * (double) (long) (a / b) + 0.0;
        });
        ElementwiseRow.binary(row, new Fmod(), FLOATS, (r, _, _) -> 0.3 + 0.5 * r.nextInt(-9, 9), (r, _, _) -> r.nextBoolean() ? 2 : -2.5);
        ElementwiseRow.binary(row, new Fmod(), INTS, signed(0, 9), in(-1, 1));
        return row.within(1e-15).specialsWithoutReference(SPECIALS);
    }

    private static OpCase<Copysign> copysign() {
        return ElementwiseRow.binary(new Copysign(), FLOATS, signed(0.3, 2), signed(0.3, 2), (a, b) -> b < 0 ? -Math.abs(a) : Math.abs(a))
                .specialsWithoutReference(SPECIALS);
    }

    private static OpCase<Xor> xor() {
        var row = new OpCase<Xor>(Xor.class, (_, in, i) -> {
            long a = (long) in.get(0).at(i);
            long b = (long) in.get(1).at(i);
            return (a | b) - (a & b);
        });
        ElementwiseRow.binary(row, new Xor(), List.of(DType.BOOL, DType.INT64, DType.INT32), signed(0, 99), signed(0, 99));
        return row.derivatives(0);
    }

    private static OpCase<Shift> shift() {
        var row = new OpCase<Shift>(Shift.class, (op, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            boolean out = b < 0 || b > 63;
            return op.left() ? (out ? 0 : a * StrictMath.pow(2, b)) : StrictMath.floor(a / StrictMath.pow(2, out ? 999 : b)) + 0.0;
        });
        for (boolean left : new boolean[] {true, false}) {
            ElementwiseRow.binary(row, new Shift(left), INTS, signed(0, 99), in(-1, 7));
        }
        Operand one = new Operand(DType.INT64, Shape.of(4), (_, i, _) -> i % 2 == 0 ? 1 : -3);
        Operand far = new Operand(DType.INT64, Shape.of(4), (_, i, _) -> i < 2 ? 40 : 70);
        return row.on(new Shift(true), Shape.of(4), one, far).on(new Shift(false), Shape.of(4), one, far).derivatives(0);
    }

    /// Each tail against the other: kiln.math computes one by a series where the other is a continued fraction.
    private static OpCase<IncompleteGamma> incompleteGamma() {
        var row = new OpCase<IncompleteGamma>(IncompleteGamma.class, (op, in, i) -> {
            double a = in.get(0).at(i);
            double x = in.get(1).at(i);
            return 1 - (op.upper() ? GammaInc.gammainc(a, x) : GammaInc.gammaincc(a, x));
        });
        for (boolean upper : new boolean[] {true, false}) {
            ElementwiseRow.binary(row, new IncompleteGamma(upper), FLOATS, SHAPES_OF, in(0.5, 4));
        }
        return row.within(1e-12).specialsWithoutReference(SPECIALS);
    }

    /// By differences of the function itself, with another step and formula than kiln.math uses for the second order.
    private static OpCase<IncompleteGammaShape> incompleteGammaShape() {
        var row = new OpCase<IncompleteGammaShape>(IncompleteGammaShape.class, (op, in, i) -> {
            double x = in.get(1).at(i);
            return difference(op.order(), in.get(0).at(i), a -> GammaInc.gammainc(a, x));
        });
        ElementwiseRow.binary(row, new IncompleteGammaShape(1), FLOATS, SHAPES_OF, in(0.5, 4));
        return row.on(0, new IncompleteGammaShape(2), Shape.of(50), parameter(50), new Operand(DType.FLOAT64, Shape.of(50), in(0.5, 4)))
                .within(1e-5)
                .derivatives(1)
                .specialsWithoutReference(SPECIALS);
    }

    /// By differences of the quantile function at the probability of the draw.
    private static OpCase<GammaDrawDerivative> gammaDrawDerivative() {
        var row = new OpCase<GammaDrawDerivative>(GammaDrawDerivative.class, (op, in, i) -> {
            double a = in.get(0).at(i);
            double y = in.get(1).at(i);
            return op.order() == 1
                    ? difference(1, a, s -> Math.log(GammaInc.gammaincinv(s, GammaInc.gammainc(a, Math.exp(y)))))
                    : difference(1, a, s -> GammaInc.implicitGradientLog(s, y));
        });
        ElementwiseRow.binary(row, new GammaDrawDerivative(1), FLOATS, SHAPES_OF, in(-1.5, 1.5));
        return row.on(0, new GammaDrawDerivative(2), Shape.of(50), parameter(50), new Operand(DType.FLOAT64, Shape.of(50), in(-1.5, 1.5)))
                .within(1e-5)
                .derivatives(1)
                .specialsWithoutReference(SPECIALS);
    }

    private static Operand parameter(int n) {
        return new Operand(DType.FLOAT64, Shape.of(n), SHAPES_OF);
    }

    private static double difference(int order, double a, java.util.function.DoubleUnaryOperator f) {
        double h = order == 1 ? 1e-5 : 3e-3;
        double near = f.applyAsDouble(a + h);
        double before = f.applyAsDouble(a - h);
        if (order == 1) {
            return (near - before) / (2 * h);
        }
        double far = f.applyAsDouble(a + 2 * h) + f.applyAsDouble(a - 2 * h);
        return (16 * (near + before) - 30 * f.applyAsDouble(a) - far) / (12 * h * h);
    }

    /// By the sum of the first terms, with the integral and half a term in place of the rest.
    private static double zeta(double s, double q, int order) {
        double sum = 0;
        int n = 20000;
        for (int k = n - 1; k >= 0; k--) {
            sum += StrictMath.pow(-StrictMath.log(q + k), order) * StrictMath.pow(q + k, -s);
        }
        double x = q + n;
        double l = StrictMath.log(x);
        double r = 1 / (s - 1);
        double integral = x * StrictMath.pow(x, -s) * r * (order == 0 ? 1 : order == 1 ? -(l + r) : l * l + 2 * l * r + 2 * r * r);
        return sum + integral + 0.5 * StrictMath.pow(-l, order) * StrictMath.pow(x, -s);
    }

    private static OpCase<HurwitzZeta> hurwitzZeta() {
        var row = new OpCase<HurwitzZeta>(HurwitzZeta.class, (_, in, i) -> zeta(in.get(0).at(i), in.get(1).at(i), 0));
        for (DType dtype : FLOATS) {
            for (Shape shape : List.of(Shape.SCALAR, Shape.of(5), Shape.of(2, 3), Shape.of(0))) {
                row.on(new HurwitzZeta(), shape, new Operand(dtype, shape, in(1.5, 5)), new Operand(dtype, shape, in(0.4, 3)));
            }
        }
        return row.within(1e-9).specialsWithoutReference(SPECIALS);
    }

    private static OpCase<HurwitzZetaOrder> hurwitzZetaOrder() {
        var row = new OpCase<HurwitzZetaOrder>(
                HurwitzZetaOrder.class, (op, in, i) -> zeta(in.get(0).at(i), in.get(1).at(i), op.n()));
        for (int n = 1; n <= 2; n++) {
            for (Shape shape : List.of(Shape.SCALAR, Shape.of(5), Shape.of(2, 3), Shape.of(0))) {
                row.on(n == 1 ? 1 : 0, new HurwitzZetaOrder(n), shape, new Operand(DType.FLOAT64, shape, in(1.5, 5)), new Operand(DType.FLOAT64, shape, in(0.4, 3)));
            }
        }
        return row.within(1e-8).derivatives(1).specialsWithoutReference(SPECIALS);
    }

    private static <O extends Ternary> void ternary(OpCase<O> row, int derivatives, O op) {
        for (DType dtype : FLOATS) {
            for (Shape shape : List.of(Shape.SCALAR, Shape.of(7), Shape.of(2, 3), Shape.of(500), Shape.of(0))) {
                row.on(
                        derivatives,
                        op,
                        shape,
                        new Operand(dtype, shape, SHAPES_OF),
                        new Operand(dtype, shape, SHAPES_OF),
                        new Operand(dtype, shape, in(0.1, 0.9)));
            }
        }
    }

    private static OpCase<IncompleteBeta> incompleteBeta() {
        var row = new OpCase<IncompleteBeta>(IncompleteBeta.class, (op, in, i) -> {
            double other = Beta.betainc(in.get(1).at(i), in.get(0).at(i), 1 - in.get(2).at(i));
            return op.upper() ? other : 1 - other;
        });
        for (boolean upper : new boolean[] {true, false}) {
            ternary(row, 2, new IncompleteBeta(upper));
        }
        return row.within(1e-11).specialsWithoutReference(0, 1, -1, 0.5, 2, Double.NaN, Double.POSITIVE_INFINITY);
    }

    /// By the incomplete beta function for the middle, whatever the value.
    private static OpCase<StudentTCdf> studentTCdf() {
        var row = new OpCase<StudentTCdf>(StudentTCdf.class, (_, in, i) -> {
            double df = in.get(0).at(i);
            double t = in.get(1).at(i);
            return 0.5 + 0.5 * Math.signum(t) * Beta.betainc(0.5, df / 2, t * t / (df + t * t));
        });
        ElementwiseRow.binary(row, new StudentTCdf(), FLOATS, SHAPES_OF, signed(0.1, 3));
        return row.within(1e-12).specialsWithoutReference(SPECIALS);
    }

    /// By differences of the function itself, with another step and formula than kiln.math uses for the second order; on this side of where
    /// the derivative of the log density by the degrees of freedom is 0, as single precision leaves no digits of it there.
    private static OpCase<StudentTCdfShape> studentTCdfShape() {
        var row = new OpCase<StudentTCdfShape>(StudentTCdfShape.class, (op, in, i) -> {
            double t = in.get(1).at(i);
            return difference(op.order(), in.get(0).at(i), df -> StudentT.cdf(df, t));
        });
        ElementwiseRow.binary(row, new StudentTCdfShape(1), FLOATS, SHAPES_OF, signed(0.1, 1.2));
        return row.on(0, new StudentTCdfShape(2), Shape.of(50), parameter(50), new Operand(DType.FLOAT64, Shape.of(50), signed(0.1, 1.2)))
                .within(1e-5)
                .derivatives(1)
                .specialsWithoutReference(SPECIALS);
    }

    private static OpCase<Fma> fma() {
        var row = new OpCase<Fma>(Fma.class, (_, in, i) -> new BigDecimal(in.get(0).at(i))
                .multiply(new BigDecimal(in.get(1).at(i)))
                .add(new BigDecimal(in.get(2).at(i)))
                .doubleValue());
        ternary(row, 2, new Fma());
        return row.within(0).specialsWithoutReference(SPECIALS);
    }

    private static OpCase<IncompleteBetaShape> incompleteBetaShape() {
        var row = new OpCase<IncompleteBetaShape>(IncompleteBetaShape.class, (op, in, i) -> {
            double a = in.get(0).at(i);
            double b = in.get(1).at(i);
            double x = in.get(2).at(i);
            if (op.n() == 1 && op.m() == 1) {
                return difference(1, a, s -> Beta.betaincDb(s, b, x));
            }
            return op.n() > 0
                    ? difference(op.n(), a, s -> Beta.betainc(s, b, x))
                    : difference(op.m(), b, s -> Beta.betainc(a, s, x));
        });
        ternary(row, 1, new IncompleteBetaShape(1, 0));
        ternary(row, 1, new IncompleteBetaShape(0, 1));
        ternary(row, 0, new IncompleteBetaShape(2, 0));
        ternary(row, 0, new IncompleteBetaShape(1, 1));
        ternary(row, 0, new IncompleteBetaShape(0, 2));
        return row.within(1e-5).derivatives(1).specialsWithoutReference(0, 1, -1, 0.5, 2, Double.NaN, Double.POSITIVE_INFINITY);
    }
}
