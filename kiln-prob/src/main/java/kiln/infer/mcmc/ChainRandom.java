package kiln.infer.mcmc;

import kiln.math.RandomWords;
import kiln.math.Ziggurat;

/// The random numbers of one chain: generator L64X128MixRandom with visible, copyable state, and the draws a sampler makes of it.
///
/// ```
/// output  lea64(s + x₀)
/// s       ← 0xd1342543de82ef95 · s + a                        64-bit linear congruential part, a odd
/// x₀, x₁  ← xoroshiro128 (rotations 24, 16, 37)                period 2⁶⁴ (2¹²⁸ − 1)
/// uniform u = (k + ½) 2⁻⁵²,  k the upper 52 bits               in (0, 1): never 0, never 1, symmetric about ½
/// normal  McFarland's ziggurat of 1024 parts                   [kiln.math.Ziggurat], one output for 997 of 1000 numbers
/// ```
///
/// The same numbers as `RandomGeneratorFactory.of("L64X128MixRandom").create(seed)`, which a test holds; own code because the
/// generator of the JDK shows no state, and a chain must be resumable. Normals are made in plain arithmetic, not by `nextGaussian`, which
/// calls `Math` functions whose last bit differs between machines; and by a ziggurat, because inversion took ten times as long, a seventh of
/// what NUTS does around the gradients of a small model.
///
/// Source: Steele and Vigna, *LXM: better splittable pseudorandom number generators (and almost as fast)* (2021), fig. 1 and table 3.
public final class ChainRandom {
    private static final long MULTIPLIER = 0xd1342543de82ef95L;
    private static final long SILVER_RATIO = 0x6A09E667F3BCC909L;
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    /// This generator, for what makes numbers of any generator's words.
    private final RandomWords words = this::nextLong;

    private final long increment;
    private long lcg;
    private long x0;
    private long x1;

    /// @param seed any value; nearby seeds give unrelated streams
    public ChainRandom(long seed) {
        long mixed = seed ^ SILVER_RATIO;
        increment = murmur(mixed) | 1;
        lcg = 1;
        x0 = stafford(mixed);
        x1 = stafford(mixed + GOLDEN_RATIO);
        // Both zero would be a fixed point of the xoroshiro part; the mixer is a bijection, so it cannot happen for two arguments.
    }

    private ChainRandom(long increment, long lcg, long x0, long x1) {
        this.increment = increment;
        this.lcg = lcg;
        this.x0 = x0;
        this.x1 = x1;
    }

    /// The generator whose state was told by [#words].
    ///
    /// @param words four words
    /// @return a generator that continues with the same numbers
    public static ChainRandom ofWords(long[] words) {
        return new ChainRandom(words[0], words[1], words[2], words[3]);
    }

    /// {@return the whole state, four words}
    public long[] words() {
        return new long[] {increment, lcg, x0, x1};
    }

    /// {@return the next 64 random bits}
    public long nextLong() {
        long bits = lea(lcg + x0);
        lcg = MULTIPLIER * lcg + increment;
        long mixed = x1 ^ x0;
        x0 = Long.rotateLeft(x0, 24) ^ mixed ^ (mixed << 16);
        x1 = Long.rotateLeft(mixed, 37);
        return bits;
    }

    /// {@return a uniform number in (0, 1), an odd multiple of 2⁻⁵³}
    public double uniform() {
        return RandomWords.uniform(nextLong());
    }

    /// {@return a standard normal number}
    public double normal() {
        return Ziggurat.draw(words);
    }

    private static long lea(long z) {
        long a = (z ^ (z >>> 32)) * 0xdaba0b6eb09322e3L;
        long b = (a ^ (a >>> 32)) * 0xdaba0b6eb09322e3L;
        return b ^ (b >>> 32);
    }

    private static long murmur(long z) {
        long a = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        long b = (a ^ (a >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return b ^ (b >>> 33);
    }

    private static long stafford(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
