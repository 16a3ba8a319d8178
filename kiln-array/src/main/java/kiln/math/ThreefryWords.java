package kiln.math;

/// 64-bit words that JAX makes of a key: each from a block of [Threefry] at a counter of its own.
final class ThreefryWords implements WordTiles {
    private final long key;
    private final boolean isOriginal;
    private final int n;
    private final int[] x0;
    private final int[] x1;
    private final long[] words;
    private int from;

    /// @param key        packed key
    /// @param isOriginal whether the counters are those of the original layout
    /// @param n          number of words in all, which the original layout depends on
    ThreefryWords(long key, boolean isOriginal, int n) {
        this.key = key;
        this.isOriginal = isOriginal;
        this.n = n;
        x0 = new int[Math.min(n, ThreefryTiles.LENGTH)];
        x1 = new int[x0.length];
        words = new long[x0.length];
    }

    @Override
    public int length() {
        return words.length;
    }

    @Override
    public long[] next() {
        int m = Math.min(words.length, n - from);
        if (isOriginal) {
            // 2n words, of which word i and word n + i come from the same block.
            ThreefryTiles.count(x0, from, m);
            ThreefryTiles.count(x1, from + n, m);
        } else {
            ThreefryTiles.fill(x0, 0, m);
            ThreefryTiles.count(x1, from, m);
        }
        ThreefryTiles.blocks(key, x0, x1, m);
        ThreefryTiles.pack(x0, x1, words, m);
        from += m;
        return words;
    }
}
