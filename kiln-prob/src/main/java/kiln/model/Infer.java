package kiln.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import kiln.array.NDArray;

/// What a model tells the algorithms about one of its random variables; it changes nothing about the density.
///
/// ```java
/// sample("z", new Categorical(p), null, infer(Infer.NONE.enumerate(Infer.Enumerate.NEVER)))
/// ```
///
/// @param enumerate     whether a discrete variable is summed out
/// @param isAuxiliary   whether a site of a guide may be absent from the model
/// @param blockedPlates names of enclosing plates that do not touch the site: they neither repeat nor scale it
/// @param wasObserved   the data of a site that `uncondition` draws again
public record Infer(
        Enumerate enumerate, boolean isAuxiliary, Set<String> blockedPlates, Optional<NDArray> wasObserved) {
    /// Nothing to tell.
    public static final Infer NONE = new Infer(Enumerate.AUTOMATIC, false, Set.of(), Optional.empty());

    /// Whether a discrete variable is summed out.
    public enum Enumerate {
        /// The algorithm decides: those that need derivatives sum out what they can.
        AUTOMATIC,
        /// It is summed out wherever the algorithm can.
        PARALLEL,
        /// It keeps a value of its own: another kernel samples it.
        NEVER
    }

    /// The set is copied.
    public Infer {
        blockedPlates = Set.copyOf(blockedPlates);
    }

    /// {@return a copy with another [#enumerate()]}
    public Infer enumerate(Enumerate v) {
        return new Infer(v, isAuxiliary, blockedPlates, wasObserved);
    }

    /// {@return a copy with another [#isAuxiliary()]}
    public Infer auxiliary(boolean v) {
        return new Infer(enumerate, v, blockedPlates, wasObserved);
    }

    /// {@return a copy with other [#blockedPlates()]}
    public Infer blockPlates(String... v) {
        return new Infer(enumerate, isAuxiliary, new LinkedHashSet<>(Arrays.asList(v)), wasObserved);
    }

    Infer wasObserved(NDArray data) {
        return new Infer(enumerate, isAuxiliary, blockedPlates, Optional.of(data));
    }
}
