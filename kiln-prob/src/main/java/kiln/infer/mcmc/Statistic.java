package kiln.infer.mcmc;

import java.util.Locale;

/// What can be kept of every draw besides its position: NumPyro's extra fields.
public enum Statistic {
    /// `−L(q)` at the draw, in nats.
    POTENTIAL_ENERGY,
    /// The Hamiltonian at the draw, in nats; E-BFMI is computed from it.
    ENERGY,
    /// Mean acceptance statistic of the iteration, in [0, 1].
    ACCEPT_PROB,
    /// Leapfrog steps of the iteration.
    NUM_STEPS,
    /// Depth of the tree of the iteration.
    TREE_DEPTH,
    /// 1 if the iteration diverged, 0 otherwise.
    DIVERGING,
    /// Step size of the iteration.
    STEP_SIZE;

    /// {@return the name of the field in NumPyro, such as `accept_prob`}
    public String fieldName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return the value for the latest draw of a chain}
    double of(Chain chain) {
        return switch (this) {
            case POTENTIAL_ENERGY -> chain.potentialEnergy();
            case ENERGY -> chain.energy();
            case ACCEPT_PROB -> chain.acceptProb();
            case NUM_STEPS -> chain.numSteps();
            case TREE_DEPTH -> chain.treeDepth();
            case DIVERGING -> chain.diverging() ? 1 : 0;
            case STEP_SIZE -> chain.stepSize();
        };
    }
}
