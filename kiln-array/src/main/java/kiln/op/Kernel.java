package kiln.op;

/// Code for one structured operation on operands of known types. It may own scratch memory, so one instance serves one thread.
@FunctionalInterface
public interface Kernel {
    /// Computes the result.
    ///
    /// @param in  storages of the operands; only read
    /// @param out storage of the result; every element is written
    void run(Object[] in, Object out);
}
