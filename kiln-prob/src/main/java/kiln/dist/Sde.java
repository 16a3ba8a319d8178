package kiln.dist;

import kiln.array.NDArray;

/// The right side of a stochastic differential equation, `dx = drift dt + diffusion dW`.
@FunctionalInterface
public interface Sde {
    /// {@return drift and diffusion at a state}
    ///
    /// Called with many states at once, so it must work element by element along the axes in front of those of one state.
    ///
    /// @param state `[…] + shape of one state`
    /// @param t     times, broadcasting with the states
    Terms at(NDArray state, NDArray t);

    /// The two terms of the equation, of the shape of the state or broadcasting with it.
    ///
    /// @param drift     mean change per unit of time
    /// @param diffusion standard deviation of the change per root of the unit of time
    record Terms(NDArray drift, NDArray diffusion) {}
}
