package kiln.infer;

import java.util.Optional;

/// A log density on `R^d` with its gradient: all that a sampler or an optimiser knows of a model.
///
/// ```
/// L(q) = log p(x, θ(q)) + log |det dθ/dq|
/// ```
///
/// An evaluation allocates nothing, and one instance may be used by several threads at a time.
public interface LogDensity {
    /// {@return the dimension `d` of the unconstrained space; ≥ 0}
    int dimension();

    /// Value and gradient at a point.
    ///
    /// A value outside the support, or one that cannot be computed, is a result and not an exception: `-∞` or NaN.
    ///
    /// @param position `q`, length `d`; only read
    /// @param gradient receives `∇L(q)`, length `d`
    /// @return `L(q)`
    double valueAndGradient(double[] position, double[] gradient);

    /// Value at a point, for who needs no gradient.
    ///
    /// A compiled density has a program of its own for it, compiled when it is first asked: 0.5 to 0.9 of the time where passes over data
    /// or recursions make up the density. The value is that of [#valueAndGradient] up to rounding, and the same one every time.
    ///
    /// @param position `q`, length `d`; only read
    /// @param scratch  may be overwritten, length `d`; another array than `position`
    /// @return `L(q)`
    default double value(double[] position, double[] scratch) {
        return valueAndGradient(position, scratch);
    }

    /// {@return the same density, of which one evaluation may be shared by several threads: the same bits; itself if it cannot be shared}
    ///
    /// A compiled density shares its loops over 48,000 elements or more between the thread that evaluates and others that the process
    /// keeps for that. It pays where one evaluation takes 20 microseconds and more and a processor is idle. Two copies of one density
    /// share their code.
    ///
    /// @param threads how many at most work on one evaluation, the one that asks for it included; ≥ 1, and 1 where this is not called
    default LogDensity threads(int threads) {
        return this;
    }

    /// {@return the same density with memory of its own, for one thread at a time: the same bits; itself if it keeps nothing for a thread}
    ///
    /// A compiled density finds the memory of the calling thread before it computes, which takes a nanosecond or two. A worker has it; whoever
    /// evaluates in a loop asks for one first, as the chains of a sampler do.
    default LogDensity worker() {
        return this;
    }

    /// {@return the same density at several positions at a time: the same bits; empty if that would gain nothing}
    ///
    /// A compiled density gains where it has recursions of scalars (`Control.scan`): each step waits for the one before, and the steps of
    /// other lanes fill the time.
    ///
    /// @param lanes how many positions, ≥ 2; 8 at most pay
    default Optional<LaneDensity> lanes(int lanes) {
        return Optional.empty();
    }

    /// {@return how it is computed, for people: for a compiled model its graph before and after each pass, loops, and sizes}
    default String explain() {
        return getClass().getName() + ": a density in " + dimension() + " dimensions that Kiln did not compile\n";
    }
}
