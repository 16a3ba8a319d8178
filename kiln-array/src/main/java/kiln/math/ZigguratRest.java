package kiln.math;

import java.util.Arrays;

/// What lies below the normal density and in none of the rectangles of [Ziggurat]: the tail beyond the widest of them, and a corner beside each.
///
/// ```
/// piece 0              the tail beyond x₀
/// piece k = 1 … 1020   the box xₖ < x < xₖ₋₁, between yₖ and yₖ₊₁, cut from corner to corner by the density
/// piece 1021           the box 0 < x < x₁₀₂₀ between y₁₀₂₁ and 1
/// ```
///
/// A piece is chosen with the probability that its area, of the boxes the whole one, has in their sum; a point of a box above the density is
/// refused, and a piece is chosen anew. So the points that are kept are uniform below the density. Pieces are chosen by Walker's alias
/// method: a column holds two of them, or a part of one.
final class ZigguratRest {
    private static final int COLUMN_BITS = 10;
    private static final int COLUMNS = 1 << COLUMN_BITS;
    private static final int LEVEL_BITS = 43;
    private static final double SQRT_HALF = 0.7071067811865476;

    /// Half widths of the rectangles, then 0.
    private final double[] edge;

    /// The heights between which box `k` lies: `bottom[k]` and `bottom[k + 1]`.
    private final double[] bottom;

    private final long[] level = new long[COLUMNS];
    private final int[] alias = new int[COLUMNS];

    /// @param edges half widths of the rectangles, falling
    ZigguratRest(double[] edges) {
        int n = edges.length;
        edge = Arrays.copyOf(edges, n + 1);
        bottom = new double[n + 2];
        for (int k = 0; k < n; k++) {
            bottom[k + 1] = Ziggurat.density(edge[k]);
        }
        bottom[n + 1] = 1;
        double[] area = new double[COLUMNS];
        area[0] = Ziggurat.SQRT_HALF_PI * Erf.erfc(edge[0] * SQRT_HALF);
        double sum = area[0];
        for (int k = 1; k <= n; k++) {
            area[k] = (edge[k - 1] - edge[k]) * (bottom[k + 1] - bottom[k]);
            sum += area[k];
        }
        share(area, sum);
    }

    /// Fills the columns: each in turn takes a piece smaller than a column, and is filled up from a larger one.
    ///
    /// @param area areas of the pieces, which are used up
    private void share(double[] area, double sum) {
        double column = sum / COLUMNS;
        int[] waiting = new int[COLUMNS];
        int small = 0;
        int large = COLUMNS;
        for (int k = 0; k < COLUMNS; k++) {
            waiting[area[k] < column ? small++ : --large] = k;
        }
        while (small > 0 && large < COLUMNS) {
            int k = waiting[--small];
            int from = waiting[large];
            level[k] = (long) Math.scalb(area[k] / column, LEVEL_BITS);
            alias[k] = from;
            area[from] -= column - area[k];
            if (area[from] < column) {
                waiting[small++] = from;
                large++;
            }
        }
        // What is left is a column each, but for rounding.
        while (small > 0) {
            fill(waiting[--small]);
        }
        while (large < COLUMNS) {
            fill(waiting[large++]);
        }
    }

    private void fill(int column) {
        level[column] = 1L << LEVEL_BITS;
        alias[column] = column;
    }

    /// {@return a number of the rest}
    ///
    /// @param choice 54 random bits with sign: the sign of the number, its column, the height in the column
    double draw(long choice, RandomWords spare) {
        for (long bits = choice; ; bits = spare.nextLong() >> COLUMN_BITS) {
            int column = (int) bits & (COLUMNS - 1);
            int piece = (bits >>> COLUMN_BITS & (1L << LEVEL_BITS) - 1) < level[column] ? column : alias[column];
            if (piece == 0) {
                return signed(bits, tail(spare));
            }
            double x = edge[piece] + spare.uniform() * (edge[piece - 1] - edge[piece]);
            double y = bottom[piece] + spare.uniform() * (bottom[piece + 1] - bottom[piece]);
            if (y < Ziggurat.density(x)) {
                return signed(bits, x);
            }
        }
    }

    private static double signed(long bits, double x) {
        return bits < 0 ? -x : x;
    }

    /// A number beyond the widest rectangle: Marsaglia's rejection from an exponential one.
    private double tail(RandomWords spare) {
        double beyond;
        double bound;
        do {
            beyond = -Elementary.log(spare.uniform()) / edge[0];
            bound = -2 * Elementary.log(spare.uniform());
        } while (bound < beyond * beyond);
        return edge[0] + beyond;
    }
}
