package kiln.math;

/// Many words of [Xoshiro] at once: up to 256 generators side by side, in loops that C2 vectorises.
///
/// ```
/// word i = step i / m of generator i mod m,   m = min(256, words that are needed)
/// ```
///
/// The generators go two steps at a time: their states are then read and written half as often, which took more time than the steps.
///
/// Each generator starts at 256 bits of [Threefry] of its own, whatever the key is: nearby seeds, split keys and folded keys give unrelated
/// words, and that two generators meet within 2⁴⁰ steps has a probability of about 2⁻²¹⁵.
final class XoshiroTiles implements WordTiles {
    private static final int LANES = 256;

    /// The number of the generator that serves rejected proposals; it has no part in the words.
    private static final int SPARE = LANES;

    /// First word of the counters that make seeds; splitting and folding count with 0 there.
    private static final int SEEDS = 0x5EED0000;

    private final long[] s0;
    private final long[] s1;
    private final long[] s2;
    private final long[] s3;
    private final long[] odd;
    private final long[] even;
    private final int lanes;
    private boolean isEvenNext;

    /// @param key packed key
    /// @param n   number of words that are needed at least
    XoshiroTiles(long key, int n) {
        lanes = Math.clamp(n, 1, LANES);
        s0 = seeds(key, 0);
        s1 = seeds(key, 1);
        s2 = seeds(key, 2);
        s3 = seeds(key, 3);
        odd = new long[lanes];
        even = new long[lanes];
    }

    @Override
    public int length() {
        return lanes;
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

    /// {@return the next tile of words, one step of each generator; good until the call after the next}
    @Override
    public long[] next() {
        isEvenNext = !isEvenNext;
        if (isEvenNext) {
            twoSteps(s0, s1, s2, s3, odd, even, lanes);
            return odd;
        }
        return even;
    }

    // The words lie at the same places as the states: at others C2 would have to fear that they overlap, and would not vectorise.
    private static void twoSteps(long[] s0, long[] s1, long[] s2, long[] s3, long[] odd, long[] even, int n) {
        for (int i = 0; i < n; i++) {
            long a = s0[i];
            long b = s1[i];
            long d = s3[i];
            long sum = a + d;
            odd[i] = ((sum << 23) | (sum >>> 41)) + a;
            long c = s2[i] ^ a;
            d ^= b;
            long a2 = a ^ d;
            long b2 = b ^ c;
            long c2 = c ^ (b << 17) ^ a2;
            long d2 = (d << 45) | (d >>> 19);
            long sum2 = a2 + d2;
            even[i] = ((sum2 << 23) | (sum2 >>> 41)) + a2;
            d2 ^= b2;
            s0[i] = a2 ^ d2;
            s1[i] = b2 ^ c2;
            s2[i] = c2 ^ (b2 << 17);
            s3[i] = (d2 << 45) | (d2 >>> 19);
        }
    }
}
