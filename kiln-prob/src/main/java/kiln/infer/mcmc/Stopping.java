package kiln.infer.mcmc;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What may end a run before it has all its draws.
///
/// @param rule      ends it when the chains agree and the draws suffice
/// @param timeLimit ends it when so much time has passed since its beginning, warm-up included; > 0
/// @param stopWhen  ends it when it says so; asked between iterations, by several threads
public record Stopping(Optional<StopRule> rule, Optional<Duration> timeLimit, BooleanSupplier stopWhen) {
    /// Nothing but an interrupt.
    public static final Stopping NEVER = new Stopping(Optional.empty(), Optional.empty(), () -> false);

    /// @throws IllegalArgumentException if the time limit is not positive
    public Stopping {
        timeLimit.ifPresent(t -> HMCSettings.require(t.isPositive(), "timeLimit must be > 0", t));
    }
}
