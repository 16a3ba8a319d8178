package kiln.math;

/// Standard normal numbers by the ziggurat: 1024 layers of equal area cover the density, and a point of a layer is nearly always below it.
///
/// ```
/// layer i = 1 … 1023  |x| < xᵢ, between the heights f(xᵢ) and f(xᵢ₊₁);  f(x) = e^(−x²/2), x₁ = r, x₁₀₂₄ = 0
/// layer 0             the strip below f(r), with the tail beyond r
/// word                low 10 bits: the layer; the others: a signed multiple of 2⁻⁵³ of its width
/// ```
///
/// A point with `|x| < xᵢ₊₁` is below the density whatever its height: one word, two table values and no branch that is hard to predict, for
/// 99.6 of 100 numbers (256 layers, the usual number, would leave 1.5 of 100 to the slow path, whose cost then is a third of all).
///
/// Source: G. Marsaglia, W. W. Tsang, *The ziggurat method for generating random variables* (2000), with more layers; the
/// layer and the point take bits of their own, as J. Doornik, *An improved ziggurat method to generate normal random samples* (2005),
/// requires.
final class Ziggurat {
    private static final int LAYER_BITS = 10;
    private static final int LAYERS = 1 << LAYER_BITS;

    /// Where the tail begins: the root of `x₁₀₂₄ = 0`.
    private static final double TAIL = 4.0388498461095045;

    private static final double SQRT_HALF_PI = 1.2533141373155003;
    private static final double SQRT_HALF = 0.7071067811865476;
    private static final int BITS = 53;

    /// Width of a layer per unit of its point.
    private static final double[] UNIT = new double[LAYERS];

    /// Points nearer to 0 are below the density.
    private static final long[] INNER = new long[LAYERS];

    /// Density at the edge of a layer; the last one is that at 0.
    private static final double[] HEIGHT = new double[LAYERS + 1];

    static {
        double[] edge = edges();
        for (int i = 0; i < LAYERS; i++) {
            UNIT[i] = Math.scalb(edge[i], -BITS);
            INNER[i] = (long) Math.scalb(edge[i + 1] / edge[i], BITS);
            HEIGHT[i] = density(edge[i]);
        }
        HEIGHT[LAYERS] = 1;
    }

    private Ziggurat() {}

    private static double density(double x) {
        return Elementary.exp(-0.5 * x * x);
    }

    /// {@return the edges `x₀ … x₁₀₂₄`, where `x₀` is the width that a rectangle as high as layer 0 has}
    static double[] edges() {
        double area = TAIL * density(TAIL) + SQRT_HALF_PI * Erf.erfc(TAIL * SQRT_HALF);
        double[] edge = new double[LAYERS + 1];
        edge[0] = area / density(TAIL);
        edge[1] = TAIL;
        for (int i = 2; i < LAYERS; i++) {
            edge[i] = Math.sqrt(-2 * Elementary.log(area / edge[i - 1] + density(edge[i - 1])));
        }
        return edge;
    }

    /// One number for each word.
    ///
    /// @param words random words
    /// @param spare serves the few points that are not below the density at once
    /// @param draws gets the numbers, from `from` on
    static void fill(long[] words, Xoshiro spare, double[] draws, int from, int n) {
        double[] unit = UNIT;
        long[] inner = INNER;
        for (int i = 0; i < n; i++) {
            long word = words[i];
            int layer = (int) word & (LAYERS - 1);
            long point = word >> LAYER_BITS;
            draws[from + i] = Math.abs(point) < inner[layer] ? point * unit[layer] : outer(layer, point, spare);
        }
    }

    /// {@return one number}
    static double draw(Xoshiro source) {
        long word = source.nextLong();
        int layer = (int) word & (LAYERS - 1);
        long point = word >> LAYER_BITS;
        return Math.abs(point) < INNER[layer] ? point * UNIT[layer] : outer(layer, point, source);
    }

    private static double outer(int layer, long point, Xoshiro spare) {
        if (layer == 0) {
            return point < 0 ? -tail(spare) : tail(spare);
        }
        double x = point * UNIT[layer];
        double y = HEIGHT[layer] + spare.uniform() * (HEIGHT[layer + 1] - HEIGHT[layer]);
        return y < density(x) ? x : draw(spare);
    }

    /// A number beyond the beginning of the tail: Marsaglia's rejection from an exponential one.
    private static double tail(Xoshiro spare) {
        double beyond;
        double bound;
        do {
            beyond = -Elementary.log(spare.uniform()) / TAIL;
            bound = -2 * Elementary.log(spare.uniform());
        } while (bound < beyond * beyond);
        return TAIL + beyond;
    }
}
