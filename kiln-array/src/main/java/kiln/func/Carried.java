package kiln.func;

import java.util.List;

/// What one step of [Control#scan] returns, and what the whole scan returns: the carry, and the output of the step or of all steps.
///
/// @param carry  the structure that goes into the next step, or that came out of the last
/// @param output the output of one step; of the whole scan the outputs stacked along a new first axis
public record Carried<C, Y>(C carry, Y output) {
    /// {@return a step without an output}
    public static <C> Carried<C, List<Object>> of(C carry) {
        return new Carried<>(carry, List.of());
    }
}
