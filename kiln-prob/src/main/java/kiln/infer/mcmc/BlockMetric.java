package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.infer.store.ChainState;

/// The metric of which some groups of coordinates have a full block each, and every other coordinate has a variance.
final class BlockMetric implements Metric {
    private final double[] variances;
    private final double[] momentumScale;
    private final int[][] blocks;
    private final List<DenseMetric> dense;

    /// @param variances of every coordinate; those of coordinates in blocks are not used; owned
    /// @param blocks    disjoint, increasing numbers of coordinates; owned
    /// @param dense     the matrix of each block
    BlockMetric(double[] variances, int[][] blocks, List<DenseMetric> dense) {
        this.variances = variances;
        this.blocks = blocks;
        this.dense = dense;
        momentumScale = Arrays.stream(variances).map(v -> 1 / Math.sqrt(v)).toArray();
        for (int k = 0; k < blocks.length; k++) {
            for (int a = 0; a < blocks[k].length; a++) {
                variances[blocks[k][a]] = dense.get(k).variance(a);
                momentumScale[blocks[k][a]] = 1;
            }
        }
    }

    @Override
    public int dimension() {
        return variances.length;
    }

    @Override
    public double[][] inverseMassMatrix() {
        double[][] s = new double[variances.length][variances.length];
        for (int i = 0; i < variances.length; i++) {
            s[i][i] = variances[i];
        }
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
        return variances[i];
    }

    @Override
    public void save(ChainState.Builder state) {
        List<Long> layout = new ArrayList<>();
        for (int[] block : blocks) {
            layout.add((long) block.length);
            Arrays.stream(block).forEach(i -> layout.add((long) i));
        }
        state.put("metric.blocks", layout.stream().mapToLong(Long::longValue).toArray())
                .put("metric.rest", variances)
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
    public void sampleMomentum(ChainRandom random, double[] p) {
        for (int i = 0; i < p.length; i++) {
            p[i] = random.normal() * momentumScale[i];
        }
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] factor = dense.get(k).factor();
            for (int a = block.length - 1; a >= 0; a--) {
                // Column-oriented back substitution, as DenseMetric's.
                double x = p[block[a]] / factor[a][a];
                p[block[a]] = x;
                for (int b = 0; b < a; b++) {
                    p[block[b]] -= factor[a][b] * x;
                }
            }
        }
    }

    @Override
    public double velocity(double[] p, double[] v) {
        for (int i = 0; i < p.length; i++) {
            v[i] = variances[i] * p[i];
        }
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] s = dense.get(k).covariance();
            for (int a = 0; a < block.length; a++) {
                v[block[a]] = dot(s[a], block, p);
            }
        }
        return 0.5 * Dots.dot(p, v);
    }

    private static double dot(double[] row, int[] block, double[] x) {
        double sum = 0;
        for (int b = 0; b < block.length; b++) {
            sum += row[b] * x[block[b]];
        }
        return sum;
    }

    @Override
    public void scale(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.sqrt(variances[i]) * x[i];
        }
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
    public void scaleTransposed(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.sqrt(variances[i]) * x[i];
        }
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
    public void kickDrift(double eps, double[] q, double[] p, double[] g, double[] qNext, double[] pHalf) {
        double half = 0.5 * eps;
        for (int i = 0; i < q.length; i++) {
            double momentum = p[i] + half * g[i];
            pHalf[i] = momentum;
            qNext[i] = q[i] + eps * (variances[i] * momentum);
        }
        for (int k = 0; k < blocks.length; k++) {
            int[] block = blocks[k];
            double[][] s = dense.get(k).covariance();
            for (int a = 0; a < block.length; a++) {
                qNext[block[a]] = q[block[a]] + eps * dot(s[a], block, pHalf);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockMetric m && Arrays.equals(variances, m.variances) && Arrays.deepEquals(blocks, m.blocks) && dense.equals(m.dense);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(variances) + dense.hashCode();
    }

    @Override
    public String toString() {
        return "Metric with blocks " + Arrays.deepToString(blocks) + " " + dense + ", variances " + Arrays.toString(variances);
    }
}
