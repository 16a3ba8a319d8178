package kiln.dist;

import org.jspecify.annotations.Nullable;

/// Makes the truncated distribution with a lower cut, an upper cut or both, as NumPyro's function of this name.
public final class TruncatedDistribution {
    private TruncatedDistribution() {}

    /// {@return the distribution cut off where a cut is given; the base itself if none is}
    ///
    /// @param baseDist a symmetric distribution on the real line
    /// @param low      lower cut; null for none
    /// @param high     upper cut; null for none
    public static Distribution of(Symmetric baseDist, @Nullable Number low, @Nullable Number high) {
        if (low == null) {
            return high == null ? baseDist : new RightTruncatedDistribution(baseDist, high);
        }
        return high == null
                ? new LeftTruncatedDistribution(baseDist, low)
                : new TwoSidedTruncatedDistribution(baseDist, low, high);
    }
}
