package kiln.model;

import kiln.array.NDArray;

/// A value that a model replaces while it runs, see [Primitives#mutable].
///
/// The trace of a run has the last value; `substitute(Map.of(name, trace.value(name)))` starts the next run from it.
public final class MutableState {
    private NDArray value;

    MutableState(NDArray value) {
        this.value = value;
    }

    /// {@return the value as it is now}
    public NDArray get() {
        return value;
    }

    /// Replaces the value.
    ///
    /// @param v any shape
    public void set(Number v) {
        value = NDArray.as(v);
    }
}
