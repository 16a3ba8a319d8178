package kiln.math;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import kiln.math.Threefry.Layout;

/// The samplers of `jax.random` on primitive arrays: same key, layout and length, same draws; in [Layout#SEQUENTIAL], draws of the same
/// distributions by [SequentialDraws].
///
/// Draws that involve no transcendental function (uniform, integers, permutation, Bernoulli) equal JAX's bit for bit. The others are the
/// same function of the same uniforms; since JAX's own exp and log differ between its backends, they agree to a few ulp of
/// their type. A method ending in `Float` makes float32 draws, from 32-bit words and in single precision; the other
/// makes float64 draws, from 64-bit words, which are different draws, as in JAX.
///
/// Common parameters: `key`, packed as in [Threefry]; `layout` of the counters; `n`, the number of draws, ≥ 0 (an array of any
/// shape is drawn in row-major order).
public final class Samplers {
    private Samplers() {}

    /// Uniform float32 draws on a multiple of 2⁻²³ of the interval.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param min lower end, included
    /// @param max upper end, excluded up to rounding
    /// @return `n` draws in `[min, max)`
    public static float[] uniformFloat(long key, Layout layout, int n, float min, float max) {
        int[] bits = Threefry.bits32(key, layout, n);
        float[] draws = new float[n];
        float width = max - min;
        for (int i = 0; i < n; i++) {
            float f = Float.intBitsToFloat((bits[i] >>> 9) | 0x3F800000) - 1;
            draws[i] = Math.max(min, f * width + min);
        }
        return draws;
    }

    /// Draw number `i` of [#uniformFloat(long, Layout, int, float, float)] on [0, 1) in the partitionable layout, where it needs no other.
    static float uniformFloat(long key, int i) {
        long block = Threefry.block(key, 0, i);
        int bits = (int) (block >>> 32) ^ (int) block;
        return Float.intBitsToFloat((bits >>> 9) | 0x3F800000) - 1;
    }

    /// The only draw of [#uniform(long, Layout, int, double, double)] for `n = 1`.
    static double uniform(long key, Layout layout, double min, double max) {
        long bits = Threefry.block(key, 0, layout == Layout.PARTITIONABLE ? 0 : 1);
        double f = Double.longBitsToDouble((bits >>> 12) | Kernels.ONE_BITS) - 1;
        return Math.max(min, f * (max - min) + min);
    }

    /// Uniform float64 draws on a multiple of 2⁻⁵² of the interval.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param min lower end, included
    /// @param max upper end, excluded up to rounding
    /// @return `n` draws in `[min, max)`
    public static double[] uniform(long key, Layout layout, int n, double min, double max) {
        double[] draws = new double[n];
        var uniform = new UniformTiles(key, layout, n, min, max);
        for (int from = 0; from < n; from += uniform.length()) {
            int m = Math.min(uniform.length(), n - from);
            System.arraycopy(uniform.next(m), 0, draws, from, m);
        }
        return draws;
    }

