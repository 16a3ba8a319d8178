package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.math.ColumnTiles;
import kiln.math.Products;
import kiln.math.Sums;
import org.jspecify.annotations.Nullable;

/// Finds the operations of a graph that can take part in loops, and holds the known operands in the shape that the loops need, each once.
///
/// - a known matrix times a vector, and its transpose times one: [MatMul];
/// - elements taken at known positions, and sums at known positions: [Gather], [ScatterAdd].
public final class Streams {
    private static final int TILE = Sums.LANES;

    /// Below this many rows a product runs as a kernel: from there on both products of a matrix add in the order of lanes.
    private static final int ROWS = Products.LONG;

    /// An operation in a loop.
    ///
    /// @param operand which operand comes tile by tile; −1 for a source
    /// @param splits  whether several instances can work on a block of the loop each; their results are joined by [Sums]
    /// @param maker   makes what works for one thread
    public record Streamed(int operand, boolean splits, Supplier<? extends Stream> maker) {
        /// {@return whether the loop makes the elements of the result, else it takes up those of the operand}
        public boolean isSource() {
            return operand < 0;
        }
    }

    private final List<ColumnTiles> matrices = new ArrayList<>();
    private final Map<Object, int[][]> positions = new IdentityHashMap<>();

    /// {@return how an operation takes part in a loop, or null}
    ///
    /// @param op    the operation
    /// @param in    types of its operands
    /// @param known the operands that are known, null elsewhere
    public @Nullable Streamed find(Structured op, List<Aval> in, List<@Nullable Dense> known) {
        if (in.getFirst().dtype() != DType.FLOAT64) {
            return null;
        }
        return switch (op) {
            case MatMul _ -> product(in, known.getFirst());
            case Gather g -> gather(g, in, known.get(1));
            case ScatterAdd s -> scatter(s, in, known.get(1));
            default -> null;
        };
    }

    private @Nullable Streamed product(List<Aval> in, @Nullable Dense matrix) {
        var a = in.get(0).shape();
        if (matrix == null || a.rank() != 2 || in.get(1).shape().dim(1) != 1) {
            return null;
        }
        int rows = a.dim(0);
        int columns = a.dim(1);
        double[] x = (double[]) matrix.storage();
        if (rows >= ROWS && columns <= Products.SHORT) {
            ColumnTiles tiles = tiles(x, rows, columns, false);
            return new Streamed(-1, true, () -> new Product(tiles));
        }
        if (columns >= ROWS && rows <= Products.SHORT) {
            ColumnTiles tiles = tiles(x, columns, rows, true);
            return new Streamed(1, true, () -> new TransposedProduct(tiles.new Transposed()));
        }
        return null;
    }

    private ColumnTiles tiles(double[] x, int rows, int columns, boolean byColumns) {
        for (ColumnTiles known : matrices) {
            if (known.holds(x, rows, columns, byColumns)) {
                return known;
            }
        }
        ColumnTiles made = ColumnTiles.of(x, rows, columns, byColumns);
        matrices.add(made);
        return made;
    }

    private static final class Product implements Stream.Source {
        private final ColumnTiles matrix;
        private double[] vector = {};

        Product(ColumnTiles matrix) {
            this.matrix = matrix;
        }

        @Override
        public void start(Object[] operands) {
            vector = (double[]) operands[1];
        }

        @Override
        public void make(int t, double[] y, int n) {
            matrix.times(t, vector, y, n);
        }
    }

    private record TransposedProduct(ColumnTiles.Transposed sum) implements Stream.Sink {
        @Override
        public void start(Object[] operands) {
            sum.start();
        }

        @Override
        public void take(int t, double[] x, int n) {
            sum.add(t, x, n);
        }

        @Override
        public void finish(double[] y) {
            sum.finish(y);
        }
    }

    private @Nullable Streamed gather(Gather op, List<Aval> in, @Nullable Dense index) {
        var x = in.getFirst().shape();
        if (index == null || op.axis() != 0 || x.rank() != 1) {
            return null;
        }
        int[][] tiles = tiles(index, x.dim(0));
        return tiles == null ? null : new Streamed(-1, true, () -> new Taken(tiles));
    }

    private @Nullable Streamed scatter(ScatterAdd op, List<Aval> in, @Nullable Dense index) {
        if (index == null || op.axis() != 0 || in.getFirst().shape().rank() != index.rank()) {
            return null;
        }
        int[][] tiles = tiles(index, op.n());
        return tiles == null ? null : new Streamed(0, ScatterAdd.blocks(index.size(), op.n()) > 1, () -> new Added(tiles, op.n()));
    }

    /// {@return positions tile by tile, or null if one is not below `n`: the kernel says so in words}
    private int @Nullable [][] tiles(Dense index, int n) {
        for (int i = 0; i < index.size(); i++) {
            if (index.longAt(i) < 0 || index.longAt(i) >= n) {
                return null;
            }
        }
        return positions.computeIfAbsent(index.storage(), _ -> cut(index));
    }

    private static int[][] cut(Dense index) {
        int[][] tiles = new int[Math.ceilDiv(index.size(), TILE)][];
        for (int t = 0; t < tiles.length; t++) {
            int[] tile = new int[Math.min(TILE, index.size() - t * TILE)];
            for (int i = 0; i < tile.length; i++) {
                tile[i] = (int) index.longAt(t * TILE + i);
            }
            tiles[t] = tile;
        }
        return tiles;
    }

    private static final class Taken implements Stream.Source {
        private final int[][] positions;
        private double[] from = {};

        Taken(int[][] positions) {
            this.positions = positions;
        }

        @Override
        public void start(Object[] operands) {
            from = (double[]) operands[0];
        }

        @Override
        public void make(int t, double[] y, int n) {
            take(from, positions[t], y, n);
        }

        private static void take(double[] x, int[] index, double[] y, int n) {
            for (int i = 0; i < n; i++) {
                y[i] = x[index[i]];
            }
        }
    }

    private static final class Added implements Stream.Sink {
        private final int[][] positions;
        private final double[] sums;

        Added(int[][] positions, int n) {
            this.positions = positions;
            this.sums = new double[n];
        }

        @Override
        public void start(Object[] operands) {
            Arrays.fill(sums, 0);
        }

        @Override
        public void take(int t, double[] x, int n) {
            add(x, positions[t], sums, n);
        }

        @Override
        public void finish(double[] y) {
            System.arraycopy(sums, 0, y, 0, sums.length);
        }

        private static void add(double[] x, int[] index, double[] y, int n) {
            for (int i = 0; i < n; i++) {
                y[index[i]] += x[i];
            }
        }
    }
}
