package kiln.math;

/// The Threefry-2x32 generator with 20 rounds, and JAX's keys and random bits built on it.
///
/// A key is one long, `k0 << 32 | k1`. The generator is a function of key and counter and has no state: `split` makes independent keys,
/// `foldIn` mixes in a number. The samplers are in [Samplers]. All values equal those of `jax.random` bit for bit, in both of
/// its [Layout]s.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as 1, 2, 3* (2011), and its
/// Random123 known answers.
public final class Threefry {
    private Threefry() {}

    /// How the counters of an array of draws are laid out.
    public enum Layout {
        /// Draw `i` depends on the counter `i` alone; JAX's default from version 0.5 on.
        PARTITIONABLE,
        /// The counters are cut into two halves, which form the two words of a block; JAX's default before 0.5.
        ORIGINAL
    }

    private static final int PARITY = 0x1BD11BDA;

    /// How many blocks are made at once.
    private static final int TILE = 512;

    /// The block function: 20 rounds on the counter `(x0, x1)`.
    ///
    /// @param key packed key
    /// @param x0 first word of the counter
    /// @param x1 second word of the counter
    /// @return the two output words, packed like a key
    public static long block(long key, int x0, int x1) {
        int k0 = (int) (key >>> 32);
        int k1 = (int) key;
        int k2 = k0 ^ k1 ^ PARITY;
        x0 += k0;
        x1 += k1;
        for (int group = 1; group <= 5; group++) {
            if ((group & 1) == 1) {
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 13) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 15) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 26) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 6) ^ x0;
            } else {
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 17) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 29) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 16) ^ x0;
                x0 += x1;
                x1 = Integer.rotateLeft(x1, 24) ^ x0;
            }
            x0 += k1;
            x1 += k2 + group;
            int first = k0;
            k0 = k1;
            k1 = k2;
            k2 = first;
        }
        return pack(x0, x1);
    }

    /// The blocks of the counters `(0, from) … (0, from + n − 1)`: [#block] written out for a loop that HotSpot runs in vector registers, several
    /// counters at once.
    ///
    /// @param high gets the first words
    /// @param low  gets the second words
    private static void blocks(long key, int from, int n, int[] high, int[] low) {
        int k0 = (int) (key >>> 32);
        int k1 = (int) key;
        int k2 = k0 ^ k1 ^ PARITY;
        for (int i = 0; i < n; i++) {
            int a = k0;
            int b = k1 + from + i;
            a += b;
            b = Integer.rotateLeft(b, 13) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 15) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 26) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 6) ^ a;
            a += k1;
            b += k2 + 1;
            a += b;
            b = Integer.rotateLeft(b, 17) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 29) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 16) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 24) ^ a;
            a += k2;
            b += k0 + 2;
            a += b;
            b = Integer.rotateLeft(b, 13) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 15) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 26) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 6) ^ a;
            a += k0;
            b += k1 + 3;
            a += b;
            b = Integer.rotateLeft(b, 17) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 29) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 16) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 24) ^ a;
            a += k1;
            b += k2 + 4;
            a += b;
            b = Integer.rotateLeft(b, 13) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 15) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 26) ^ a;
            a += b;
            b = Integer.rotateLeft(b, 6) ^ a;
            a += k2;
            b += k0 + 5;
            high[i] = a;
            low[i] = b;
        }
    }

    /// The blocks of the counters 0, 1, …, as packed words.
    private static void partitionable(long key, long[] words) {
        int[] high = new int[Math.min(words.length, TILE)];
        int[] low = new int[high.length];
        for (int from = 0; from < words.length; from += TILE) {
            int count = Math.min(TILE, words.length - from);
            blocks(key, from, count, high, low);
            for (int i = 0; i < count; i++) {
                words[from + i] = pack(high[i], low[i]);
            }
        }
    }

    private static long pack(int high, int low) {
        return ((long) high << 32) | (low & 0xFFFFFFFFL);
    }

    /// The key of a seed.
    ///
    /// For `|seed| < 2³²` it is the key that JAX makes by default, the low 32 bits; beyond, where JAX without its 64-bit mode
    /// would drop the high bits, it is the key of JAX with 64-bit mode, all 64 bits.
    ///
    /// @param seed any value
    /// @return the packed key
    public static long key(long seed) {
        return key(seed, seed <= -(1L << 32) || seed >= 1L << 32);
    }

    /// The key of a seed under a given mode of JAX.
    ///
    /// @param seed any value
    /// @param is64Bit whether JAX runs in 64-bit mode (`jax_enable_x64`), and all bits of the seed count
    /// @return the packed key
    public static long key(long seed, boolean is64Bit) {
        return is64Bit ? seed : seed & 0xFFFFFFFFL;
    }

    /// Makes independent keys.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of keys, ≥ 0
    /// @return `n` packed keys
    public static long[] split(long key, Layout layout, int n) {
        long[] keys = new long[n];
        if (layout == Layout.PARTITIONABLE) {
            partitionable(key, keys);
        } else {
            for (int i = 0; i < n; i++) {
                keys[i] = pack(originalWord(key, 2 * i, 2 * n), originalWord(key, 2 * i + 1, 2 * n));
            }
        }
        return keys;
    }

    /// Key number `i` of [#split(long, Layout, int)] into `n`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of keys of the split
    /// @param i which of them, `0 ≤ i < n`
    /// @return the packed key
    public static long split(long key, Layout layout, int n, int i) {
        return layout == Layout.PARTITIONABLE
                ? block(key, 0, i)
                : pack(originalWord(key, 2 * i, 2 * n), originalWord(key, 2 * i + 1, 2 * n));
    }

    /// A key that depends on `key` and on a number, for example an iteration.
    ///
    /// @param key packed key
    /// @param data any 32 bits
    /// @return the packed key
    public static long foldIn(long key, int data) {
        return block(key, 0, data);
    }

    /// Word `i` of `n` in the original layout: counters `0 … n − 1`, padded by a 0 to an even number, are cut into halves; the
    /// blocks of (first half, second half) give the first and the second half of the words.
    private static int originalWord(long key, int i, int n) {
        int half = (n + 1) >>> 1;
        int j = i < half ? i : i - half;
        int second = j + half < n ? j + half : 0;
        long block = block(key, j, second);
        return i < half ? (int) (block >>> 32) : (int) block;
    }

    /// All `n` words of the original layout.
    private static int[] originalWords(long key, int n) {
        int[] words = new int[n];
        int half = (n + 1) >>> 1;
        for (int j = 0; j < half; j++) {
            boolean isPair = j + half < n;
            long block = block(key, j, isPair ? j + half : 0);
            words[j] = (int) (block >>> 32);
            if (isPair) {
                words[j + half] = (int) block;
            }
        }
        return words;
    }

    /// Random 32-bit words.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of words, ≥ 0
    /// @return `n` words
    public static int[] bits32(long key, Layout layout, int n) {
        if (layout == Layout.ORIGINAL) {
            return originalWords(key, n);
        }
        int[] bits = new int[n];
        int[] high = new int[Math.min(n, TILE)];
        int[] low = new int[high.length];
        for (int from = 0; from < n; from += TILE) {
            int count = Math.min(TILE, n - from);
            blocks(key, from, count, high, low);
            for (int i = 0; i < count; i++) {
                bits[from + i] = high[i] ^ low[i];
            }
        }
        return bits;
    }

    /// Random 64-bit words.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of words, ≥ 0
    /// @return `n` words
    public static long[] bits64(long key, Layout layout, int n) {
        long[] bits = new long[n];
        if (layout == Layout.PARTITIONABLE) {
            partitionable(key, bits);
        } else {
            // 2n words, of which word i and word n + i come from the same block.
            for (int i = 0; i < n; i++) {
                bits[i] = block(key, i, i + n);
            }
        }
        return bits;
    }

    /// Random bytes.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of bytes, ≥ 0
    /// @return `n` bytes
    public static byte[] bits8(long key, Layout layout, int n) {
        byte[] bits = new byte[n];
        int[] words = narrowWords(key, layout, n, 4);
        for (int i = 0; i < n; i++) {
            bits[i] = (byte) narrow(words, layout, i, 4, 8);
        }
        return bits;
    }

    /// Random 16-bit words.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of words, ≥ 0
    /// @return `n` words
    public static short[] bits16(long key, Layout layout, int n) {
        short[] bits = new short[n];
        int[] words = narrowWords(key, layout, n, 2);
        for (int i = 0; i < n; i++) {
            bits[i] = (short) narrow(words, layout, i, 2, 16);
        }
        return bits;
    }

    private static int[] narrowWords(long key, Layout layout, int n, int perWord) {
        return layout == Layout.PARTITIONABLE
                ? bits32(key, layout, n)
                : originalWords(key, (int) (((long) n + perWord - 1) / perWord));
    }

    /// The original layout takes several values from a word, low bits first; the other one the low bits of each word.
    private static int narrow(int[] words, Layout layout, int i, int perWord, int width) {
        return layout == Layout.PARTITIONABLE ? words[i] : words[i / perWord] >>> (i % perWord * width);
    }
}
