package kiln.nn;

import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.Np;

/// An increasing function of one element with the logarithm of its derivative.
///
/// @param f             the function
/// @param logDerivative `log f′`, a function of the argument of f
public record IncreasingActivation(UnaryOperator<NDArray> f, UnaryOperator<NDArray> logDerivative) {
    /// `tanh x`, with `log f′ = −2 (x + log(1 + e⁻²ˣ) − log 2)`.
    public static final IncreasingActivation TANH = new IncreasingActivation(
            Np::tanh, x -> x.plus(Np.softplus(x.times(-2.0))).minus(0.6931471805599453).times(-2.0));

    /// `x` above 0, `0.01 x` below.
    public static final IncreasingActivation LEAKY_RELU = new IncreasingActivation(
            Activation.LEAKY_RELU::apply, x -> Np.where(x.ge(0), 0.0, -4.605170185988091));
}
