package kiln.math;

/// The counter-based generator Threefry-2x32 with 20 rounds, and JAX's streams of bits and keys built on it.
///
/// A key is one `long`, its two words `k₀ · 2³² + k₁`. Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, *Parallel random numbers: as
/// easy as 1, 2, 3* (2011).
public final class Threefry {
    private static final long LOW = 0xFFFFFFFFL;
    private static final int PARITY = 0x1BD11BDA;

    private Threefry() {}

    /// Which counter an element of a stream gets; the two give different numbers for the same key.
    public enum Layout {
        /// The element's own index, so that a part of an array can be drawn by itself: JAX since 0.5, the default.
        PARTITIONABLE,
        /// The elements' indices cut into two halves: JAX before 0.5.
        ORIGINAL
    }

    /// {@return the key of a seed, as JAX makes it: one that fits 32 bits is its low word alone}
    public static long key(long seed) {
        return seed == (int) seed || (seed & LOW) == seed ? seed & LOW : seed;
    }

    /// {@return the two output words for a key and a counter, both as one long}
    public static long block(long key, long counter) {
        int k0 = (int) (key >>> 32);
        int k1 = (int) key;
        int k2 = k0 ^ k1 ^ PARITY;
        int x0 = (int) (counter >>> 32) + k0;
        int x1 = (int) counter + k1;
        for (int group = 0; group < 5; group++) {
            boolean even = group % 2 == 0;
            x0 += x1;
            x1 = Integer.rotateLeft(x1, even ? 13 : 17) ^ x0;
            x0 += x1;
            x1 = Integer.rotateLeft(x1, even ? 15 : 29) ^ x0;
            x0 += x1;
            x1 = Integer.rotateLeft(x1, even ? 26 : 16) ^ x0;
            x0 += x1;
            x1 = Integer.rotateLeft(x1, even ? 6 : 24) ^ x0;
            x0 += pick(group + 1, k0, k1, k2);
            x1 += pick(group + 2, k0, k1, k2) + group + 1;
        }
        return ((long) x0 << 32) | (x1 & LOW);
    }

    private static int pick(int i, int k0, int k1, int k2) {
        return switch (i % 3) {
            case 0 -> k0;
            case 1 -> k1;
            default -> k2;
        };
    }

    /// {@return a key for a number, independent of those for other numbers}
    ///
    /// @param data taken as an unsigned 32-bit number
    public static long foldIn(long key, int data) {
        return block(key, data & LOW);
    }

    /// {@return `n` independent keys}
    public static long[] split(long key, Layout layout, int n) {
        long[] out = new long[n];
        if (layout == Layout.PARTITIONABLE) {
            for (int i = 0; i < n; i++) {
                out[i] = block(key, i);
            }
            return out;
        }
        int[] words = words(key, 2 * n);
        for (int i = 0; i < n; i++) {
            out[i] = ((long) words[2 * i] << 32) | (words[2 * i + 1] & LOW);
        }
        return out;
    }

    /// {@return `n` words of 32 random bits}
    public static int[] bits32(long key, Layout layout, int n) {
        if (layout == Layout.ORIGINAL) {
            return words(key, n);
        }
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            long b = block(key, i);
            out[i] = (int) (b >>> 32) ^ (int) b;
        }
        return out;
    }

    /// {@return `n` words of 64 random bits}
    public static long[] bits64(long key, Layout layout, int n) {
        long[] out = new long[n];
        if (layout == Layout.PARTITIONABLE) {
            for (int i = 0; i < n; i++) {
                out[i] = block(key, i);
            }
            return out;
        }
        int[] words = words(key, 2 * n);
        for (int i = 0; i < n; i++) {
            out[i] = ((long) words[i] << 32) | (words[n + i] & LOW);
        }
        return out;
    }

    /// {@return `n` words of 8 or 16 random bits}
    ///
    /// @param width 8 or 16
    public static int[] bitsNarrow(long key, Layout layout, int width, int n) {
        int mask = (1 << width) - 1;
        int[] out = new int[n];
        if (layout == Layout.PARTITIONABLE) {
            int[] words = bits32(key, layout, n);
            for (int i = 0; i < n; i++) {
                out[i] = words[i] & mask;
            }
            return out;
        }
        int per = 32 / width;
        int[] words = words(key, Math.ceilDiv(n, per));
        for (int i = 0; i < n; i++) {
            out[i] = words[i / per] >>> (i % per * width) & mask;
        }
        return out;
    }

    /// The stream of the original layout: the counters 0 … n − 1, one zero added if their number is odd, cut into two halves that
    /// are the two words of the blocks.
    private static int[] words(long key, int n) {
        int half = (n + 1) / 2;
        int[] out = new int[n];
        for (int i = 0; i < half; i++) {
            long second = half + i < n ? half + i : 0;
            long b = block(key, ((long) i << 32) | second);
            out[i] = (int) (b >>> 32);
            if (half + i < n) {
                out[half + i] = (int) b;
            }
        }
        return out;
    }
}
