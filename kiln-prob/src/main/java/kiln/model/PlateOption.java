package kiln.model;

/// What a plate can be told beyond its name and size, see [Primitives#dim] and [Primitives#subsampleSize].
public sealed interface PlateOption {
    /// The axis that the plate owns.
    ///
    /// @param dim counted from the right; ≤ −1
    record Dim(int dim) implements PlateOption {}

    /// How many of the copies a run looks at; which ones is drawn anew in every run.
    ///
    /// @param count from 1 to the size of the plate
    record SubsampleSize(int count) implements PlateOption {}
}
