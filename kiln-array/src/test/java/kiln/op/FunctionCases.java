package kiln.op;

import static kiln.op.ElementwiseRow.FLOATS;
import static kiln.op.ElementwiseRow.in;
import static kiln.op.ElementwiseRow.oracle;
import static kiln.op.ElementwiseRow.signed;
import static kiln.op.ElementwiseRow.unary;

import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;

/// Rows of the functions that `kiln.math` computes: against `StrictMath` or against mpmath's table.
final class FunctionCases {
    private FunctionCases() {}

    static List<OpCase<?>> rows() {
        return List.of(
                unary(new Exp(), FLOATS, in(-3, 3), StrictMath::exp).within(5e-16),
                unary(new Expm1(), FLOATS, in(-3, 3), StrictMath::expm1).within(5e-16),
                unary(new Log(), FLOATS, in(0.1, 9), StrictMath::log).within(5e-16),
                unary(new Log1p(), FLOATS, in(-0.8, 9), StrictMath::log1p).within(5e-16),
                unary(new Tanh(), FLOATS, in(-3, 3), StrictMath::tanh).within(5e-16),
                unary(new Sin(), FLOATS, in(-7, 7), StrictMath::sin).within(5e-16),
                unary(new Cos(), FLOATS, in(-7, 7), StrictMath::cos).within(5e-16),
                unary(new Tan(), FLOATS, in(-1.2, 1.2), StrictMath::tan).within(5e-16),
                unary(new Atan(), FLOATS, in(-4, 4), StrictMath::atan).within(5e-16),
                unary(new Sqrt(), FLOATS, in(0.1, 9), StrictMath::sqrt),
                oracle(new Sigmoid(), "sigmoid", 2e-15, in(-6, 6)),
                oracle(new Softplus(), "softplus", 2e-15, in(-6, 6)),
                oracle(new Lgamma(), "lgamma", 1e-14, in(0.3, 9)),
                oracle(new Digamma(), "digamma", 1e-13, in(0.3, 9)),
                polygamma(),
                oracle(new Erf(), "erf", 4e-15, in(-2.5, 2.5)),
                oracle(new Erfc(), "erfc", 1e-14, in(-2.5, 2.5)),
                oracle(new Erfinv(), "erfinv", 1e-14, signed(0, 0.9)),
                oracle(new Ndtr(), "ndtr", 1e-14, in(-3, 3)),
                oracle(new LogNdtr(), "log_ndtr", 1e-14, in(-4, 3)),
                oracle(new LogNdtrDerivative(), "log_ndtr_derivative", 1e-14, in(-4, 3)),
                oracle(new Ndtri(), "ndtri", 1e-14, in(0.05, 0.95)),
                oracle(new I0e(), "i0e", 1e-14, signed(0.1, 30)),
                oracle(new I1e(), "i1e", 1e-14, signed(0.1, 30)));
    }

    /// Order 1 has code of its own; order 2 goes through the general function.
    private static OpCase<Polygamma> polygamma() {
        OpCase<Polygamma> row = oracle(new Polygamma(1), "trigamma", 1e-13, in(0.3, 9));
        return row.on(new Polygamma(2), Shape.of(700), new OpCase.Operand(DType.FLOAT64, Shape.of(700), in(10, 20)));
    }
}
