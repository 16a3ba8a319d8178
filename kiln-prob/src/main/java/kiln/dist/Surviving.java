package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.NDArray;

/// Distributions whose probability above a value is known by its logarithm, the negative cumulative hazard.
///
/// ```
/// P(X > x) = e^−H(x)        P(X ≤ x) = 1 − e^−H(x)
/// ```
public sealed interface Surviving extends Distribution
        permits Exponential, Geometric, GeometricLogits, Gompertz, Kumaraswamy, Pareto, Weibull {
    @Override
    NDArray logSf(NDArray value);

    @Override
    default NDArray sf(NDArray value) {
        return exp(logSf(value));
    }

    @Override
    default NDArray cdf(NDArray value) {
        return expm1(logSf(value)).unaryMinus();
    }
}
