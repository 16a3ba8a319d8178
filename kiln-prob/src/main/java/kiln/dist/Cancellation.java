package kiln.dist;

import java.util.function.Supplier;

/// The switch for forms of densities that spend operations on every element lest terms cancel; on unless [#tolerated] turns it off.
///
/// With it on, `logProb` has its digits wherever they can be had: of counts in the millions, of log odds of 40. An engine compares densities of the
/// same data, and its samples have noise: it takes the plain forms, whose error is a few 10⁻¹⁶ of the largest term, such as log Γ of a count, and
/// whose sums over data collapse.
public final class Cancellation {
    private static final ScopedValue<Boolean> TOLERATED = ScopedValue.newInstance();

    private Cancellation() {}

    /// {@return whether digits matter}
    static boolean matters() {
        return !TOLERATED.isBound();
    }

    /// Runs `body` with densities in their plain forms; threads it starts do not inherit the setting.
    ///
    /// @return what `body` returns
    public static <T> T tolerated(Supplier<T> body) {
        return ScopedValue.where(TOLERATED, true).call(body::get);
    }
}
