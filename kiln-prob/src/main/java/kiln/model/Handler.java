package kiln.model;

/// Something that changes what the statements of a model do, as an immutable value: `seed(0)`, `condition(data)`.
///
/// What a handler has to remember during a run lives in the [Interceptor] that it makes for that run, so the same handler can be
/// used again and by several threads.
@FunctionalInterface
public interface Handler {
    /// {@return the handler's part in one run of a model}
    Interceptor open();
}
