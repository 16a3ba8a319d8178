package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.infer.LogDensity;
import kiln.model.HandlerException;

/// The coordinates that share full blocks of the metric which warm-up estimates, as [HMCSettings#denseBlocks] names them by their sites.
final class DenseBlocks {
    private final int[][] blocks;

    private DenseBlocks(int[][] blocks) {
        this.blocks = blocks;
    }

    /// Finds the coordinates of the sites.
    ///
    /// @throws HandlerException if a name is not that of a site of the density, or comes twice
    static DenseBlocks of(HMCSettings settings, LogDensity density) {
        List<int[]> groups = SiteGroups.coordinates("denseMass", "leave the name out, or write denseMass(true) for one block of all sites.",
                settings.denseBlocks(), density);
        return new DenseBlocks(groups.stream().map(g -> Arrays.stream(g).sorted().toArray()).toArray(int[][]::new));
    }

    boolean isEmpty() {
        return blocks.length == 0;
    }

    int count() {
        return blocks.length;
    }

    int size(int block) {
        return blocks[block].length;
    }

    /// Copies the coordinates of a block.
    ///
    /// @param out length [#size]
    void gather(int block, double[] x, double[] out) {
        for (int a = 0; a < out.length; a++) {
            out[a] = x[blocks[block][a]];
        }
    }

    /// {@return the metric with the variances of one metric outside the blocks, and the matrices of others in them}
    ///
    /// @param rest   of all coordinates
    /// @param blocks one for each block, of its coordinates
    Metric metric(Metric rest, List<Metric> blocks) {
        double[] variances = IntStream.range(0, rest.dimension()).mapToDouble(rest::variance).toArray();
        return new BlockMetric(variances, this.blocks, blocks.stream().map(m -> new DenseMetric(m.inverseMassMatrix())).toList());
    }

    /// {@return the part of a metric that belongs to a block}
    Metric part(int block, Metric whole) {
        int[] own = blocks[block];
        double[][] all = whole.inverseMassMatrix();
        double[][] s = new double[own.length][own.length];
        for (int a = 0; a < own.length; a++) {
            for (int b = 0; b < own.length; b++) {
                s[a][b] = all[own[a]][own[b]];
            }
        }
        return new DenseMetric(s);
    }
}
