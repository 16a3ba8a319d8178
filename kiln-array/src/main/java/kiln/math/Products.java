package kiln.math;

import java.util.Arrays;

/// Products of matrices of fixed sizes, in one documented order of operations, with the scratch memory they need.
///
/// **This order is a contract** like that of [Sums]. With one column (`n = 1`) and
///
/// - `64 < k < 1920`: [Sums#dot];
/// - `k ≥ 1920`: `acc[i] = fma(a[i], b[i], acc[i])`, then `fma(a[i + 480], b[i + 480], …)` and so on for `i < 480`, folded by
///   [Sums#fold]; from 48,000 on so for every block of [Sums], and their products
///   are added left to right.
///
/// Everything else: `y[i, j] = fma(a[i, k−1], b[k−1, j], … fma(a[i, 0], b[0, j], 0))`, from the front, see [RankUpdate].
///
/// Loops over whole arrays with one index are vectorised by C2, loops with offsets are not: long rows are therefore copied tile by
/// tile, which costs less than the loss. One instance serves one thread.
public final class Products {
    private static final int TILE = Sums.LANES;

    /// Up to this length a row times a vector is summed from the front, eight rows at a time; beyond it eight partial sums of one
    /// row are faster.
    public static final int SHORT = 64;

    /// From four tiles on, lanes in memory pay.
    public static final int LONG = 4 * TILE;

    /// Rows of the result that are worked on together.
    private static final int ROWS = 2 * RankUpdate.BLOCK;

    private static final RankUpdate RANK = RankUpdate.best();

    private final int m;
    private final int k;
    private final int n;
    private final double[] row;
    private final double[][] right;
    private final double[][] block;
    private final double[][] vector;
    private final double[][] tiles;

    /// Room for the products of an `m × k` and a `k × n` matrix.
    public Products(int m, int k, int n) {
        this.m = m;
        this.k = k;
        this.n = n;
        boolean tiled = n == 1 && k >= LONG;
        this.row = new double[tiled ? TILE : 0];
        this.right = new double[n == 1 ? 0 : k][n];
        this.block = new double[n == 1 ? 0 : Math.clamp(m, 1, ROWS)][n];
        this.vector = new double[tiled ? Math.ceilDiv(k, TILE) : 0][TILE];
        this.tiles = new double[tiled ? 4 : 0][TILE];
    }

    /// `Y = A B`.
    ///
    /// @param a   holds `A` from `a0` on, row by row
    /// @param b   holds `B` from `b0` on
    /// @param out takes `Y` from `o0` on
    public void multiply(double[] a, int a0, double[] b, int b0, double[] out, int o0) {
        if (n != 1) {
            general(a, a0, b, b0, out, o0);
        } else if (k <= SHORT) {
            shortRows(a, a0, b, b0, out, o0);
        } else if (k < LONG) {
            for (int i = 0; i < m; i++) {
                out[o0 + i] = Sums.dot(a, a0 + i * k, b, b0, k);
            }
        } else {
            longRows(a, a0, b, b0, out, o0);
        }
    }

    private void general(double[] a, int a0, double[] b, int b0, double[] out, int o0) {
        for (int p = 0; p < k; p++) {
            System.arraycopy(b, b0 + p * n, right[p], 0, n);
        }
        for (int i = 0; i < m; i += block.length) {
            int rows = Math.min(block.length, m - i);
            for (int r = 0; r < rows; r++) {
                Arrays.fill(block[r], 0);
            }
            RANK.run(1, a, a0 + i * k, k, 1, block, 0, rows, right, 0, k, 0, n);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(block[r], 0, out, o0 + (i + r) * n, n);
            }
        }
    }

    private void shortRows(double[] a, int a0, double[] b, int b0, double[] out, int o0) {
        int i = 0;
        for (; i + 7 < m; i += 8) {
            eightRows(a, a0 + i * k, b, b0, k, out, o0 + i);
        }
        for (; i < m; i++) {
            double sum = 0;
            for (int p = 0, at = a0 + i * k; p < k; p++) {
                sum = Math.fma(a[at + p], b[b0 + p], sum);
            }
            out[o0 + i] = sum;
        }
    }

    /// Eight independent chains hide the latency of the additions and share the loads of the vector.
    private static void eightRows(double[] a, int at, double[] b, int b0, int k, double[] out, int o) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        for (int p = 0; p < k; p++) {
            double v = b[b0 + p];
            int q = at + p;
            s0 = Math.fma(a[q], v, s0);
            s1 = Math.fma(a[q + k], v, s1);
            s2 = Math.fma(a[q + 2 * k], v, s2);
            s3 = Math.fma(a[q + 3 * k], v, s3);
            s4 = Math.fma(a[q + 4 * k], v, s4);
            s5 = Math.fma(a[q + 5 * k], v, s5);
            s6 = Math.fma(a[q + 6 * k], v, s6);
            s7 = Math.fma(a[q + 7 * k], v, s7);
        }
        out[o] = s0;
        out[o + 1] = s1;
        out[o + 2] = s2;
        out[o + 3] = s3;
        out[o + 4] = s4;
        out[o + 5] = s5;
        out[o + 6] = s6;
        out[o + 7] = s7;
    }

    private void longRows(double[] a, int a0, double[] b, int b0, double[] out, int o0) {
        for (int t = 0; t < vector.length; t++) {
            System.arraycopy(b, b0 + t * TILE, vector[t], 0, Math.min(TILE, k - t * TILE));
        }
        int block = Sums.blockLength(k) / TILE;
        for (int i = 0; i < m; i++) {
            double sum = longRow(a, a0 + i * k, 0, Math.min(block, vector.length));
            for (int t = block; t < vector.length; t += block) {
                sum += longRow(a, a0 + i * k, t, Math.min(t + block, vector.length));
            }
            out[o0 + i] = sum;
        }
    }

    /// The tiles `begin ≤ t < end` of a row that starts at `from`, times those of the vector.
    private double longRow(double[] a, int from, int begin, int end) {
        int full = Math.min(end, k / TILE);
        Arrays.fill(row, 0);
        int t = begin;
        for (; t + 3 < full; t += 4) {
            for (int q = 0; q < 4; q++) {
                System.arraycopy(a, from + (t + q) * TILE, tiles[q], 0, TILE);
            }
            products4(row, tiles[0], tiles[1], tiles[2], tiles[3], vector[t], vector[t + 1], vector[t + 2], vector[t + 3]);
        }
        for (; t < end; t++) {
            int length = Math.min(TILE, k - t * TILE);
            System.arraycopy(a, from + t * TILE, tiles[0], 0, length);
            products(row, tiles[0], vector[t], length);
        }
        return Sums.fold(row, 0, TILE);
    }

    /// Adds the products of a tile to the lanes.
    static void products(double[] acc, double[] x, double[] y, int length) {
        for (int i = 0; i < length; i++) {
            acc[i] = Math.fma(x[i], y[i], acc[i]);
        }
    }

    /// Adds the products of four full tiles, which loads and stores the lanes once.
    static void products4(
            double[] acc, double[] x0, double[] x1, double[] x2, double[] x3, double[] y0, double[] y1, double[] y2, double[] y3) {
        for (int i = 0; i < TILE; i++) {
            acc[i] = Math.fma(x3[i], y3[i], Math.fma(x2[i], y2[i], Math.fma(x1[i], y1[i], Math.fma(x0[i], y0[i], acc[i]))));
        }
    }
}
