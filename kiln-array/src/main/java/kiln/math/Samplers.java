package kiln.math;

import java.util.Arrays;
import kiln.math.Threefry.Layout;

/// The samplers of `jax.random` on primitive arrays: same key, layout and length, same draws.
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

    private static final float SQRT_2_FLOAT = 1.4142135f;

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

    /// Uniform float64 draws on a multiple of 2⁻⁵² of the interval.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param min lower end, included
    /// @param max upper end, excluded up to rounding
    /// @return `n` draws in `[min, max)`
    public static double[] uniform(long key, Layout layout, int n, double min, double max) {
        long[] bits = Threefry.bits64(key, layout, n);
        double[] draws = new double[n];
        double width = max - min;
        for (int i = 0; i < n; i++) {
            double f = Double.longBitsToDouble((bits[i] >>> 12) | Kernels.ONE_BITS) - 1;
            draws[i] = Math.max(min, f * width + min);
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
        float[] u = uniformFloat(key, layout, n, Math.nextUp(-1f), 1);
        for (int i = 0; i < n; i++) {
            u[i] = SQRT_2_FLOAT * Erf.erfinvFloat(u[i]);
        }
        return u;
    }

    /// Standard normal float64 draws, `sqrt(2) erfinv(u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] normal(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, Math.nextUp(-1.0), 1);
        for (int i = 0; i < n; i++) {
            u[i] = Erf.sqrt2Erfinv(u[i]);
        }
        return u;
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

    /// Bernoulli draws `u < p` from float32 uniforms.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param p probability of true
    /// @return `n` draws
    public static boolean[] bernoulliFloat(long key, Layout layout, int n, float p) {
        float[] u = uniformFloat(key, layout, n, 0, 1);
        boolean[] draws = new boolean[n];
        for (int i = 0; i < n; i++) {
            draws[i] = u[i] < p;
        }
        return draws;
    }

    /// Bernoulli draws `u < p` from float64 uniforms.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @param p probability of true
    /// @return `n` draws
    public static boolean[] bernoulli(long key, Layout layout, int n, double p) {
        double[] u = uniform(key, layout, n, 0, 1);
        boolean[] draws = new boolean[n];
        for (int i = 0; i < n; i++) {
            draws[i] = u[i] < p;
        }
        return draws;
    }

    /// Standard exponential float32 draws, `−log1p(−u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] exponentialFloat(long key, Layout layout, int n) {
        float[] u = uniformFloat(key, layout, n, 0, 1);
        for (int i = 0; i < n; i++) {
            u[i] = (float) -Elementary.log1p(-u[i]);
        }
        return u;
    }

    /// Standard exponential float64 draws, `−log1p(−u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] exponential(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, 0, 1);
        for (int i = 0; i < n; i++) {
            u[i] = -Elementary.log1p(-u[i]);
        }
        return u;
    }

    /// Standard Gumbel float32 draws, `−log(−log u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] gumbelFloat(long key, Layout layout, int n) {
        float[] u = uniformFloat(key, layout, n, Float.MIN_NORMAL, 1);
        for (int i = 0; i < n; i++) {
            u[i] = (float) -Elementary.log(-Elementary.log(u[i]));
        }
        return u;
    }

    /// Standard Gumbel float64 draws, `−log(−log u)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] gumbel(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, Double.MIN_NORMAL, 1);
        for (int i = 0; i < n; i++) {
            u[i] = -Elementary.log(-Elementary.log(u[i]));
        }
        return u;
    }

    /// Standard Laplace float32 draws, `sign(u) log1p(−|u|)` for `u` on `(−1, 1)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] laplaceFloat(long key, Layout layout, int n) {
        float[] u = uniformFloat(key, layout, n, -1 + 0x1p-24f, 1);
        for (int i = 0; i < n; i++) {
            u[i] = (float) (Math.signum(u[i]) * Elementary.log1p(-Math.abs(u[i])));
        }
        return u;
    }

    /// Standard Laplace float64 draws, `sign(u) log1p(−|u|)` for `u` on `(−1, 1)`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] laplace(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, -1 + 0x1p-53, 1);
        for (int i = 0; i < n; i++) {
            u[i] = Math.signum(u[i]) * Elementary.log1p(-Math.abs(u[i]));
        }
        return u;
    }

    /// Standard logistic float32 draws, `log(u/(1 − u))`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] logisticFloat(long key, Layout layout, int n) {
        float[] u = uniformFloat(key, layout, n, Float.MIN_NORMAL, 1);
        for (int i = 0; i < n; i++) {
            u[i] = (float) Elementary.logit(u[i]);
        }
        return u;
    }

    /// Standard logistic float64 draws, `log(u/(1 − u))`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] logistic(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, Double.MIN_NORMAL, 1);
        for (int i = 0; i < n; i++) {
            u[i] = Elementary.logit(u[i]);
        }
        return u;
    }

    /// Standard Cauchy float32 draws, `tan(π (u − 1/2))`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static float[] cauchyFloat(long key, Layout layout, int n) {
        float[] u = uniformFloat(key, layout, n, 0x1p-23f, 1);
        for (int i = 0; i < n; i++) {
            u[i] = (float) StrictMath.tan(Math.PI * (u[i] - 0.5));
        }
        return u;
    }

    /// Standard Cauchy float64 draws, `tan(π (u − 1/2))`.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param n number of draws
    /// @return `n` draws
    public static double[] cauchy(long key, Layout layout, int n) {
        double[] u = uniform(key, layout, n, 0x1p-52, 1);
        for (int i = 0; i < n; i++) {
            u[i] = StrictMath.tan(Math.PI * (u[i] - 0.5));
        }
        return u;
    }

    /// Gamma float32 draws of scale 1, each from a key of its own.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0, one for each draw
    /// @return one draw for each concentration
    public static float[] gammaFloat(long key, Layout layout, float[] concentration) {
        return GammaSampler.draw(key, layout, concentration, false);
    }

    /// Gamma float64 draws of scale 1, each from a key of its own.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0, one for each draw
    /// @return one draw for each concentration
    public static double[] gamma(long key, Layout layout, double[] concentration) {
        return GammaSampler.draw(key, layout, concentration, false);
    }

    /// Logarithms of Gamma float32 draws, which do not underflow for small shapes.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0, one for each draw
    /// @return one log draw for each concentration
    public static float[] logGammaFloat(long key, Layout layout, float[] concentration) {
        return GammaSampler.draw(key, layout, concentration, true);
    }

    /// Logarithms of Gamma float64 draws, which do not underflow for small shapes.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param concentration shapes, > 0, one for each draw
    /// @return one log draw for each concentration
    public static double[] logGamma(long key, Layout layout, double[] concentration) {
        return GammaSampler.draw(key, layout, concentration, true);
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

    /// Categorical draws from float32 logits: the index of the largest logit plus Gumbel noise, the first one of ties.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param logits unnormalised log probabilities, rows of `categories`; draw `i` uses row `i` modulo their number
    /// @param categories number of categories
    /// @param n number of draws
    /// @return `n` indices in `[0, categories)`
    public static int[] categoricalFloat(long key, Layout layout, float[] logits, int categories, int n) {
        float[] g = gumbelFloat(key, layout, n * categories);
        int[] draws = new int[n];
        for (int i = 0; i < g.length; i++) {
            g[i] += logits[i % logits.length];
        }
        for (int i = 0; i < n; i++) {
            int best = 0;
            for (int j = 1; j < categories; j++) {
                best = g[i * categories + j] > g[i * categories + best] ? j : best;
            }
            draws[i] = best;
        }
        return draws;
    }

    /// Categorical draws from float64 logits, see [#categoricalFloat(long, Layout, float\[\], int, int)].
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param logits unnormalised log probabilities, rows of `categories`; draw `i` uses row `i` modulo their number
    /// @param categories number of categories
    /// @param n number of draws
    /// @return `n` indices in `[0, categories)`
    public static int[] categorical(long key, Layout layout, double[] logits, int categories, int n) {
        double[] g = gumbel(key, layout, n * categories);
        int[] draws = new int[n];
        for (int i = 0; i < g.length; i++) {
            g[i] += logits[i % logits.length];
        }
        for (int i = 0; i < n; i++) {
            int best = 0;
            for (int j = 1; j < categories; j++) {
                best = g[i * categories + j] > g[i * categories + best] ? j : best;
            }
            draws[i] = best;
        }
        return draws;
    }

    /// Categorical draws from float32 probabilities by NumPyro's rule: how many of the normalised cumulative
    /// probabilities (without the last) are below a uniform.
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param probs probabilities, rows of `categories`; draw `i` uses row `i` modulo their number
    /// @param categories number of categories
    /// @param n number of draws
    /// @return `n` indices in `[0, categories)`
    public static int[] categoricalProbsFloat(long key, Layout layout, float[] probs, int categories, int n) {
        float[] u = uniformFloat(key, layout, n, 0, 1);
        int[] draws = new int[n];
        for (int i = 0; i < n; i++) {
            int row = (int) ((long) i * categories % probs.length);
            float total = 0;
            for (int j = 0; j < categories; j++) {
                total += probs[row + j];
            }
            float sum = 0;
            for (int j = 0; j < categories - 1; j++) {
                sum += probs[row + j];
                draws[i] += sum / total < u[i] ? 1 : 0;
            }
        }
        return draws;
    }

    /// Categorical draws from float64 probabilities, see [#categoricalProbsFloat(long, Layout, float\[\], int, int)].
    ///
    /// @param key packed key
    /// @param layout counter layout
    /// @param probs probabilities, rows of `categories`; draw `i` uses row `i` modulo their number
    /// @param categories number of categories
    /// @param n number of draws
    /// @return `n` indices in `[0, categories)`
    public static int[] categoricalProbs(long key, Layout layout, double[] probs, int categories, int n) {
        double[] u = uniform(key, layout, n, 0, 1);
        int[] draws = new int[n];
        for (int i = 0; i < n; i++) {
            int row = (int) ((long) i * categories % probs.length);
            double total = 0;
            for (int j = 0; j < categories; j++) {
                total += probs[row + j];
            }
            double sum = 0;
            for (int j = 0; j < categories - 1; j++) {
                sum += probs[row + j];
                draws[i] += sum / total < u[i] ? 1 : 0;
            }
        }
        return draws;
    }
}
