package kiln.diagnostics;

/// One thing that is wrong with a run, in words.
///
/// @param kind     what kind of thing
/// @param sentence what was found: how many, where, how large, how large it should be
/// @param remedy   what to try
public record Finding(Kind kind, String sentence, String remedy) {
    /// What can be wrong.
    public enum Kind {
        /// A draw is NaN or infinite.
        NOT_FINITE,
        /// So few draws that nothing can be said.
        TOO_FEW_DRAWS,
        /// Chains stay in different places, or do not move at all.
        STUCK_CHAINS,
        /// Chains disagree.
        R_HAT,
        /// The draws are worth too few independent ones.
        EFFECTIVE_SAMPLE_SIZE,
        /// The integrator failed in places.
        DIVERGENCES,
        /// The momentum explores the energies too slowly.
        ENERGY,
        /// Trajectories were cut off.
        TREE_DEPTH
    }

    @Override
    public String toString() {
        return sentence + "\n    Try: " + remedy;
    }
}
