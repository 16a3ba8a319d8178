package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// Chains that move in step: a mutable object for one thread at a time.
///
/// The driver runs a single [Chain] as an ensemble of one.
public interface Ensemble {
    /// {@return the number of chains}
    int size();

    /// {@return the dimension `d` of each}
    int dimension();

    /// {@return the number of iterations done, warm-up included; in one iteration every chain makes one draw}
    long iteration();

    /// {@return the number of warm-up iterations}
    int numWarmup();

    /// Moves every chain on by one iteration.
    ///
    /// @param positions receives the draws on the unconstrained space, `[chain][d]`
    void next(double[][] positions);

    /// {@return a statistic of the latest draw of a chain; NaN where the method has none such}
    double statistic(Statistic statistic, int chain);

    /// {@return everything [EnsembleSampler#resume] needs, an immutable copy}
    ChainState state();

    /// {@return a chain as an ensemble of one}
    static Ensemble of(Chain chain) {
        return new SingleChain(chain);
    }
}
