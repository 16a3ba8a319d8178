package kiln.func;

/// A function of four arguments.
@FunctionalInterface
public interface Function4<A, B, C, D, R> {
    /// {@return the value of the function}
    R apply(A a, B b, C c, D d);
}
