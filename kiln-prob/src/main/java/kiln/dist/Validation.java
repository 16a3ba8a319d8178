package kiln.dist;

import java.util.function.Supplier;

/// The switch for the checks of parameters and of values outside the support; on unless [#without] turns it off.
///
/// With the checks on, a known parameter outside its domain is refused when a distribution is made, and `logProb` is −∞ outside
/// the support. An engine whose values come from a bijection onto the support turns them off: they could only cost time.
public final class Validation {
    private static final ScopedValue<Boolean> OFF = ScopedValue.newInstance();

    private Validation() {}

    /// {@return whether parameters and values are checked}
    public static boolean isOn() {
        return !OFF.isBound();
    }

    /// Runs `body` without the checks; threads it starts do not inherit the setting.
    ///
    /// @return what `body` returns
    public static <T> T without(Supplier<T> body) {
        return ScopedValue.where(OFF, true).call(body::get);
    }
}
