package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.compile.Paths;
import org.jspecify.annotations.Nullable;

/// The coordinates of a compiled model: which of them can be chosen, and the way from them to those as written.
///
/// All of it is made when it is first asked for: a model whose coordinates nobody changes pays nothing.
final class Recentering {
    private final UnconstrainedModel model;
    private final Optional<Information> information;
    private @Nullable Hierarchy hierarchy;
    private final Program priorScores;
    private final Program written;
    private final Program ofWritten;

    private Recentering(UnconstrainedModel model, Optional<Information> information) {
        this.model = model;
        this.information = information;
        priorScores = new Program(q -> model.priorScores(q, hierarchy()));
        written = new Program(q -> List.copyOf(model.written(q).values()));
        ofWritten = new Program(q -> List.copyOf(model.position(q).values()));
    }

    /// {@return those of a model as written}
    static Recentering asWritten(UnconstrainedModel model) {
        return new Recentering(model, Optional.empty());
    }

    /// {@return the same model in other coordinates}
    Recentering to(Information i) {
        var moved = new LinkedHashMap<String, Coordinates.Place>();
        for (Hierarchy.Member m : hierarchy().members()) {
            LatentSite s = m.site();
            moved.put(s.name(), new Coordinates.Likelihood(own(i.precision(), s), own(i.linear(), s), turn(i, s), m.deviates() && i.shear().isPresent()));
        }
        Coordinates.Shear shear = i.shear()
                .map(s -> new Coordinates.Shear(starting(hierarchy().free(), s.free()), starting(hierarchy().located(), s.by()), s.slopes(), s.reference()))
                .orElse(null);
        var vectors = new LinkedHashMap<String, VectorLikelihood>();
        for (Information.Vectors v : i.vectors()) {
            LatentSite s = starting(v.first());
            Shape shape = s.shape();
            List<Integer> followed = IntStream.range(0, model.sites().size()).filter(k -> v.followed().contains(first(model.sites().get(k)))).boxed().toList();
            vectors.put(s.name(), new VectorLikelihood(v.precision().reshape(shape.then(shape.last(1)).dims()), v.linear().reshape(shape.dims()), followed,
                    v.slopes().reshape(shape.then(Shape.of(v.followed().size())).dims()), v.reference().reshape(shape.dims())));
        }
        return in(moved, vectors, shear, Optional.of(i));
    }

    /// {@return the same model with deviations instead of positions of the sites that deviate; empty if there are none}
    Optional<Recentering> toDeviations() {
        return hierarchy().members().stream().anyMatch(Hierarchy.Member::deviates) ? toValues(true) : Optional.empty();
    }

    /// {@return the same model with x instead of z as the position of sites that are standardised by hand; empty if there are none}
    Optional<Recentering> toCentred() {
        return toValues(false);
    }

    private Optional<Recentering> toValues(boolean deviations) {
        var moved = new LinkedHashMap<String, Coordinates.Place>();
        for (Hierarchy.Member m : hierarchy().members()) {
            if (deviations && m.deviates()) {
                moved.put(m.site().name(), new Coordinates.Deviation());
            } else if (m.byHand() != null) {
                moved.put(m.site().name(), new Coordinates.Itself());
            }
        }
        return moved.isEmpty() ? Optional.empty() : Optional.of(in(moved, Map.of(), null, Optional.empty()));
    }

    private Recentering in(
            Map<String, Coordinates.Place> moved, Map<String, VectorLikelihood> vectors, Coordinates.@Nullable Shear shear, Optional<Information> i) {
        var byHand = new LinkedHashMap<String, ByHand>();
        for (Hierarchy.Member m : hierarchy().members()) {
            ByHand own = m.byHand();
            if (own != null) {
                byHand.put(m.site().name(), own);
            }
        }
        var out = new Recentering(model.in(new Coordinates(moved, byHand, vectors, shear)), i);
        out.hierarchy = hierarchy();
        return out;
    }

    /// The sites whose coordinates are among some.
    private List<LatentSite> starting(List<LatentSite> all, List<Integer> coordinates) {
        return all.stream().filter(s -> coordinates.contains(first(s))).toList();
    }

    private LatentSite starting(int coordinate) {
        return model.sites().stream().filter(s -> s.unconstrainedShape().size() > 0 && first(s) == coordinate).findFirst().orElseThrow();
    }

