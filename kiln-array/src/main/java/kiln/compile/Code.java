package kiln.compile;

/// What a generated class does: one run over the objects of one thread, see [Memory].
public interface Code {
    /// Computes all results.
    ///
    /// @param memory the caller's arrays, then constants, intermediate arrays and kernels
    void run(Object[] memory);
}
