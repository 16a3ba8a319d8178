package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;

/// A Markov chain Monte Carlo method on `R^d` whose chains move in step because each proposes from the places of the others.
public non-sealed interface EnsembleSampler extends Kernel {
    /// Starts all chains.
    ///
    /// @param density          the target, up to a constant
    /// @param initialPositions `[chain][d]`, each with finite density; copied
    /// @param seed             seed of all random numbers
    /// @param numWarmup        number of adapting iterations that precede the draws, ≥ 0
    /// @throws IllegalArgumentException if the number of chains does not suit the method
    Ensemble start(LogDensity density, double[][] initialPositions, long seed, int numWarmup);

    /// Continues an ensemble where [Ensemble#state] left it: the same draws as if it had never stopped.
    ///
    /// @param density the same target
    /// @param state   state of an ensemble of this method
    /// @throws IllegalArgumentException if the state belongs to another kernel or dimension
    Ensemble resume(LogDensity density, ChainState state);
}