    private int first(LatentSite s) {
        return model.coordinates(s.name())[0];
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

    Parametrisation parametrisation() {
        return information.map(this::parametrisation).orElse(Parametrisation.AS_WRITTEN);
    }

    private Parametrisation parametrisation(Information i) {
        List<Parametrisation.Site> chosen = new ArrayList<>();
        for (Hierarchy.Member m : hierarchy().members()) {
            chosen.add(new Parametrisation.Site(m.site().name(), own(i.precision(), m.site()),
                    turn(i, m.site()) != null ? Parametrisation.Along.DIRECTIONS : Parametrisation.Along.ELEMENTS, m.byHand() != null));
        }
        for (Information.Vectors v : i.vectors()) {
            LatentSite s = starting(v.first());
            chosen.add(new Parametrisation.Site(s.name(), eigenvalues(v.precision()).reshape(s.shape().dims()), Parametrisation.Along.VECTORS, false));
        }
        List<String> without = i.shear().map(s -> names(starting(hierarchy().free(), s.free()))).orElse(List.of());
        List<String> followed = i.shear().map(s -> names(starting(hierarchy().located(), s.by()))).orElse(List.of());
        return new Parametrisation(chosen, without, followed, List.of());
    }

    private static NDArray eigenvalues(NDArray precisions) {
        List<NDArray> out = new ArrayList<>();
        for (int g = 0; g < precisions.size(0); g++) {
            out.add(Np.maximum(Linalg.eigvalsh(precisions.get(g)), 0));
        }
        return Np.stack(out, 0);
    }

    private static List<String> names(List<LatentSite> sites) {
        return sites.stream().map(LatentSite::name).toList();
    }

    private @Nullable OrthogonalMap turn(Information i, LatentSite s) {
        return i.turns().stream().filter(t -> t.first() == model.coordinates(s.name())[0]).map(Information.Turn::directions).findFirst().orElse(null);
    }

    private synchronized Hierarchy hierarchy() {
        Hierarchy known = hierarchy;
        if (known == null) {
            known = model.hierarchy();
            hierarchy = known;
        }
        return known;
    }

    List<PosteriorDensity.Located> hierarchical() {
        return hierarchy().members().stream()
                .map(m -> new PosteriorDensity.Located(model.coordinates(m.site().name())[0], m.site().shape().size(), m.isTurnable()))
                .toList();
    }

    List<PosteriorDensity.Vectors> vectors() {
        return hierarchy().vectors().stream()
                .map(v -> new PosteriorDensity.Vectors(first(v.site()), v.site().shape().size() / v.length(), v.length(),
                        v.follows().stream().flatMapToInt(s -> Arrays.stream(model.coordinates(s.name()))).boxed().toList()))
                .toList();
    }

    int[] free() {
        return hierarchy().free().stream().flatMapToInt(s -> Arrays.stream(model.coordinates(s.name()))).toArray();
    }

    /// Derivatives of the log densities of the priors at a position, for the coordinates of [#hierarchical] and [#vectors].
    void priorScores(double[] position, double[] scores) {
        List<NDArray> values = priorScores.call(position);
        List<LatentSite> sites = Stream.concat(hierarchy().located().stream(), hierarchy().vectors().stream().map(Hierarchy.Vectors::site)).toList();
        for (int k = 0; k < values.size(); k++) {
            double[] own = values.get(k).toDoubleArray();
            System.arraycopy(own, 0, scores, first(sites.get(k)), own.length);
        }
    }

    /// {@return the position as written of a position}
    double[] written(double[] position) {
        return flat(written.call(position));
    }

    /// {@return the position of a position as written}
    double[] ofWritten(double[] position) {
        return flat(ofWritten.call(position));
    }

    private static double[] flat(List<NDArray> values) {
        return values.stream().flatMapToDouble(x -> Arrays.stream(x.toDoubleArray())).toArray();
    }

    private interface OfPosition {
        List<NDArray> at(Map<String, NDArray> position);
    }

    /// A function of a position, compiled when it is first called.
    private final class Program {
        private final OfPosition f;
        private @Nullable Paths<Executable> paths;

        Program(OfPosition f) {
            this.f = f;
        }

        List<NDArray> call(double[] position) {
            List<Dense> at = CompiledDensity.arguments(model.sites().stream().map(LatentSite::unconstrainedShape).toList(), position);
            return paths().at(at).program().call(at);
        }

        private synchronized Paths<Executable> paths() {
            Paths<Executable> known = paths;
            if (known == null) {
                List<Aval> types = model.sites().stream().map(s -> new Aval(DType.FLOAT64, s.unconstrainedShape())).toList();
                known = new Paths<>(ModelPosterior.PURPOSE, types, x -> f.at(ModelPosterior.named(model, x)), Executable::compile,
                        path -> Executable.compile(path.graph()));
                paths = known;
            }
            return known;
        }
    }
}
