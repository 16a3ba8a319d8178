package kiln.math;

/// A known matrix of `n` rows and `d` columns, cut into tiles of 480 rows with every column of a tile in an array of its own.
///
/// In this form C2 vectorises both products of a regression, and both run inside the loop over the observations: a tile of `X b` is made
/// when the loop needs it, and a tile of `r` is added to `Xᵀ r` as soon as it is there, while the tile of `X` is still in the cache. The
/// order of operations is that of [Products].
public final class ColumnTiles {
    private static final int TILE = Sums.LANES;

    private final int n;
    private final int d;
    private final double[][][] tiles;

    private ColumnTiles(int n, int d, double[][][] tiles) {
        this.n = n;
        this.d = d;
        this.tiles = tiles;
    }

    /// Takes a copy of a matrix.
    ///
    /// @param x         the numbers
    /// @param n         number of rows
    /// @param d         number of columns
    /// @param byColumns whether column follows column in `x`, else row follows row
    public static ColumnTiles of(double[] x, int n, int d, boolean byColumns) {
        double[][][] tiles = new double[Math.ceilDiv(n, TILE)][d][];
        for (int t = 0; t < tiles.length; t++) {
            int from = t * TILE;
            int length = Math.min(TILE, n - from);
            for (int j = 0; j < d; j++) {
                double[] column = new double[Tiles.room(length)];
                for (int i = 0; i < length; i++) {
                    column[i] = x[byColumns ? j * n + from + i : (from + i) * d + j];
                }
                tiles[t][j] = column;
            }
        }
        return new ColumnTiles(n, d, tiles);
    }

    /// {@return whether this is the given matrix, bit by bit}
    public boolean holds(double[] x, int rows, int columns, boolean byColumns) {
        if (rows != n || columns != d) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                double here = tiles[i / TILE][j][i % TILE];
                if (Double.doubleToRawLongBits(here) != Double.doubleToRawLongBits(x[byColumns ? j * n + i : i * d + j])) {
                    return false;
                }
            }
        }
        return true;
    }

    /// A tile of `X b`.
    ///
    /// @param t number of the tile
    /// @param b `d` factors
    /// @param y receives the sums
    /// @param m number of rows in the tile
    public void times(int t, double[] b, double[] y, int m) {
        double[][] x = tiles[t];
        int j = 0;
        if (d >= 8) {
            first8(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], b, y, m);
            for (j = 8; j + 7 < d; j += 8) {
                next8(x[j], x[j + 1], x[j + 2], x[j + 3], x[j + 4], x[j + 5], x[j + 6], x[j + 7], b, j, y, m);
            }
        } else {
            java.util.Arrays.fill(y, 0, m, 0);
        }
        for (; j + 3 < d; j += 4) {
            next4(x[j], x[j + 1], x[j + 2], x[j + 3], b, j, y, m);
        }
        for (; j < d; j++) {
            next(x[j], b[j], y, m);
        }
    }

    private static void next(double[] x, double b, double[] y, int m) {
        for (int i = 0; i < m; i++) {
            y[i] = Math.fma(x[i], b, y[i]);
        }
    }

    private static void next4(double[] x0, double[] x1, double[] x2, double[] x3, double[] b, int j, double[] y, int m) {
        double b0 = b[j];
        double b1 = b[j + 1];
        double b2 = b[j + 2];
        double b3 = b[j + 3];
        for (int i = 0; i < m; i++) {
            y[i] = Math.fma(x3[i], b3, Math.fma(x2[i], b2, Math.fma(x1[i], b1, Math.fma(x0[i], b0, y[i]))));
        }
    }

    private static void first8(
            double[] x0, double[] x1, double[] x2, double[] x3, double[] x4, double[] x5, double[] x6, double[] x7, double[] b, double[] y, int m) {
        double b0 = b[0];
        double b1 = b[1];
        double b2 = b[2];
        double b3 = b[3];
        double b4 = b[4];
        double b5 = b[5];
        double b6 = b[6];
        double b7 = b[7];
        for (int i = 0; i < m; i++) {
            double s = Math.fma(x3[i], b3, Math.fma(x2[i], b2, Math.fma(x1[i], b1, Math.fma(x0[i], b0, 0))));
            y[i] = Math.fma(x7[i], b7, Math.fma(x6[i], b6, Math.fma(x5[i], b5, Math.fma(x4[i], b4, s))));
        }
    }

    private static void next8(
            double[] x0, double[] x1, double[] x2, double[] x3, double[] x4, double[] x5, double[] x6, double[] x7, double[] b, int j, double[] y, int m) {
        double b0 = b[j];
        double b1 = b[j + 1];
        double b2 = b[j + 2];
        double b3 = b[j + 3];
        double b4 = b[j + 4];
        double b5 = b[j + 5];
        double b6 = b[j + 6];
        double b7 = b[j + 7];
        for (int i = 0; i < m; i++) {
            double s = Math.fma(x3[i], b3, Math.fma(x2[i], b2, Math.fma(x1[i], b1, Math.fma(x0[i], b0, y[i]))));
            y[i] = Math.fma(x7[i], b7, Math.fma(x6[i], b6, Math.fma(x5[i], b5, Math.fma(x4[i], b4, s))));
        }
    }

    /// `Xᵀ r` of neighbouring tiles, taken up one by one in their order. One instance serves one thread.
    public final class Transposed {
        private static final int GROUP = 4;

        private final double[][] lanes = new double[d][Tiles.room(TILE)];
        private final double[][] group = new double[GROUP][Tiles.room(TILE)];
        private int waiting;
        private int end;

        /// Room for the sums of one thread.
        public Transposed() {}

        /// Starts a new product.
        public void start() {
            for (double[] lane : lanes) {
                java.util.Arrays.fill(lane, 0);
            }
            waiting = 0;
        }

        /// Takes up tile `t`. Four full tiles are added together, which loads and stores the sums once instead of four times.
        ///
        /// @param r `m` elements
        public void add(int t, double[] r, int m) {
            end = t + 1;
            if (m < TILE) {
                flush(t);
                for (int j = 0; j < d; j++) {
                    Products.products(lanes[j], tiles[t][j], r, m);
                }
                return;
            }
            System.arraycopy(r, 0, group[waiting++], 0, TILE);
            if (waiting == GROUP) {
                for (int j = 0; j < d; j++) {
                    Products.products4(
                            lanes[j], tiles[t - 3][j], tiles[t - 2][j], tiles[t - 1][j], tiles[t][j], group[0], group[1], group[2], group[3]);
                }
                waiting = 0;
            }
        }

        /// Adds the tiles before `next` that wait for a fourth one.
        private void flush(int next) {
            for (int w = 0; w < waiting; w++) {
                for (int j = 0; j < d; j++) {
                    Products.products(lanes[j], tiles[next - waiting + w][j], group[w], TILE);
                }
            }
            waiting = 0;
        }

        /// Stores the product.
        ///
        /// @param y receives `d` sums
        public void finish(double[] y) {
            flush(end);
            for (int j = 0; j < d; j++) {
                y[j] = Sums.fold(lanes[j], 0, TILE);
            }
        }
    }
}
