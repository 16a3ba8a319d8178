package kiln.op;

/// The part that a structured operation takes in a loop over the elements of an array, one tile of 480 after the other.
///
/// Operands that are known when the graph is compiled have been brought into the shape that the loop needs. One instance serves
/// one thread.
public sealed interface Stream {
    /// Begins a loop, or a block of one.
    ///
    /// @param operands storages of the operands that were not known and are needed whole; null elsewhere
    void start(Object[] operands);

    /// Makes the elements of its result.
    non-sealed interface Source extends Stream {
        /// Makes a tile.
        ///
        /// @param t number of the tile
        /// @param y receives the elements
        /// @param n their number
        void make(int t, double[] y, int n);
    }

    /// Takes up the elements of one operand and has a result when the loop or the block is over.
    non-sealed interface Sink extends Stream {
        /// Takes up a tile; tiles come one after the other.
        ///
        /// @param t number of the tile
        /// @param x the elements
        /// @param n their number
        void take(int t, double[] x, int n);

        /// Stores the result.
        ///
        /// @param y receives it
        void finish(double[] y);
    }
}
