package kiln.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import kiln.math.Threefry.Layout;

/// Uniform float64 numbers of a key on a multiple of 2⁻⁵² of an interval, a tile at a time.
final class UniformTiles {
    private final WordTiles words;
    private final double min;
    private final double width;
    private final long[] bits;
    private final MemorySegment segment;
    private final double[] tile;

    /// @param key packed key
    /// @param n   how many are needed
    /// @param min lower end, included
    /// @param max upper end, excluded up to rounding
    UniformTiles(long key, Layout layout, int n, double min, double max) {
        words = WordTiles.of(key, layout, n);
        this.min = min;
        width = max - min;
        bits = new long[words.length()];
        segment = MemorySegment.ofArray(bits);
        tile = new double[bits.length];
    }

    /// {@return the number of numbers of a tile}
    int length() {
        return tile.length;
    }

    /// {@return the next tile, which is the caller's until the next call}
    ///
    /// @param n how many of it are needed
    double[] next(int n) {
        fractions(words.next(), bits, n);
        MemorySegment.copy(segment, ValueLayout.JAVA_DOUBLE, 0, tile, 0, n);
        stretch(tile, min, width, n);
        return tile;
    }

    /// The bits of numbers in `[1, 2)`.
    private static void fractions(long[] words, long[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (words[i] >>> 12) | Kernels.ONE_BITS;
        }
    }

    private static void stretch(double[] x, double min, double width, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.max(min, (x[i] - 1) * width + min);
        }
    }
}
