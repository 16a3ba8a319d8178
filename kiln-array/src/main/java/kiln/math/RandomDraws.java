package kiln.math;

import kiln.math.Threefry.Layout;

/// Draws from standard distributions with the bits of [Threefry], equal to those of `jax.random` for the same key.
///
/// Every method takes a key, the layout of its stream and a number of elements, and always returns the same numbers for them.
/// `float32` draws are computed in single precision where JAX's result depends on it.
public final class RandomDraws {
    private static final double SQRT2 = Math.sqrt(2);

    private RandomDraws() {}

    /// {@return `n` numbers uniform on `[low, high)` in double precision}
    public static double[] uniform(long key, Layout layout, int n, double low, double high) {
        long[] bits = Threefry.bits64(key, layout, n);
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            double unit = Double.longBitsToDouble((bits[i] >>> 12) | 0x3FF0000000000000L) - 1;
            out[i] = Math.max(low, unit * (high - low) + low);
        }
        return out;
    }

    /// {@return `n` numbers uniform on `[low, high)` in single precision}
    public static float[] uniformFloat(long key, Layout layout, int n, float low, float high) {
        int[] bits = Threefry.bits32(key, layout, n);
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            float unit = Float.intBitsToFloat((bits[i] >>> 9) | 0x3F800000) - 1;
            out[i] = Math.max(low, unit * (high - low) + low);
        }
        return out;
    }

    /// {@return `n` standard normal numbers in double precision, `√2 erf⁻¹(u)` of `u` uniform on (−1, 1)}
    public static double[] normal(long key, Layout layout, int n) {
        double[] out = uniform(key, layout, n, Math.nextUp(-1.0), 1);
        for (int i = 0; i < n; i++) {
            out[i] = SQRT2 * Erf.erfinv(out[i]);
        }
        return out;
    }

    /// {@return `n` standard normal numbers in single precision}
    public static float[] normalFloat(long key, Layout layout, int n) {
        float[] out = uniformFloat(key, layout, n, Math.nextUp(-1f), 1);
        for (int i = 0; i < n; i++) {
            out[i] = (float) SQRT2 * erfinv(out[i]);
        }
        return out;
    }

    /// Inverse error function in single precision, in the arithmetic that XLA uses.
    ///
    /// Source: M. Giles, *Approximating the erfinv function* (2010), single precision version.
    static float erfinv(float x) {
        float w = -(float) Elementary.log1p(-(x * x));
        if (w < 5) {
            float t = w - 2.5f;
            float p = 2.81022636e-08f;
            p = 3.43273939e-07f + p * t;
            p = -3.5233877e-06f + p * t;
            p = -4.39150654e-06f + p * t;
            p = 0.00021858087f + p * t;
            p = -0.00125372503f + p * t;
            p = -0.00417768164f + p * t;
            p = 0.246640727f + p * t;
            p = 1.50140941f + p * t;
            return p * x;
        }
        float t = (float) Math.sqrt(w) - 3;
        float p = -0.000200214257f;
        p = 0.000100950558f + p * t;
        p = 0.00134934322f + p * t;
        p = -0.00367342844f + p * t;
        p = 0.00573950773f + p * t;
        p = -0.0076224613f + p * t;
        p = 0.00943887047f + p * t;
        p = 1.00167406f + p * t;
        p = 2.83297682f + p * t;
        return p * x;
    }

    /// {@return `n` integers uniform on `[low, high)` modulo 2³², in 32-bit arithmetic; `low` if the range is empty}
    public static int[] randint32(long key, Layout layout, int n, long low, long high) {
        long[] keys = Threefry.split(key, layout, 2);
        int[] a = Threefry.bits32(keys[0], layout, n);
        int[] b = Threefry.bits32(keys[1], layout, n);
        long span = high > low ? (high - low) & 0xFFFFFFFFL : 1;
        long multiplier = (1L << 16) % span;
        multiplier = ((multiplier * multiplier) & 0xFFFFFFFFL) % span;
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            long product = (Integer.toUnsignedLong(a[i]) % span * multiplier) & 0xFFFFFFFFL;
            long sum = (product + Integer.toUnsignedLong(b[i]) % span) & 0xFFFFFFFFL;
            out[i] = (int) (low + sum % span);
        }
        return out;
    }

    /// {@return `n` integers uniform on `[low, high)`, in 64-bit arithmetic; `low` if the range is empty}
    public static long[] randint64(long key, Layout layout, int n, long low, long high) {
        long[] keys = Threefry.split(key, layout, 2);
        long[] a = Threefry.bits64(keys[0], layout, n);
        long[] b = Threefry.bits64(keys[1], layout, n);
        long span = high > low ? high - low : 1;
        long multiplier = Long.remainderUnsigned(1L << 32, span);
        multiplier = Long.remainderUnsigned(multiplier * multiplier, span);
        long[] out = new long[n];
        for (int i = 0; i < n; i++) {
            long sum = Long.remainderUnsigned(a[i], span) * multiplier + Long.remainderUnsigned(b[i], span);
            out[i] = low + Long.remainderUnsigned(sum, span);
        }
        return out;
    }

    /// {@return the numbers 0 … n − 1 in random order}
    public static int[] permutation(long key, Layout layout, int n) {
        int[] x = new int[n];
        for (int i = 0; i < n; i++) {
            x[i] = i;
        }
        int rounds = (int) Math.ceil(3 * StrictMath.log(Math.max(1, n)) / StrictMath.log(0xFFFFFFFFL));
        long at = key;
        for (int r = 0; r < rounds; r++) {
            long[] keys = Threefry.split(at, layout, 2);
            at = keys[0];
            int[] bits = Threefry.bits32(keys[1], layout, n);
            long[] order = new long[n];
            for (int i = 0; i < n; i++) {
                // Sorting by bits and then by position is the stable sort that JAX uses.
                order[i] = ((Integer.toUnsignedLong(bits[i]) << 31) | i) ^ Long.MIN_VALUE;
            }
            java.util.Arrays.sort(order);
            int[] next = new int[n];
            for (int i = 0; i < n; i++) {
                next[i] = x[(int) (order[i] & 0x7FFFFFFF)];
            }
            x = next;
        }
        return x;
    }

    /// One gamma draw with scale 1, or its logarithm, by rejection.
    ///
    /// For a shape below 1 a draw for shape + 1 is scaled by a power of a uniform number, which in logarithms does not underflow.
    /// Source: G. Marsaglia, W. Tsang, *A simple method for generating gamma variables* (2000).
    ///
    /// @param shape     concentration; > 0
    /// @param single    whether the arithmetic is in single precision
    /// @param logarithm whether the logarithm of the draw is returned
    public static double gamma(long key, Layout layout, double shape, boolean single, boolean logarithm) {
        Precision t = single ? Precision.SINGLE : Precision.DOUBLE;
        double a = t.round(shape);
        boolean large = a >= 1;
        double alpha = large ? a : t.round(a + 1);
        double third = t.round(1.0 / 3);
        double d = t.round(alpha - third);
        double c = t.round(third / t.round(Math.sqrt(d)));
        long[] keys = Threefry.split(key, layout, 2);
        long at = keys[0];
        long boostKey = keys[1];
        double x2 = 0;
        double v3 = 1;
        double u = 2;
        while (u >= t.round(1 - t.round(t.round(0.0331) * t.round(x2 * x2)))
                && t.round(Elementary.log(u))
                        >= t.round(t.round(x2 * 0.5) + t.round(d * t.round(t.round(1 - v3) + t.round(Elementary.log(v3)))))) {
            long[] three = Threefry.split(at, layout, 3);
            at = three[0];
            long normalKey = three[1];
            double x = 0;
            double v = -1;
            while (v <= 0) {
                long[] two = Threefry.split(normalKey, layout, 2);
                normalKey = two[0];
                x = t.normal(two[1], layout);
                v = t.round(1 + t.round(x * c));
            }
            x2 = t.round(x * x);
            v3 = t.round(t.round(v * v) * v);
            u = t.uniform(three[2], layout);
        }
        double boost = t.uniform(boostKey, layout);
        if (logarithm) {
            double log = t.round(Elementary.log1p(-boost));
            double extra = large || log == 0 ? 0 : t.round(log * t.round(1 / a));
            return t.round(t.round(t.round(Elementary.log(d)) + t.round(Elementary.log(v3))) + extra);
        }
        double scale = large ? 1 : t.round(Elementary.pow(t.round(1 - boost), t.round(1 / a)));
        return t.round(t.round(d * v3) * scale);
    }

    private enum Precision {
        SINGLE,
        DOUBLE;

        double round(double x) {
            return this == SINGLE ? (float) x : x;
        }

        double normal(long key, Layout layout) {
            return this == SINGLE ? normalFloat(key, layout, 1)[0] : RandomDraws.normal(key, layout, 1)[0];
        }

        double uniform(long key, Layout layout) {
            return this == SINGLE
                    ? uniformFloat(key, layout, 1, 0, 1)[0]
                    : RandomDraws.uniform(key, layout, 1, 0, 1)[0];
        }
    }

    /// Counts from Poisson distributions.
    ///
    /// Rates below 10: the number of uniform factors until their product falls below `e^−rate` (Knuth), in single precision as
    /// JAX computes it. Larger rates: transformed rejection with squeeze. All elements share the keys of each round.
    /// Source: W. Hörmann, *The transformed rejection method for generating Poisson random variables* (1993), algorithm PTRS.
    ///
    /// @param rates means; ≥ 0
    public static long[] poisson(long key, Layout layout, double[] rates) {
        int n = rates.length;
        long[] out = new long[n];
        boolean[] small = new boolean[n];
        boolean anyLarge = false;
        for (int i = 0; i < n; i++) {
            small[i] = rates[i] < 10;
            anyLarge |= !small[i];
        }
        knuth(key, layout, rates, small, out);
        if (anyLarge) {
            rejection(key, layout, rates, small, out);
        }
        return out;
    }

    private static void knuth(long key, Layout layout, double[] rates, boolean[] use, long[] out) {
        int n = rates.length;
        float[] logProduct = new float[n];
        long[] count = new long[n];
        long at = key;
        boolean going = true;
        while (going) {
            long[] keys = Threefry.split(at, layout, 2);
            at = keys[0];
            float[] u = uniformFloat(keys[1], layout, n, 0, 1);
            going = false;
            for (int i = 0; i < n; i++) {
                float limit = use[i] ? -(float) rates[i] : 0;
                count[i] += logProduct[i] > limit ? 1 : 0;
                logProduct[i] += (float) Elementary.log(u[i]);
                going |= logProduct[i] > limit;
            }
        }
        for (int i = 0; i < n; i++) {
            if (use[i]) {
                out[i] = rates[i] == 0 ? 0 : count[i] - 1;
            }
        }
    }

    private static void rejection(long key, Layout layout, double[] rates, boolean[] skip, long[] out) {
        int n = rates.length;
        boolean[] done = skip.clone();
        long at = key;
        boolean going = true;
        while (going) {
            long[] keys = Threefry.split(at, layout, 3);
            at = keys[0];
            double[] us = uniform(keys[1], layout, n, 0, 1);
            double[] vs = uniform(keys[2], layout, n, 0, 1);
            going = false;
            for (int i = 0; i < n; i++) {
                if (done[i]) {
                    continue;
                }
                double rate = rates[i];
                double b = 0.931 + 2.53 * Math.sqrt(rate);
                double a = -0.059 + 0.02483 * b;
                double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
                double limit = 0.9277 - 3.6224 / (b - 2);
                double u = us[i] - 0.5;
                double shifted = 0.5 - Math.abs(u);
                double k = Math.floor((2 * a / shifted + b) * u + rate + 0.43);
                double s = Elementary.log(vs[i] * inverseAlpha / (a / (shifted * shifted) + b));
                boolean sure = shifted >= 0.07 && vs[i] <= limit;
                boolean never = k < 0 || (shifted < 0.013 && vs[i] > shifted);
                boolean accepted = s <= k * Elementary.log(rate) - rate - Gamma.lgamma(k + 1);
                if (sure || (!never && accepted)) {
                    out[i] = (long) k;
                    done[i] = true;
                } else {
                    going = true;
                }
            }
        }
    }
}
