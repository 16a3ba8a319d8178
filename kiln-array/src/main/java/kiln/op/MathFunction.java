package kiln.op;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import kiln.math.Bessel;
import kiln.math.Elementary;
import kiln.math.Erf;
import kiln.math.Gamma;
import kiln.math.Logarithms;
import kiln.math.Tiles;
import org.jspecify.annotations.Nullable;

/// The functions of one variable that compiled code calls: their scalar form and their form for a tile of an array.
///
/// Both forms give the same bits; which one is called depends only on whether the value is a scalar or an array.
@SuppressWarnings("ImmutableEnumChecker") // the functions are static methods
public enum MathFunction {
    /// `e^x`
    EXP(Elementary.class, "exp", Elementary::exp, Tiles::exp),
    /// `e^x − 1`
    EXPM1(Elementary.class, "expm1", Elementary::expm1, Tiles::expm1),
    /// natural logarithm
    LOG(Elementary.class, "log", Elementary::log, Tiles::log),
    /// `log(1 + x)`
    LOG1P(Elementary.class, "log1p", Elementary::log1p, Tiles::log1p),
    /// hyperbolic tangent
    TANH(Elementary.class, "tanh", Elementary::tanh, Tiles::tanh),
    /// `1 / (1 + e^−x)`
    SIGMOID(Elementary.class, "sigmoid", Elementary::sigmoid, Tiles::sigmoid),
    /// `log(1 + e^x)`
    SOFTPLUS(Elementary.class, "softplus", Elementary::softplus, Tiles::softplus),
    /// `log |Γ(x)|`
    LGAMMA(Gamma.class, "lgamma", Gamma::lgamma, Tiles::lgamma),
    /// `Γ'(x)/Γ(x)`
    DIGAMMA(Gamma.class, "digamma", Gamma::digamma, Tiles::digamma),
    /// error function
    ERF(Erf.class, "erf", Erf::erf, Tiles::erf),
    /// complementary error function
    ERFC(Erf.class, "erfc", Erf::erfc, Tiles::erfc),
    /// inverse error function
    ERFINV(Erf.class, "erfinv", Erf::erfinv, null),
    /// standard normal distribution function
    NDTR(Erf.class, "ndtr", Erf::ndtr, Tiles::ndtr),
    /// logarithm of the standard normal distribution function
    LOG_NDTR(Erf.class, "logNdtr", Erf::logNdtr, Tiles::logNdtr),
    /// derivative of the former
    LOG_NDTR_DERIVATIVE(Erf.class, "logNdtrDerivative", Erf::logNdtrDerivative, Tiles::logNdtrDerivative),
    /// standard normal quantile
    NDTRI(Erf.class, "ndtri", Erf::ndtri, null),
    /// sine
    SIN(Elementary.class, "sin", Elementary::sin, Tiles::sin),
    /// cosine
    COS(Elementary.class, "cos", Elementary::cos, Tiles::cos),
    /// tangent
    TAN(Elementary.class, "tan", Elementary::tan, null),
    /// arc tangent
    ATAN(Elementary.class, "atan", Elementary::atan, null),
    /// arc sine
    ASIN(Elementary.class, "asin", Elementary::asin, null),
    /// arc cosine
    ACOS(Elementary.class, "acos", Elementary::acos, null),
    /// hyperbolic sine
    SINH(Elementary.class, "sinh", Elementary::sinh, null),
    /// hyperbolic cosine
    COSH(Elementary.class, "cosh", Elementary::cosh, null),
    /// inverse hyperbolic sine
    ASINH(Logarithms.class, "asinh", Logarithms::asinh, null),
    /// inverse hyperbolic cosine
    ACOSH(Logarithms.class, "acosh", Logarithms::acosh, null),
    /// inverse hyperbolic tangent
    ATANH(Elementary.class, "atanh", Elementary::atanh, null),
    /// real cube root
    CBRT(Elementary.class, "cbrt", Elementary::cbrt, null),
    /// `2^x`
    EXP2(Logarithms.class, "exp2", Logarithms::exp2, null),
    /// logarithm to base 2
    LOG2(Logarithms.class, "log2", Logarithms::log2, null),
    /// logarithm to base 10
    LOG10(Logarithms.class, "log10", Logarithms::log10, null),
    /// `e^(x²) erfc(x)`
    ERFCX(Erf.class, "erfcx", Erf::erfcx, Tiles::erfcx),
    /// `log(1 − e^x)`
    LOG1MEXP(Elementary.class, "log1mexp", Elementary::log1mexp, Tiles::log1mexp),
    /// `ψ'(x)`
    TRIGAMMA(Gamma.class, "trigamma", Gamma::trigamma, Tiles::trigamma),
    /// `e^−|x| I₀(x)`
    I0E(Bessel.class, "i0e", Bessel::i0e, null),
    /// `e^−|x| I₁(x)`
    I1E(Bessel.class, "i1e", Bessel::i1e, null);

    /// Two functions of the same argument that [Tiles] computes in one call, for less than two: mostly a function and its derivative.
    ///
    /// @param first the function whose result comes first
    /// @param second the other one
    /// @param method the name in [Tiles], of the form `f(x, first, second, n)`
    public record Pair(MathFunction first, MathFunction second, String method) {
        private static final List<Pair> ALL = List.of(
                new Pair(SOFTPLUS, SIGMOID, "softplusSigmoid"),
                new Pair(LGAMMA, DIGAMMA, "lgammaDigamma"),
                new Pair(LOG_NDTR, LOG_NDTR_DERIVATIVE, "logNdtrAndDerivative"));
    }

    /// A function applied to the first `n` elements of an array.
    @FunctionalInterface
    public interface Tile {
        /// `y[i] = f(x[i])` for `0 ≤ i < n`; `y` may be `x`.
        void apply(double[] x, double[] y, int n);
    }

    private final Class<?> owner;
    private final String method;
    private final DoubleUnaryOperator scalar;
    private final boolean tiled;

    MathFunction(Class<?> owner, String method, DoubleUnaryOperator scalar, @Nullable Tile tile) {
        this.owner = owner;
        this.method = method;
        this.scalar = scalar;
        this.tiled = tile != null;
    }

    /// {@return the class that has the scalar form}
    public Class<?> owner() {
        return owner;
    }

    /// {@return the name of both forms}
    public String method() {
        return method;
    }

    /// {@return the scalar form}
    public DoubleUnaryOperator scalar() {
        return scalar;
    }

    /// {@return whether [Tiles] has a form for arrays}
    public boolean isTiled() {
        return tiled;
    }

    /// {@return the call that computes this function, as the first result, and another one; null if there is none}
    /// @param other the second function
    public @Nullable Pair pairWith(MathFunction other) {
        return Pair.ALL.stream()
                .filter(p -> p.first == this && p.second == other)
                .findFirst()
                .orElse(null);
    }
}
