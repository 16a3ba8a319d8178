package kiln.model;

/// A probabilistic program: a piece of Java that calls [Primitives], such as `() -> regression(x, y)`.
///
/// Data is captured by the lambda. A model is run many times, so it must not change anything but its own local variables.
@FunctionalInterface
public interface Model {
    /// Runs the program once, under the handlers in force.
    void run();
}
