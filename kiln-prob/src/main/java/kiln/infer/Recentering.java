package kiln.infer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.compile.Executable;
import kiln.compile.Paths;
import org.jspecify.annotations.Nullable;

/// The coordinates of a compiled model: which of them can be chosen, and the way from them to those as written.
///
/// All of it is made when it is first asked for: a model whose coordinates nobody changes pays nothing.
final class Recentering {
    private final UnconstrainedModel model;
    private final Optional<Information> information;
    private @Nullable List<LatentSite> sites;
    private @Nullable Paths<Executable> priorScores;
    private @Nullable Paths<Executable> written;

    private Recentering(UnconstrainedModel model, Optional<Information> information) {
        this.model = model;
        this.information = information;
    }

    /// {@return those of a model as written}
    static Recentering asWritten(UnconstrainedModel model) {
        return new Recentering(model, Optional.empty());
    }

    /// {@return the same model in other coordinates}
    Recentering to(Information i) {
        var moved = new LinkedHashMap<String, Coordinates.Likelihood>();
        for (LatentSite s : moved(i)) {
            moved.put(s.name(), new Coordinates.Likelihood(own(i.precision(), s), own(i.linear(), s)));
        }
        var out = new Recentering(model.in(new Coordinates(moved)), Optional.of(i));
        out.sites = sites();
        return out;
    }

    private List<LatentSite> moved(Information i) {
        return sites().stream().filter(s -> Arrays.stream(model.coordinates(s.name())).allMatch(c -> Double.isFinite(i.precision()[c]))).toList();
    }

    private NDArray own(double[] all, LatentSite s) {
        return NDArray.of(s.shape(), Arrays.stream(model.coordinates(s.name())).mapToDouble(i -> all[i]).toArray());
    }

    /// {@return the model in these coordinates}
    UnconstrainedModel model() {
        return model;
    }

    Optional<Information> information() {
        return information;
    }

    /// {@return the precisions by site; empty as written}
    SequencedMap<String, NDArray> precisions() {
        var out = new LinkedHashMap<String, NDArray>();
        information.ifPresent(i -> moved(i).forEach(s -> out.put(s.name(), own(i.precision(), s))));
        return out;
    }

    private synchronized List<LatentSite> sites() {
        List<LatentSite> known = sites;
        if (known == null) {
            known = model.hierarchical();
            sites = known;
        }
        return known;
    }

    int[] hierarchical() {
        return sites().stream().flatMapToInt(s -> Arrays.stream(model.coordinates(s.name()))).toArray();
    }

    /// Derivatives of the log densities of the priors at a position, for the coordinates of [#hierarchical].
    void priorScores(double[] position, double[] scores) {
        Paths<Executable> program;
        synchronized (this) {
            program = priorScores == null ? paths(q -> model.priorScores(q, sites())) : priorScores;
            priorScores = program;
        }
        List<NDArray> values = call(program, position);
        for (int k = 0; k < values.size(); k++) {
            double[] own = values.get(k).toDoubleArray();
            System.arraycopy(own, 0, scores, model.coordinates(sites().get(k).name())[0], own.length);
        }
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
