package kiln.math;

/// Many words of [Xoshiro] at once: up to 64 generators side by side, in loops that C2 vectorises.
///
/// ```
/// word i = step i / m of generator i mod m,   m = min(64, words that are needed)
/// ```
///
/// Each generator starts at 256 bits of [Threefry] of its own, whatever the key is: nearby seeds, split keys and folded keys give unrelated
/// words, and that two generators meet within 2⁴⁰ steps has a probability of about 2⁻²¹⁵.
final class XoshiroTiles {
    private static final int LANES = 64;
    private static final int STEPS = 8;

    /// The number of the generator that serves rejected proposals; it has no part in the words.
    private static final int SPARE = LANES;

    /// First word of the counters that make seeds; splitting and folding count with 0 there.
    private static final int SEEDS = 0x5EED0000;

    private final long[] s0;
    private final long[] s1;
    private final long[] s2;
    private final long[] s3;
    private final int lanes;

    /// The words of the tile.
    final long[] words;

    /// @param key packed key
    /// @param n   number of words that are needed at least
    XoshiroTiles(long key, int n) {
        lanes = Math.clamp(n, 1, LANES);
        s0 = seeds(key, 0);
        s1 = seeds(key, 1);
        s2 = seeds(key, 2);
        s3 = seeds(key, 3);
        words = new long[lanes * Math.clamp((n + lanes - 1) / lanes, 1, STEPS)];
    }

    private long[] seeds(long key, int word) {
        long[] seeds = new long[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            seeds[lane] = seed(key, word, lane);
        }
        return seeds;
    }

    private static long seed(long key, int word, int lane) {
        return Threefry.block(key, SEEDS + word, lane);
    }

    /// {@return the generator of a key that serves rejected proposals}
    static Xoshiro spare(long key) {
        return new Xoshiro(seed(key, 0, SPARE), seed(key, 1, SPARE), seed(key, 2, SPARE), seed(key, 3, SPARE));
    }

    /// Makes the next tile of words.
    void next() {
        for (int from = 0; from < words.length; from += lanes) {
            step(s0, s1, s2, s3, words, from, lanes);
        }
    }

    private static void step(long[] s0, long[] s1, long[] s2, long[] s3, long[] words, int from, int n) {
        for (int i = 0; i < n; i++) {
            long a = s0[i];
            long b = s1[i];
            long c = s2[i] ^ a;
            long d = s3[i];
            long sum = a + d;
            words[from + i] = ((sum << 23) | (sum >>> 41)) + a;
            d ^= b;
            s0[i] = a ^ d;
            s1[i] = b ^ c;
            s2[i] = c ^ (b << 17);
            s3[i] = (d << 45) | (d >>> 19);
        }
    }
}
