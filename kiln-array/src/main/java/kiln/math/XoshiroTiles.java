package kiln.math;

/// Many words of [Xoshiro] at once: up to 256 generators side by side, in loops that C2 vectorises.
///
/// ```
/// word i = step i / m of generator i mod m,   m = min(256, words that are needed)
/// ```
///
/// Each generator starts at 256 bits of [Threefry] of its own, whatever the key is: nearby seeds, split keys and folded keys give unrelated
/// words, and that two generators meet within 2⁴⁰ steps has a probability of about 2⁻²¹⁵.
final class XoshiroTiles {
    private static final int LANES = 256;

    /// The number of the generator that serves rejected proposals; it has no part in the words.
    private static final int SPARE = LANES;

    /// First word of the counters that make seeds; splitting and folding count with 0 there.
    private static final int SEEDS = 0x5EED0000;

    private final long[] s0;
    private final long[] s1;
    private final long[] s2;
    private final long[] s3;
    private final int lanes;

    /// The words of the tile, one step of each generator.
    final long[] words;

    /// @param key packed key
    /// @param n   number of words that are needed at least
    XoshiroTiles(long key, int n) {
        lanes = Math.clamp(n, 1, LANES);
        s0 = seeds(key, 0);
        s1 = seeds(key, 1);
        s2 = seeds(key, 2);
        s3 = seeds(key, 3);
        words = new long[lanes];
    }

    private long[] seeds(long key, int word) {
        int[] first = new int[lanes];
        int[] second = new int[lanes];
        ThreefryTiles.fill(first, SEEDS + word, lanes);
        ThreefryTiles.count(second, 0, lanes);
        ThreefryTiles.blocks(key, first, second, lanes);
        long[] seeds = new long[lanes];
        ThreefryTiles.pack(first, second, seeds, lanes);
        return seeds;
    }

    /// {@return the generator of a key that serves rejected proposals}
    static Xoshiro spare(long key) {
        return new Xoshiro(
                Threefry.block(key, SEEDS, SPARE),
                Threefry.block(key, SEEDS + 1, SPARE),
                Threefry.block(key, SEEDS + 2, SPARE),
                Threefry.block(key, SEEDS + 3, SPARE));
    }

    /// Makes the next tile of words.
    void next() {
        step(s0, s1, s2, s3, words, lanes);
    }

    // The words lie at the same places as the states: at others C2 would have to fear that they overlap, and would not vectorise.
    private static void step(long[] s0, long[] s1, long[] s2, long[] s3, long[] words, int n) {
        for (int i = 0; i < n; i++) {
            long a = s0[i];
            long b = s1[i];
            long c = s2[i] ^ a;
            long d = s3[i];
            long sum = a + d;
            words[i] = ((sum << 23) | (sum >>> 41)) + a;
            d ^= b;
            s0[i] = a ^ d;
            s1[i] = b ^ c;
            s2[i] = c ^ (b << 17);
            s3[i] = (d << 45) | (d >>> 19);
        }
    }
}
