package kiln.array;

import org.jspecify.annotations.Nullable;

/// What to take along one axis in `x.get(…)`, as in NumPy's `x[…]`.
///
/// | NumPy | here |
/// |---|---|
/// | `x[2]`, `x[-1]` | `x.get(at(2))`, `x.get(at(-1))` |
/// | `x[1:4]`, `x[::2]` | `x.get(slice(1, 4))`, `x.get(slice(null, null, 2))` |
/// | `x[:, 0]` | `x.get(ALL, at(0))` |
/// | `x[..., 0]` | `x.get(DOTS, at(0))` |
/// | `x[:, None]` | `x.get(ALL, NEW_AXIS)` |
/// | `x[idx]` | `x.get(at(idx))` with an integer array |
public sealed interface Index {
    /// The whole axis, `:`.
    Index ALL = new Range(null, null, 1);
    /// All axes that the other indices leave over, `...`.
    Index DOTS = new Dots();
    /// A new axis of size 1, `None`.
    Index NEW_AXIS = new NewAxis();

    /// One position; the axis disappears.
    ///
    /// @param position from `-n` to `n - 1`
    record At(int position) implements Index {}

    /// The positions held in an integer array, whose axes take the place of the axis.
    ///
    /// @param positions integers from `-n` to `n - 1`
    record Take(NDArray positions) implements Index {}

    /// Every `step`-th position from `start` to before `stop`; a null end is that of the axis.
    ///
    /// @param start first position, negative from the end
    /// @param stop  end, exclusive, negative from the end
    /// @param step  distance; not zero; negative runs backwards
    record Range(@Nullable Integer start, @Nullable Integer stop, int step) implements Index {}

    /// See [#DOTS].
    record Dots() implements Index {}

    /// See [#NEW_AXIS].
    record NewAxis() implements Index {}

    /// {@return one position of an axis}
    static Index at(int position) {
        return new At(position);
    }

    /// {@return the positions of an integer array}
    static Index at(NDArray positions) {
        return new Take(positions);
    }

    /// {@return the positions from `start` to before `stop`}
    static Index slice(@Nullable Integer start, @Nullable Integer stop) {
        return new Range(start, stop, 1);
    }

    /// {@return every `step`-th position from `start` to before `stop`}
    static Index slice(@Nullable Integer start, @Nullable Integer stop, int step) {
        return new Range(start, stop, step);
    }
}
