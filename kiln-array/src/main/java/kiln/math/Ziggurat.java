package kiln.math;

/// Standard normal numbers by the modified ziggurat: 1021 rectangles of equal area lie below the density, whose 1024th part each is.
///
/// ```
/// rectangle k = 0 … 1020   |x| < xₖ, between the heights yₖ and yₖ₊₁ = f(xₖ);  f(x) = e^(−x²/2), y₀ = 0, 2 xₖ (yₖ₊₁ − yₖ) = √(2π)/1024
/// the rest                 between the rectangles and the density, and the tail beyond x₀; see ZigguratRest
/// word                     low 10 bits: the rectangle, or from 1021 on the rest; the others: a signed multiple of 2⁻⁵³ of its width
/// ```
///
/// Since rectangles lie wholly below the density, 997 of 1000 words give their number by one table value, one multiplication and one
/// comparison with a constant, which does not wait for the table. (256 parts, the usual number, leave 1.2 of 100 to the rest, whose
/// cost then is a good part of all.)
///
/// Source: C. McFarland, *A modified ziggurat algorithm for generating exponentially- and normally-distributed pseudorandom numbers*
/// (2016), with more parts; part and point take bits of their own, as J. Doornik, *An improved ziggurat method to generate normal random
/// samples* (2005), requires.
public final class Ziggurat {
    private static final int PART_BITS = 10;
    private static final int PARTS = 1 << PART_BITS;

    /// How many parts are rectangles: a further one does not fit below the top of the density.
    static final int RECTANGLES = 1021;

    /// Area under the density, right of 0.
    static final double SQRT_HALF_PI = 1.2533141373155003;

    private static final int BITS = 53;

    /// Width of a rectangle per unit of its point; 0 for the rest.
    private static final double[] UNIT = new double[PARTS];

    private static final ZigguratRest REST;

    static {
        double[] edge = edges();
        for (int k = 0; k < RECTANGLES; k++) {
            UNIT[k] = Math.scalb(edge[k], -BITS);
        }
        REST = new ZigguratRest(edge);
    }

    private Ziggurat() {}

    static double density(double x) {
        return Elementary.exp(-0.5 * x * x);
    }

    /// {@return the half widths `x₀ … x₁₀₂₀` of the rectangles}
    ///
    /// Each is the largest root of `x (f(x) − y) − area`, where this function of x falls. Newton's method finds it from the one before:
    /// the function is convex beyond √3 and concave before, so that after a first step the iterates come from one side.
    static double[] edges() {
        double area = SQRT_HALF_PI / PARTS;
        double[] edge = new double[RECTANGLES];
        double y = 0;
        // Left of the first root, so that Newton's method is not thrown far back from the flat tail.
        double x = 3;
        for (int k = 0; k < RECTANGLES; k++) {
            double step;
            do {
                double f = density(x);
                step = (x * (f - y) - area) / (f - y - x * x * f);
                x -= step;
            } while (Math.abs(step) > 0x1p-36 * x);
            edge[k] = x;
            y = density(x);
        }
        return edge;
    }

    /// One number for each word.
    ///
    /// @param words random words
    /// @param spare serves the few that fall into the rest
    /// @param draws gets the numbers
    /// @param place scratch, as long as the others
    static void fill(long[] words, RandomWords spare, double[] draws, int[] place, int n) {
        int m = rectangles(words, draws, place, n);
        for (int k = 0; k < m; k++) {
            draws[place[k]] = rest(words[place[k]], spare);
        }
    }

    /// The numbers of the rectangles. The others are put off: with their calls in this loop it took a fifth longer.
    ///
    /// @param place gets the places of the others
    /// @return how many others there are
    private static int rectangles(long[] words, double[] draws, int[] place, int n) {
        double[] unit = UNIT;
        int m = 0;
        for (int i = 0; i < n; i++) {
            long word = words[i];
            int part = (int) word & (PARTS - 1);
            draws[i] = (word >> PART_BITS) * unit[part];
            if (part >= RECTANGLES) {
                place[m++] = i;
            }
        }
        return m;
    }

    /// {@return a standard normal number}
    ///
    /// @param source is asked for a word, for 3 of 1000 numbers for more
    public static double draw(RandomWords source) {
        long word = source.nextLong();
        int part = (int) word & (PARTS - 1);
        return part < RECTANGLES ? (word >> PART_BITS) * UNIT[part] : rest(word, source);
    }

    /// {@return a number of the rest}
    ///
    /// @param word its bits beyond those of the part have not been looked at yet
    static double rest(long word, RandomWords spare) {
        return REST.draw(word >> PART_BITS, spare);
    }
}
