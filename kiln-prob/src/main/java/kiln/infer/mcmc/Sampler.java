package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;

/// A Markov chain Monte Carlo method on `R^d`: settings from which any number of chains can be started.
///
/// Its chains know of a model only the [LogDensity], and nothing of each other.
public non-sealed interface Sampler extends Kernel {
    /// Starts a chain.
    ///
    /// @param density         the target, up to a constant
    /// @param initialPosition `q₀`, length `d`, with finite density and gradient; copied
    /// @param seed            seed of all random numbers of this chain
    /// @param numWarmup       number of adapting iterations that precede the draws, ≥ 0
    /// @throws IllegalArgumentException if the position has another length or no finite density and gradient
    Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup);

    /// Continues a chain where [Chain#state] left it: the same draws as if it had never stopped.
    ///
    /// @param density the same target
    /// @param state   state of a chain of this sampler
    /// @throws IllegalArgumentException if the state belongs to another kernel or dimension
    Chain resume(LogDensity density, ChainState state);
}
