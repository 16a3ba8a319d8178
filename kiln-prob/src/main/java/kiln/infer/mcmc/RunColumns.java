package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.infer.PosteriorDensity;
import kiln.infer.Postprocessing;
import kiln.infer.store.Column;

/// What a run keeps of every draw: the sites and deterministic sites of the model, or what a function makes of them; statistics, unconstrained values on request.
final class RunColumns {
    static final String POSTERIOR = "posterior";
    static final String STATISTICS = "sample_stats";
    static final String UNCONSTRAINED = "unconstrained_posterior";

    private final PosteriorDensity target;
    private final Optional<Postprocessing> postprocessing;
    private final List<Column> columns;
    private final Map<String, Statistic> statistics;

    private RunColumns(PosteriorDensity target, Optional<Postprocessing> postprocessing, List<Column> columns, Map<String, Statistic> statistics) {
        this.target = target;
        this.postprocessing = postprocessing;
        this.columns = columns;
        this.statistics = statistics;
    }

    /// @param postprocessing the function of [SiteFields#postprocessFn], compiled
    /// @param keep           statistics to keep
    /// @param fields         the sites to leave out, and those to keep on the unconstrained scale as well
    static RunColumns of(PosteriorDensity target, Optional<Postprocessing> postprocessing, Set<Statistic> keep, SiteFields fields) {
        double[][][] one = {{new double[target.dimension()]}};
        Map<String, NDArray> sites = kept(target, postprocessing, one);
        Map<String, NDArray> free = target.unconstrained(one);
        fields.check(sites.keySet(), free.keySet());
        List<Column> columns = new ArrayList<>();
        sites.forEach((name, x) -> {
            if (!fields.without().contains(name)) {
                columns.add(column(POSTERIOR, name, x));
            }
        });
        var statistics = new java.util.HashMap<String, Statistic>();
        keep.stream().sorted().forEach(s -> {
            statistics.put(s.fieldName(), s);
            columns.add(new Column(STATISTICS, s.fieldName(), DType.FLOAT64, Shape.SCALAR));
        });
        free.forEach((name, x) -> {
            if (fields.with().contains(name)) {
                columns.add(column(UNCONSTRAINED, name, x));
            }
        });
        return new RunColumns(target, postprocessing, List.copyOf(columns), Map.copyOf(statistics));
    }

    private static Column column(String group, String name, NDArray x) {
        return new Column(group, name, x.dtype(), x.shape().slice(2, x.rank()));
    }

    List<Column> columns() {
        return columns;
    }

    private static Map<String, NDArray> kept(PosteriorDensity target, Optional<Postprocessing> postprocessing, double[][][] positions) {
        SequencedMap<String, NDArray> sites = target.constrain(positions);
        return postprocessing.map(p -> p.at(sites)).orElse(sites);
    }

    /// {@return the names that summary, verdict and stop rule do not look at: those of deterministic sites, unless nothing else is kept}
    Set<String> deterministic() {
        Set<String> out = target.deterministic();
        return columns.stream().allMatch(c -> !c.group().equals(POSTERIOR) || out.contains(c.name())) ? Set.of() : out;
    }

    /// {@return the elements of every column for the draws of a member of a group, row by row}
    List<Object> of(DrawBlock block, int member) {
        double[][][] positions = {block.positions(member)};
        Map<String, NDArray> sites = kept(target, postprocessing, positions);
        Map<String, NDArray> free = target.unconstrained(positions);
        return columns.stream()
                .map(c -> switch (c.group()) {
                    case POSTERIOR -> storage(sites, c);
                    case UNCONSTRAINED -> storage(free, c);
                    default -> block.statistic(member, java.util.Objects.requireNonNull(statistics.get(c.name())));
                })
                .toList();
    }

    /// {@return the elements of every column, none of them a statistic, for positions of the chain, row by row}
    List<Object> of(double[][] positions) {
        var draws = new DrawBlock(1, positions.length, List.of());
        draws.add(positions);
        return of(draws, 0);
    }

    /// {@return what is kept of every draw, in a line}
    String text() {
        return columns.stream().map(c -> c.group() + "/" + c.name().replaceAll("\\R", " ") + " " + c.dtype() + c.shape()).collect(Collectors.joining(", "));
    }

    private static Object storage(Map<String, NDArray> from, Column c) {
        return java.util.Objects.requireNonNull(from.get(c.name())).known().storage();
    }
}
