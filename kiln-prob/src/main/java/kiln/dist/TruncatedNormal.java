package kiln.dist;

import org.jspecify.annotations.Nullable;

/// Makes a normal distribution cut off below, above or on both sides, as NumPyro's function of this name.
public final class TruncatedNormal {
    private TruncatedNormal() {}

    /// {@return the distribution cut off where a cut is given}
    ///
    /// @param loc   centre before the cut; any finite value
    /// @param scale scale before the cut; > 0
    /// @param low   lower cut; null for none
    /// @param high  upper cut; null for none
    public static Distribution of(Number loc, Number scale, @Nullable Number low, @Nullable Number high) {
        return TruncatedDistribution.of(new Normal(loc, scale), low, high);
    }
}
