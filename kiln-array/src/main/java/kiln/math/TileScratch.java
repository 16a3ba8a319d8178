package kiln.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Scratch of one thread for one tile: arrays of doubles and of longs, with bulk copies that reinterpret the bits.
///
/// A cast between long and double inside a loop keeps C2 from vectorising it; a copy of the whole tile from a `long[]`
/// segment to a `double[]` segment is a `memmove`.
final class TileScratch {
    /// Elements per tile: all arrays of a kernel stay in the first-level cache, and it is a multiple of every vector length.
    static final int LENGTH = 480;

    private static final ThreadLocal<TileScratch> OF_THREAD = ThreadLocal.withInitial(TileScratch::new);

    final double[] in = new double[LENGTH];
    final double[] in2 = new double[LENGTH];
    final double[] out = new double[LENGTH];
    final double[] out2 = new double[LENGTH];
    final double[] a = new double[LENGTH];
    final double[] b = new double[LENGTH];
    final double[] c = new double[LENGTH];
    final double[] d = new double[LENGTH];
    final double[] e = new double[LENGTH];
    final double[] g = new double[LENGTH];
    final double[] h = new double[LENGTH];
    final double[] w = new double[LENGTH];
    final long[] k = new long[LENGTH];
    final long[] l = new long[LENGTH];

    /// What was put aside: the elements outside the range of a tile's loops, and where they belong.
    final double[] asideValue = new double[LENGTH];

    final int[] asideIndex = new int[LENGTH];

    /// The places of those elements of a tile that take another formula.
    final int[] index = new int[LENGTH];

    private final MemorySegment kSegment = MemorySegment.ofArray(k);
    private final MemorySegment lSegment = MemorySegment.ofArray(l);

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
}
