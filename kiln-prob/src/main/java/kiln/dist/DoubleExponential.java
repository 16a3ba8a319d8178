package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// The double exponential rule of integration over [0, 1]: `∫ f(u) du ≈ Σ wᵢ f(uᵢ)`, for f that may be singular at either end.
///
/// ```
/// u = 1 / (1 + exp(−π sinh t)),  w = h π cosh t · u (1 − u),  t = −4, −4 + h, …, 4
/// ```
///
/// Source: Takahasi and Mori, *Double exponential formulas for numerical integration* (1974), for the interval [0, 1].
final class DoubleExponential {
    private static final int STEPS = 96;
    private static final NDArray T = linspace(-4, 4, STEPS + 1);
    private static final NDArray ODDS = sinh(T).times(Math.PI);

    /// `log u`.
    static final NDArray LOG_NODES = logSigmoid(ODDS);

    /// The weights.
    static final NDArray WEIGHTS = cosh(T)
            .times(Math.PI * 8 / STEPS)
            .times(exp(logSigmoid(ODDS).plus(logSigmoid(ODDS.unaryMinus()))));

    private DoubleExponential() {}
}
