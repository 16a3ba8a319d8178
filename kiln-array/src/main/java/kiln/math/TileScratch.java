package kiln.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Scratch of one thread for one tile: arrays of doubles and of longs, with bulk copies that reinterpret the bits.
///
/// A cast between long and double inside a loop keeps C2 from vectorising it; a copy of the whole tile from a `long[]`
/// segment to a `double[]` segment is a `memmove`.
final class TileScratch {
    /// Elements per tile: all arrays of a kernel stay in the first-level cache, and it is a multiple of every vector length.
    static final int LENGTH = 480;

    private static final int ROOM = Tiles.room(LENGTH);

    /// Flags that fit into a long as bits.
    private static final int WORD = 64;

    /// Turns eight bytes of 0 or 1, the first one lowest, into eight bits above the 56 lowest, the first one lowest.
    private static final long BITS_OF_BYTES = 0x0102040810204080L;

    private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    private static final ThreadLocal<TileScratch> OF_THREAD = ThreadLocal.withInitial(TileScratch::new);

    final double[] in = new double[ROOM];
    final double[] in2 = new double[ROOM];
    final double[] out = new double[ROOM];
    final double[] out2 = new double[ROOM];
    final double[] a = new double[ROOM];
    final double[] b = new double[ROOM];
    final double[] c = new double[ROOM];
    final double[] d = new double[ROOM];
    final double[] e = new double[ROOM];
    final double[] g = new double[ROOM];
    final double[] h = new double[ROOM];
    final double[] w = new double[ROOM];
    final long[] k = new long[ROOM];
    final long[] l = new long[ROOM];

    /// What was put aside: the elements outside the range of a tile's loops, and where they belong.
    final double[] asideValue = new double[ROOM];

    final int[] asideIndex = new int[LENGTH];

    /// The places of those elements of a tile that take another formula.
    final int[] index = new int[LENGTH];

    /// 1 for an element of which something is true, else 0; filled up to whole words.
    private final byte[] flags = new byte[WORD * Math.ceilDiv(LENGTH, WORD)];

    private final long[] flagWords = new long[flags.length / Long.BYTES];

    private final MemorySegment kSegment = MemorySegment.ofArray(k);
    private final MemorySegment lSegment = MemorySegment.ofArray(l);
    private final MemorySegment flagSegment = MemorySegment.ofArray(flags);
    private final MemorySegment flagWordSegment = MemorySegment.ofArray(flagWords);

    static TileScratch ofThread() {
        return OF_THREAD.get();
    }

    /// Bits of `x` into `k`.
    void bitsToK(double[] x, int n) {
        MemorySegment.copy(x, 0, kSegment, ValueLayout.JAVA_DOUBLE, 0, n);
    }

    /// Bits of `x` into `l`.
    void bitsToL(double[] x, int n) {
        MemorySegment.copy(x, 0, lSegment, ValueLayout.JAVA_DOUBLE, 0, n);
    }

    /// `k` as bits of doubles into `x`.
    void bitsFromK(double[] x, int n) {
        MemorySegment.copy(kSegment, ValueLayout.JAVA_DOUBLE, 0, x, 0, n);
    }

    /// `l` as bits of doubles into `x`.
    void bitsFromL(double[] x, int n) {
        MemorySegment.copy(lSegment, ValueLayout.JAVA_DOUBLE, 0, x, 0, n);
    }

    /// The places in `index` of the first `n` elements of `k`, bits of positive numbers, that are below a bound; returns how many they are.
    ///
    /// The comparisons are a vector loop. What is left is a search for a few bits: to store every place and advance only behind those that
    /// count took as long as the logarithm of all elements.
    int placesBelow(long bound, int n) {
        flagBelow(k, flags, n, bound);
        int words = Math.ceilDiv(n, WORD);
        Arrays.fill(flags, n, words * WORD, (byte) 0);
        MemorySegment.copy(flagSegment, 0, flagWordSegment, 0, (long) words * WORD);
        int count = 0;
        for (int w = 0; w < words; w++) {
            long bits = flagBits(w);
            while (bits != 0) {
                index[count++] = w * WORD + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
            }
        }
        return count;
    }

    private static void flagBelow(long[] k, byte[] flags, int n, long bound) {
        for (int i = 0; i < n; i++) {
            flags[i] = (byte) ((k[i] - bound) >>> 63);
        }
    }

    private long flagBits(int word) {
        long bits = 0;
        for (int j = 0; j < Long.BYTES; j++) {
            long eight = flagWords[word * Long.BYTES + j];
            bits |= ((BIG_ENDIAN ? Long.reverseBytes(eight) : eight) * BITS_OF_BYTES) >>> 56 << (8 * j);
        }
        return bits;
    }
}
