package kiln.infer;

import java.util.Optional;

/// A log density whose first coordinates are moved by gradients, and whose last ones are moved in another way while the first stand still.
///
/// What the last ones are is said by the kinds of it: values of a few ([DiscreteDensity]), values of random variables that the user
/// draws ([GibbsDensity]), numbers of the rows of the data that are looked at ([SubsampleDensity]).
public interface SplitDensity extends LogDensity {
    /// {@return the number of the first coordinates, on unconstrained space; the others have derivative 0}
    int continuous();

    /// {@return a density as one of a kind, if it is such a one, or one that the user wrote as such}
    static <D extends SplitDensity> Optional<D> in(LogDensity density, Class<D> kind) {
        LogDensity own = density instanceof PlainPosterior(LogDensity written) ? written : density;
        return kind.isInstance(own) ? Optional.of(kind.cast(own)) : Optional.empty();
    }
}
