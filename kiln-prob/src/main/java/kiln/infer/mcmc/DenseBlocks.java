package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
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
        List<int[]> out = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (List<String> group : settings.denseBlocks()) {
            for (String site : group) {
                if (!seen.add(site) || coordinates(density, site).length == 0) {
                    throw new HandlerException(new Diagnosis("denseMass", "a group must consist of sites that gradients move, each in one group")
                            .expected("names of continuous random variables of the model")
                            .got("\"" + site + "\" in " + settings.denseBlocks())
                            .at(UserCode.line())
                            .fix("leave the name out, or write denseMass(true) for one block of all sites."));
                }
            }
            out.add(group.stream().flatMapToInt(site -> IntStream.of(coordinates(density, site))).sorted().toArray());
        }
        return new DenseBlocks(out.toArray(int[][]::new));
    }

    private static int[] coordinates(LogDensity density, String site) {
        return switch (density) {
            case PosteriorDensity p -> p.coordinates(site);
            case ConditionalDensity c -> coordinates(c.whole(), site);
            default -> new int[0];
        };
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