    /// Standard normal float32 draws, `sqrt(2) erfinv(u)` with [Erf#erfinvFloat(float)].
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] normalFloat(long key, Layout layout, int n) {
        if (layout == Layout.SEQUENTIAL) {
            return narrow(SequentialDraws.normal(key, n, 0, 1));
        }
        float[] u = uniformFloat(key, layout, n, Math.nextUp(-1f), 1);
        FloatQuantileTiles.sqrt2Erfinv(u);
        return u;
    }

    /// Standard normal float64 draws, `sqrt(2) erfinv(u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] normal(long key, Layout layout, int n) {
        return normal(key, layout, n, 0, 1);
    }

    /// Normal float64 draws, `loc + scale · sqrt(2) erfinv(u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param loc mean
    /// @param scale standard deviation
    /// @return `n` draws
    public static double[] normal(long key, Layout layout, int n, double loc, double scale) {
        if (layout == Layout.SEQUENTIAL) {
            return SequentialDraws.normal(key, n, loc, scale);
        }
        double[] draws = new double[n];
        var uniform = new UniformTiles(key, layout, n, Math.nextUp(-1.0), 1);
        var quantile = new QuantileTiles(uniform.length());
        boolean isStandard = loc == 0 && scale == 1;
        for (int from = 0; from < n; from += uniform.length()) {
            int m = Math.min(uniform.length(), n - from);
            double[] z = quantile.sqrt2Erfinv(uniform.next(m), m);
            if (!isStandard) {
                SequentialDraws.stretch(z, m, loc, scale);
            }
            System.arraycopy(z, 0, draws, from, m);
        }
        return draws;
    }

    /// {@return numbers rounded to single precision}
    public static float[] narrow(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
    }

    /// Uniform int32 draws; `min` for an empty interval.
    ///
    /// Two words per draw, combined modulo the width of the interval (the bias is below 2⁻³²).
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param min lower end, included
    /// @param max upper end, excluded
    /// @return `n` draws in `[min, max)`
    public static int[] randint32(long key, Layout layout, int n, int min, int max) {
        int[] high = Threefry.bits32(Threefry.split(key, layout, 2, 0), layout, n);
        int[] low = Threefry.bits32(Threefry.split(key, layout, 2, 1), layout, n);
        int span = max > min ? max - min : 1;
        int multiplier = Integer.remainderUnsigned(1 << 16, span);
        multiplier = Integer.remainderUnsigned(multiplier * multiplier, span);
        for (int i = 0; i < n; i++) {
            int offset = Integer.remainderUnsigned(high[i], span) * multiplier + Integer.remainderUnsigned(low[i], span);
            high[i] = min + Integer.remainderUnsigned(offset, span);
        }
        return high;
    }

    /// Uniform int64 draws, like [#randint32(long, Layout, int, int, int)] with 64-bit words.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param min lower end, included
    /// @param max upper end, excluded
    /// @return `n` draws in `[min, max)`
    public static long[] randint64(long key, Layout layout, int n, long min, long max) {
        long[] high = Threefry.bits64(Threefry.split(key, layout, 2, 0), layout, n);
        long[] low = Threefry.bits64(Threefry.split(key, layout, 2, 1), layout, n);
        long span = max > min ? max - min : 1;
        long multiplier = Long.remainderUnsigned(1L << 32, span);
        multiplier = Long.remainderUnsigned(multiplier * multiplier, span);
        for (int i = 0; i < n; i++) {
            long offset = Long.remainderUnsigned(high[i], span) * multiplier + Long.remainderUnsigned(low[i], span);
            high[i] = min + Long.remainderUnsigned(offset, span);
        }
        return high;
    }

    /// A random permutation of `0 … n − 1`: stable sorts by random 32-bit words, repeated until ties cannot matter.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n length
    /// @return the permuted indices
    public static int[] permutation(long key, Layout layout, int n) {
        int[] x = new int[n];
        Arrays.setAll(x, i -> i);
        int rounds = (int) Math.ceil(3 * StrictMath.log(Math.max(1, n)) / StrictMath.log(0xFFFFFFFFL));
        long[] order = new long[n];
        for (int round = 0; round < rounds; round++) {
            long[] keys = Threefry.split(key, layout, 2);
            key = keys[0];
            int[] bits = Threefry.bits32(keys[1], layout, n);
            for (int i = 0; i < n; i++) {
                // Unsigned order of the word, then position: sorting these is a stable sort by the word.
                order[i] = ((long) (bits[i] ^ Integer.MIN_VALUE) << 32) | i;
            }
            Arrays.sort(order);
            int[] next = new int[n];
            for (int i = 0; i < n; i++) {
                next[i] = x[(int) order[i]];
            }
            x = next;
        }
        return x;
    }

    /// Different numbers from `0 … size − 1`: the last places of a Fisher–Yates shuffle with one key per step, as NumPyro draws the
    /// indices of a subsampled plate on a CPU.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param isSingle whether places are drawn as int32
    /// @param size how many numbers there are
    /// @param count how many are chosen, at most `size`
    /// @return the numbers, in random order
    public static long[] subset(long key, Layout layout, boolean isSingle, int size, int count) {
        long[] keys = Threefry.split(key, layout, count);
        long[] order = new long[size];
        Arrays.setAll(order, i -> i);
        for (int step = 0; step < count; step++) {
            int last = size - 1 - step;
            int j = isSingle ? randint32(keys[step], layout, 1, 0, last + 1)[0] : (int) randint64(keys[step], layout, 1, 0, last + 1)[0];
            long kept = order[last];
            order[last] = order[j];
            order[j] = kept;
        }
        return Arrays.copyOfRange(order, size - count, size);
    }

    /// Gamma draws of scale 1, or their logarithms, which do not underflow for small shapes; each from a key of its own.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0
    /// @param isLog whether logarithms are wanted
    /// @param draws gets one draw for each shape
    /// @param from the first place in both arrays
    /// @param n how many shapes; draw number `i` has key number `i` of `n`
    public static void gamma(long key, Layout layout, float[] concentration, boolean isLog, float[] draws, int from, int n) {
        if (layout == Layout.SEQUENTIAL) {
            double[] shapes = new double[n];
            for (int i = 0; i < n; i++) {
                shapes[i] = concentration[from + i];
            }
            double[] wide = new double[n];
            SequentialDraws.gamma(key, shapes, isLog, wide, 0, n);
            System.arraycopy(narrow(wide), 0, draws, from, n);
            return;
        }
        var sampler = new GammaSampler(layout, true, isLog);
        long[] keys = Threefry.split(key, layout, n);
        for (int i = 0; i < n; i++) {
            draws[from + i] = (float) sampler.draw(keys[i], concentration[from + i]);
        }
    }

    /// Float64 draws, see [#gamma(long, Layout, float\[\], boolean, float\[\], int, int)].
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0; or one for all
    /// @param isLog whether logarithms are wanted
    /// @param draws gets one draw for each shape
    /// @param from the first place in both arrays
    /// @param n how many shapes
    public static void gamma(long key, Layout layout, double[] concentration, boolean isLog, double[] draws, int from, int n) {
        if (layout == Layout.SEQUENTIAL) {
            SequentialDraws.gamma(key, concentration, isLog, draws, from, n);
            return;
        }
        var sampler = new GammaSampler(layout, false, isLog);
        long[] keys = Threefry.split(key, layout, n);
        for (int i = 0; i < n; i++) {
            draws[from + i] = sampler.draw(keys[i], concentration[concentration.length == 1 ? 0 : from + i]);
        }
    }

    /// Poisson draws; see [PoissonSampler] for the two algorithms. Rates count in single precision, as in JAX.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param rate means, ≥ 0, one for each draw
    /// @return one count for each rate; −1 for NaN, the largest int for ∞
    public static int[] poisson(long key, Layout layout, float[] rate) {
        return PoissonSampler.draw(key, layout, rate);
    }

    /// Poisson draws of [Layout#SEQUENTIAL], see [SequentialPoisson].
    ///
    /// @param key packed key
    /// @param rate means, ≥ 0: one for each draw, or one for all
    /// @param n number of draws
    /// @return `n` counts; −1 for NaN, the largest int for ∞
    public static long[] sequentialPoisson(long key, double[] rate, int n) {
        return SequentialDraws.poisson(key, rate, n);
    }

    /// Uniform numbers in (0, 1), one after another, for samplers that need an unknown number of them.
    ///
    /// @param key packed key
    /// @return their source
    public static DoubleSupplier sequentialUniform(long key) {
        return XoshiroTiles.spare(key)::uniform;
    }
}
