package kiln.math;

/// The block function of [Threefry] on whole tiles of counters, in loops that C2 vectorises: four rounds a loop, because a longer body is not.
final class ThreefryTiles {
    static final int LENGTH = TileScratch.LENGTH;

    private ThreefryTiles() {}

    /// Applies the block function to the counters `(x0[i], x1[i])` in place.
    ///
    /// @param key packed key
    /// @param n   number of counters, at most [#LENGTH]
    static void blocks(long key, int[] x0, int[] x1, int n) {
        int k0 = (int) (key >>> 32);
        int k1 = (int) key;
        int k2 = k0 ^ k1 ^ Threefry.PARITY;
        add(x0, k0, n);
        add(x1, k1, n);
        odd(x0, x1, n, k1, k2 + 1);
        even(x0, x1, n, k2, k0 + 2);
        odd(x0, x1, n, k0, k1 + 3);
        even(x0, x1, n, k1, k2 + 4);
        odd(x0, x1, n, k2, k0 + 5);
    }

    private static void add(int[] x, int key, int n) {
        for (int i = 0; i < n; i++) {
            x[i] += key;
        }
    }

    private static void odd(int[] x0, int[] x1, int n, int key0, int key1) {
        for (int i = 0; i < n; i++) {
            int b = x1[i];
            int a = x0[i] + b;
            b = ((b << 13) | (b >>> 19)) ^ a;
            a += b;
            b = ((b << 15) | (b >>> 17)) ^ a;
            a += b;
            b = ((b << 26) | (b >>> 6)) ^ a;
            a += b;
            b = ((b << 6) | (b >>> 26)) ^ a;
            x0[i] = a + key0;
            x1[i] = b + key1;
        }
    }

    private static void even(int[] x0, int[] x1, int n, int key0, int key1) {
        for (int i = 0; i < n; i++) {
            int b = x1[i];
            int a = x0[i] + b;
            b = ((b << 17) | (b >>> 15)) ^ a;
            a += b;
            b = ((b << 29) | (b >>> 3)) ^ a;
            a += b;
            b = ((b << 16) | (b >>> 16)) ^ a;
            a += b;
            b = ((b << 24) | (b >>> 8)) ^ a;
            x0[i] = a + key0;
            x1[i] = b + key1;
        }
    }

    /// Fills a tile with a number.
    static void fill(int[] x, int value, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = value;
        }
    }

    /// Fills a tile with `first, first + 1, …`.
    static void count(int[] x, int first, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = first + i;
        }
    }

    /// Joins two words to one of 64 bits.
    static void pack(int[] high, int[] low, long[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = ((long) high[i] << 32) | (low[i] & 0xFFFFFFFFL);
        }
    }

    /// The exclusive or of two words.
    static void xor(int[] x0, int[] x1, int[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = x0[i] ^ x1[i];
        }
    }
}
