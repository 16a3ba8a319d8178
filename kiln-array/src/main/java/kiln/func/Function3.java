package kiln.func;

/// A function of three arguments.
@FunctionalInterface
public interface Function3<A, B, C, R> {
    /// {@return the value of the function}
    R apply(A a, B b, C c);
}
