package kiln.model;

import java.util.Map;
import kiln.array.NDArray;

/// The log joint density of a model at given values of its random variables.
public final class LogDensities {
    private LogDensities() {}

    /// A log joint density with the run that it was computed in.
    ///
    /// @param value the sum of the log densities of all sites, a scalar
    /// @param trace the run
    public record Evaluation(NDArray value, Trace trace) {}

    /// The log joint density over constrained values.
    ///
    /// ```
    /// Σ over random variables of sum( scale · where(mask, log p(value), 0) )
    /// ```
    ///
    /// @param params name and value of every random variable that is not observed
    /// @return the density and the run
    /// @throws HandlerException if a name matches no site, or a random variable has no value
    public static Evaluation logDensity(Model model, Map<String, ? extends Number> params) {
        Trace trace = Handlers.trace(model, Handlers.substitute(params));
        return new Evaluation(trace.logProb(), trace);
    }
}
