package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.infer.store.ChainState;

/// The metric of which some groups of coordinates have a full block each, and every other coordinate has a variance.
final class BlockMetric extends CorrelatedMetric {
    /// The variances outside the blocks, and 1 in them.
    private final DiagonalMetric rest;

    private final int[][] blocks;
    private final List<DenseMetric> dense;

    /// @param variances of every coordinate; those of coordinates in blocks are not used; owned
    /// @param blocks    disjoint, increasing numbers of coordinates; owned
    /// @param dense     the matrix of each block
    BlockMetric(double[] variances, int[][] blocks, List<DenseMetric> dense) {
        this.blocks = blocks;
        this.dense = dense;
        for (int[] block : blocks) {
            for (int i : block) {
                variances[i] = 1;
            }
        }
        rest = new DiagonalMetric(variances);
    }

    @Override
    String words() {
        return "full for groups of " + Arrays.toString(Arrays.stream(blocks).mapToInt(b -> b.length).toArray())
                + " coordinates";
    }

    @Override
    public int dimension() {
        return rest.dimension();
    }

    @Override
    public double[][] inverseMassMatrix() {
        double[][] s = rest.inverseMassMatrix();
        for (int k = 0; k < blocks.length; k++) {
            double[][] own = dense.get(k).covariance();
            for (int a = 0; a < own.length; a++) {
                for (int b = 0; b < own.length; b++) {
                    s[blocks[k][a]][blocks[k][b]] = own[a][b];
                }
            }
        }
        return s;
    }

    @Override
    public double variance(int i) {
        for (int k = 0; k < blocks.length; k++) {
            int a = Arrays.binarySearch(blocks[k], i);
            if (a >= 0) {
                return dense.get(k).variance(a);
            }
        }
        return rest.variance(i);
    }

    @Override
    void save(ChainState.Builder state) {
        List<Long> layout = new ArrayList<>();
        for (int[] block : blocks) {
            layout.add((long) block.length);
            Arrays.stream(block).forEach(i -> layout.add((long) i));
        }
        state.put("metric.blocks", layout.stream().mapToLong(Long::longValue).toArray())
                .put("metric.rest", rest.variances())
                .put("metric.matrices", dense.stream().flatMap(m -> Arrays.stream(m.covariance())).flatMapToDouble(Arrays::stream).toArray());
    }

    /// {@return the metric that was saved in a state}
    static BlockMetric of(ChainState state) {
        long[] layout = state.longs("metric.blocks");
        double[] matrices = state.doubles("metric.matrices");
        List<int[]> blocks = new ArrayList<>();
        List<DenseMetric> dense = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < layout.length; at += (int) layout[at] + 1) {
            int n = (int) layout[at];
            blocks.add(Arrays.stream(layout, at + 1, at + 1 + n).mapToInt(i -> (int) i).toArray());
            double[][] s = new double[n][];
            for (int a = 0; a < n; a++, from += n) {
                s[a] = Arrays.copyOfRange(matrices, from, from + n);
            }
            dense.add(new DenseMetric(s));
        }
        return new BlockMetric(state.doubles("metric.rest"), blocks.toArray(int[][]::new), List.copyOf(dense));
    }

    @Override
    void unscaleTransposed(double[] x) {
        rest.unscaleTransposed(x);
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] factor = dense.get(k).factor();
            for (int a = block.length - 1; a >= 0; a--) {
                // Column-oriented back substitution, as DenseMetric's.
                double p = x[block[a]] / factor[a][a];
                x[block[a]] = p;
                for (int b = 0; b < a; b++) {
                    x[block[b]] -= factor[a][b] * p;
                }
            }
        }
    }

    @Override
    void multiply(double[] x, double[] y) {
        rest.multiply(x, y);
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] s = dense.get(k).covariance();
            for (int a = 0; a < block.length; a++) {
                y[block[a]] = dot(s[a], block, x);
            }
        }
    }

    private static double dot(double[] row, int[] block, double[] x) {
        double sum = 0;
        for (int b = 0; b < block.length; b++) {
            sum += row[b] * x[block[b]];
        }
        return sum;
    }

    @Override
    void scale(double[] x, double[] y) {
        rest.scale(x, y);
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] factor = dense.get(k).factor();
            for (int a = 0; a < block.length; a++) {
                double sum = 0;
                for (int b = 0; b <= a; b++) {
                    sum += factor[a][b] * x[block[b]];
                }
                y[block[a]] = sum;
            }
        }
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        rest.scale(x, y);
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] factor = dense.get(k).factor();
            for (int a = 0; a < block.length; a++) {
                double sum = 0;
                for (int b = a; b < block.length; b++) {
                    sum += factor[b][a] * x[block[b]];
                }
                y[block[a]] = sum;
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockMetric m && rest.equals(m.rest) && Arrays.deepEquals(blocks, m.blocks) && dense.equals(m.dense);
    }

    @Override
    public int hashCode() {
        return 31 * rest.hashCode() + dense.hashCode();
    }

    @Override
    public String toString() {
        return "Metric with blocks " + Arrays.deepToString(blocks) + " " + dense + ", rest " + rest;
    }
}
