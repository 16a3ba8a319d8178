package kiln.compile;

/// What a generated class does: one run over the objects of one thread, see [Memory].
public interface Code {
    /// Computes all results; of code whose caller's arrays are in the memory.
    ///
    /// @param memory the caller's arrays, then constants, intermediate arrays and kernels
    default void run(Object[] memory) {
        throw new IllegalStateException("this code takes its caller's arrays as arguments");
    }

    /// Computes all results; of code whose caller has three arrays of doubles.
    ///
    /// @param memory three places for those arrays, then constants, intermediate arrays and kernels
    default void run(Object[] memory, double[] first, double[] second, double[] third) {
        throw new IllegalStateException("this code takes its caller's arrays from the memory");
    }

    /// Works on one block of a loop that is cut into some; [#run] has it done where it is due.
    ///
    /// @param stage  number of the loop
    /// @param block  number of the block
    /// @param memory the objects of the thread that does it
    default void block(int stage, int block, Object[] memory) {
        throw new IllegalStateException("no loop of this code is cut into blocks");
    }
}
