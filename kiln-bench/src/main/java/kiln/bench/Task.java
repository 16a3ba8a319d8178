package kiln.bench;

/// Work that is timed in batches.
interface Task {
    /// Does it `n` times.
    ///
    /// @return how many operations that were, where one time may be several
    long run(int n);
}
