package kiln.math;

/// The Threefry-2x32 generator with 20 rounds, and JAX's keys and random bits built on it.
///
/// A key is one long, `k0 << 32 | k1`. The generator is a function of key and counter and has no state: `split` makes independent keys,
/// `foldIn` mixes in a number. The samplers are in [Samplers]. All values equal those of `jax.random` bit for bit, in both of
/// its layouts; a third [Layout] trades that for speed.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as 1, 2, 3* (2011), and its
/// Random123 known answers.
public final class Threefry {
    private Threefry() {}

    /// How a key makes an array of words. All layouts split and fold keys by the block function.
    public enum Layout {
        /// Draw `i` depends on the counter `i` alone; JAX's default from version 0.5 on.
        PARTITIONABLE,
        /// The counters are cut into two halves, which form the two words of a block; JAX's default before 0.5.
        ORIGINAL,
        /// The words come one after another from generators that the block function seeds, see [XoshiroTiles]: several times faster, and not
        /// the words of JAX.
        SEQUENTIAL
    }

    static final int PARITY = 0x1BD11BDA;

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
        if (layout != Layout.ORIGINAL) {
            return bits64(key, Layout.PARTITIONABLE, n);
        }
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = pack(originalWord(key, 2 * i, 2 * n), originalWord(key, 2 * i + 1, 2 * n));
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
        return layout == Layout.ORIGINAL
                ? pack(originalWord(key, 2 * i, 2 * n), originalWord(key, 2 * i + 1, 2 * n))
                : block(key, 0, i);
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
        if (layout == Layout.SEQUENTIAL) {
            return SequentialDraws.bits32(key, n);
        }
        int[] bits = new int[n];
        int[] x0 = new int[Math.min(n, ThreefryTiles.LENGTH)];
        int[] x1 = x0.clone();
        for (int from = 0; from < n; from += ThreefryTiles.LENGTH) {
            int m = Math.min(ThreefryTiles.LENGTH, n - from);
            ThreefryTiles.fill(x0, 0, m);
            ThreefryTiles.count(x1, from, m);
            ThreefryTiles.blocks(key, x0, x1, m);
            ThreefryTiles.xor(x0, x1, x0, m);
            System.arraycopy(x0, 0, bits, from, m);
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
        WordTiles words = WordTiles.of(key, layout, n);
        for (int from = 0; from < n; from += words.length()) {
            System.arraycopy(words.next(), 0, bits, from, Math.min(words.length(), n - from));
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
        return layout == Layout.ORIGINAL
                ? originalWords(key, (int) (((long) n + perWord - 1) / perWord))
                : bits32(key, layout, n);
    }

    /// The original layout takes several values from a word, low bits first; the other one the low bits of each word.
    private static int narrow(int[] words, Layout layout, int i, int perWord, int width) {
        return layout == Layout.ORIGINAL ? words[i / perWord] >>> (i % perWord * width) : words[i];
    }
}
