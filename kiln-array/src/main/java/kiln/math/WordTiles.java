package kiln.math;

import kiln.math.Threefry.Layout;

/// The random 64-bit words of a key, a tile at a time.
sealed interface WordTiles permits ThreefryWords, XoshiroTiles {
    /// {@return the words of [Threefry#bits64], from the first on}
    ///
    /// @param key packed key
    /// @param n   how many are needed; tiles are no longer
    static WordTiles of(long key, Layout layout, int n) {
        return layout == Layout.SEQUENTIAL ? new XoshiroTiles(key, n) : new ThreefryWords(key, layout == Layout.ORIGINAL, n);
    }

    /// {@return the number of words of a tile}
    int length();

    /// {@return the next tile of words; good until the next call}
    long[] next();
}
