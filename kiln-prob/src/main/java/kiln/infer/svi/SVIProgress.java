package kiln.infer.svi;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/// Whoever wants to know how far an optimisation is.
@FunctionalInterface
public interface SVIProgress {
    /// Nobody.
    SVIProgress NONE = (_, _, _, _) -> {};

    /// {@return lines on the standard error stream if a person is looking at a terminal, otherwise nothing}
    static SVIProgress standard() {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            return NONE;
        }
        return (done, total, first, average) -> System.err.print(String.format(
                Locale.ROOT,
                "\r%3d %%  step %d of %d, initial loss %.4f, average of the last steps %.4f%s",
                100L * done / total,
                done,
                total,
                first,
                average,
                done == total ? "\n" : ""));
    }

    /// A twentieth of the steps has been done.
    ///
    /// @param done    steps so far
    /// @param total   steps in all
    /// @param first   the loss before the first step
    /// @param average the mean loss of the steps since the last call
    void update(int done, int total, double first, double average);
}
