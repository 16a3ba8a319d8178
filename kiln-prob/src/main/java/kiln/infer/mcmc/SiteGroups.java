package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.model.HandlerException;

/// Groups of sites, as settings name them, and the coordinates that they stand for.
final class SiteGroups {
    private SiteGroups() {}

    /// {@return the coordinates of each group, site after site}
    ///
    /// @param setting what names the groups
    /// @param remedy  what to write instead of a name that means nothing
    /// @throws HandlerException if a name is not that of a site of the density, or comes twice
    static List<int[]> coordinates(String setting, String remedy, Collection<List<String>> groups, LogDensity density) {
        List<int[]> out = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (List<String> group : groups) {
            for (String site : group) {
                if (!seen.add(site) || coordinates(density, site).length == 0) {
                    throw new HandlerException(new Diagnosis(setting, "a group must consist of sites that gradients move, each in one group")
                            .expected("names of continuous random variables of the model")
                            .got("\"" + site + "\" in " + groups)
                            .at(UserCode.line())
                            .fix(remedy));
                }
            }
            out.add(group.stream().flatMapToInt(site -> IntStream.of(coordinates(density, site))).toArray());
        }
        return out;
    }

    private static int[] coordinates(LogDensity density, String site) {
        return switch (density) {
            case PosteriorDensity p -> p.coordinates(site);
            case ConditionalDensity c -> coordinates(c.whole(), site);
            default -> new int[0];
        };
    }

    /// {@return the metric that has given parts for some groups of sites, and variance 1 for the other coordinates}
    ///
    /// @throws HandlerException if a name is not that of a site of the density, or comes twice, or a part is of another size
    static Metric metric(Map<List<String>, Metric> parts, LogDensity density) {
        List<List<String>> groups = List.copyOf(parts.keySet());
        List<Metric> metrics = List.copyOf(parts.values());
        List<int[]> coordinates = coordinates("inverseMassMatrix", "leave the name out: what is not named starts with variance 1.", groups, density);
        double[] variances = new double[density.dimension()];
        Arrays.fill(variances, 1);
        List<int[]> blocks = new ArrayList<>();
        List<DenseMetric> dense = new ArrayList<>();
        for (int k = 0; k < groups.size(); k++) {
            Metric part = metrics.get(k);
            int[] own = coordinates.get(k);
            if (part.dimension() != own.length) {
                throw new HandlerException(new Diagnosis("inverseMassMatrix", "a part does not have the size of its sites")
                        .expected(own.length + " unconstrained coordinates of " + groups.get(k))
                        .got("a metric of " + part.dimension())
                        .at(UserCode.line()));
            }
            if (part instanceof CorrelatedMetric) {
                int[] order = IntStream.range(0, own.length).boxed().sorted((a, b) -> Integer.compare(own[a], own[b])).mapToInt(i -> i).toArray();
                blocks.add(Arrays.stream(order).map(a -> own[a]).toArray());
                dense.add(new DenseMetric(permuted(part.inverseMassMatrix(), order)));
            } else {
                for (int a = 0; a < own.length; a++) {
                    variances[own[a]] = part.variance(a);
                }
            }
        }
        return blocks.isEmpty() ? new DiagonalMetric(variances) : new BlockMetric(variances, blocks.toArray(int[][]::new), List.copyOf(dense));
    }

    private static double[][] permuted(double[][] s, int[] order) {
        double[][] out = new double[order.length][order.length];
        for (int a = 0; a < order.length; a++) {
            for (int b = 0; b < order.length; b++) {
                out[a][b] = s[order[a]][order[b]];
            }
        }
        return out;
    }
}
