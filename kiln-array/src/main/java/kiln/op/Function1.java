package kiln.op;

/// An elementwise function of one floating operand that `kiln.math` computes, one element or a tile at a time.
public sealed interface Function1 extends Unary
        permits Exp, Expm1, Log, Log1p, Tanh, Sigmoid, Softplus, Lgamma, Digamma, Polygamma, Erf, Erfc, Erfinv, Ndtr, LogNdtr, LogNdtrDerivative,
                Ndtri, Sin, Cos, Tan, Atan, Asin, Acos, Sinh, Cosh, Asinh, Acosh, Atanh, Cbrt, Exp2, Log2, Log10, Erfcx, Log1mexp, I0e, I1e {
    /// {@return the function of `kiln.math`}
    MathFunction function();

    /// {@return whether it is computed for a tile at a time}
    default boolean isTiled() {
        return function().isTiled();
    }

    @Override
    default double eval(double x) {
        return function().scalar().applyAsDouble(x);
    }

    @Override
    default void emit(Emitter e) {
        e.load(0).call(function());
    }
}
