package kiln.infer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.compile.Executable;
import kiln.compile.Paths;
import org.jspecify.annotations.Nullable;

/// What the coordinates of a compiled model are, which of them can be chosen, and the way from them to those as written.
///
/// All of it is made when it is first asked for: a model whose coordinates nobody changes pays nothing.
final class Recentering {
    private final UnconstrainedModel model;
    private final double[] centering;
    private @Nullable List<LatentSite> sites;
    private @Nullable Paths<Executable> located;
    private @Nullable Paths<Executable> written;

    /// @param model    the model in its coordinates
    /// @param centering c of every coordinate
    private Recentering(UnconstrainedModel model, double[] centering) {
        this.model = model;
        this.centering = centering;
    }

    /// {@return those of a model as written}
    static Recentering asWritten(UnconstrainedModel model) {
        double[] ones = new double[model.dimension()];
        Arrays.fill(ones, 1);
        return new Recentering(model, ones);
    }

    UnconstrainedModel model() {
        return model;
    }

    double[] centering() {
        return centering.clone();
    }

    boolean isAsWritten() {
        return Arrays.stream(centering).allMatch(c -> c == 1);
    }

    private synchronized List<LatentSite> sites() {
        List<LatentSite> known = sites;
        if (known == null) {
            known = model.centerable();
            sites = known;
        }
        return known;
    }

    int[] centerable() {
        return sites().stream().flatMapToInt(s -> Arrays.stream(model.coordinates(s.name()))).toArray();
    }

    /// {@return the same model in other coordinates}
    Recentering to(double[] c) {
        if (c.length != centering.length || IntStream.range(0, c.length).anyMatch(i -> !(c[i] >= 0 && c[i] <= 1) || (c[i] != 1 && !isCenterable(i)))) {
            throw new IllegalArgumentException(new Diagnosis("centering", "these coordinates cannot be had")
                    .expected("a number in [0, 1] for each of " + centering.length + " coordinates, 1 for those that are not among "
                            + Arrays.toString(centerable()))
                    .got(Arrays.toString(c))
                    .message());
        }
        var bySite = new LinkedHashMap<String, NDArray>();
        bySite(c).forEach((name, own) -> {
            if (Arrays.stream(own.toDoubleArray()).anyMatch(v -> v != 1)) {
                bySite.put(name, own);
            }
        });
        var out = new Recentering(model.centered(bySite), c.clone());
        out.sites = sites();
        return out;
    }

    private boolean isCenterable(int coordinate) {
        return Arrays.stream(centerable()).anyMatch(i -> i == coordinate);
    }

    /// {@return c by site, a number where all elements have the same}
    SequencedMap<String, NDArray> bySite() {
        return bySite(centering);
    }

    private SequencedMap<String, NDArray> bySite(double[] c) {
        var out = new LinkedHashMap<String, NDArray>();
        for (LatentSite s : sites()) {
            double[] own = Arrays.stream(model.coordinates(s.name())).mapToDouble(i -> c[i]).toArray();
            boolean same = Arrays.stream(own).distinct().count() == 1;
            out.put(s.name(), same ? NDArray.as(own[0]) : NDArray.of(s.shape(), own));
        }
        return out;
    }

    /// Location and scale of every coordinate of [#centerable] at a position.
    void located(double[] position, double[] loc, double[] scale) {
        Paths<Executable> program = located();
        List<NDArray> values = call(program, position);
        for (int k = 0; k < sites().size(); k++) {
            int from = model.coordinates(sites().get(k).name())[0];
            double[] l = values.get(2 * k).toDoubleArray();
            System.arraycopy(l, 0, loc, from, l.length);
            System.arraycopy(values.get(2 * k + 1).toDoubleArray(), 0, scale, from, l.length);
        }
    }

    private synchronized Paths<Executable> located() {
        Paths<Executable> known = located;
        if (known == null) {
            known = paths(q -> model.located(q, sites()));
            located = known;
        }
        return known;
    }

    /// {@return the position as written of a position}
    double[] written(double[] position) {
        Paths<Executable> program;
        synchronized (this) {
            program = written == null ? paths(q -> List.copyOf(model.written(q).values())) : written;
            written = program;
        }
        return call(program, position).stream().flatMapToDouble(x -> Arrays.stream(x.toDoubleArray())).toArray();
    }

    private interface OfPosition {
        List<NDArray> at(Map<String, NDArray> position);
    }

    private Paths<Executable> paths(OfPosition f) {
        List<Aval> types = model.sites().stream().map(s -> new Aval(DType.FLOAT64, s.unconstrainedShape())).toList();
        return new Paths<>(ModelPosterior.PURPOSE, types, x -> f.at(ModelPosterior.named(model, x)), Executable::compile,
                path -> Executable.compile(path.graph()));
    }

    private List<NDArray> call(Paths<Executable> program, double[] position) {
        List<Dense> at = CompiledDensity.arguments(model.sites().stream().map(LatentSite::unconstrainedShape).toList(), position);
        return program.at(at).program().call(at);
    }
}
