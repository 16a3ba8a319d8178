package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// One running Markov chain: a mutable object for one thread that is asked for one draw after the other.
///
/// The statistics describe the latest draw and are read before the next one. After the first deep trees a draw allocates nothing.
public interface Chain {
    /// Moves on by one iteration.
    ///
    /// @param position receives the draw on the unconstrained space, length `d`
    void next(double[] position);

    /// {@return the dimension `d`}
    int dimension();

    /// {@return the number of iterations done, warm-up included}
    long iteration();

    /// {@return the number of warm-up iterations}
    int numWarmup();

    /// {@return whether the next iteration belongs to the warm-up}
    default boolean isWarmingUp() {
        return iteration() < numWarmup();
    }

    /// {@return `−L(q)` at the draw, in nats}
    double potentialEnergy();

    /// {@return the Hamiltonian at the draw, with the momentum it had on the trajectory, in nats; without dynamics the potential energy}
    default double energy() {
        return potentialEnergy();
    }

    /// {@return the mean acceptance statistic of the iteration, in [0, 1]}
    double acceptProb();

    /// {@return the mean acceptance probability of the moves that a kernel makes around its inner kernel: of the rows of [HMCECS], of the discrete
    ///          coordinates of [DiscreteHMCGibbs]; 1 for moves that are never refused, and without such moves}
    default double gibbsAcceptProb() {
        return 1;
    }

    /// {@return the number of leapfrog steps of the iteration}
    int numSteps();

    /// {@return the depth of the tree of the iteration; 0 for a method without trees}
    default int treeDepth() {
        return 0;
    }

    /// {@return whether the iteration diverged: its energy error exceeded the limit, so a region may be missed}
    default boolean diverging() {
        return false;
    }

    /// {@return the step size the iteration used; after the warm-up the adapted one; 1 for a method without one}
    default double stepSize() {
        return 1;
    }

    /// {@return the metric in use; the identity for a method without one}
    default Metric metric() {
        return Metric.identity(dimension());
    }

    /// {@return everything [Sampler#resume] needs, an immutable copy}
    ChainState state();
}
