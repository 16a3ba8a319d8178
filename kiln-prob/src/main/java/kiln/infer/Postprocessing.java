package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Storage;
import kiln.array.UserCode;
import kiln.model.GivenSites;
import kiln.model.HandlerException;

/// What a user makes of the values of each draw, traced and compiled as the model itself: see [kiln.infer.mcmc.MCMC#postprocessFn].
///
/// May be used by several threads at a time.
public final class Postprocessing {
    private static final String WHO = "postprocessFn";

    private final List<Aval> types;
    private final SiteValues made;

    private Postprocessing(List<Aval> types, SiteValues made) {
        this.types = types;
        this.made = made;
    }

    /// {@return a function of the draws of a density}
    ///
    /// @param function from the values of all sites and deterministic sites of a draw to what is kept of it
    /// @param density  whose draws they are
    /// @throws HandlerException if the function returns nothing
    public static Postprocessing of(UnaryOperator<Map<String, NDArray>> function, PosteriorDensity density) {
        List<String> names = new ArrayList<>();
        List<Aval> types = new ArrayList<>();
        SequencedMap<String, NDArray> one = density.constrain(new double[][][] {{new double[density.dimension()]}});
        one.forEach((name, x) -> {
            names.add(name);
            types.add(new Aval(x.dtype(), x.shape().slice(2, x.rank())));
        });
        var out = new Postprocessing(types, new SiteValues(WHO, "postprocessed array", types, x -> {
            var draw = new LinkedHashMap<String, NDArray>();
            for (int i = 0; i < names.size(); i++) {
                draw.put(names.get(i), x.get(i));
            }
            return named(function.apply(new GivenSites(WHO, draw)));
        }));
        out.at(one);
        return out;
    }

    /// In the order of the function if it has one: the order of other maps differs from process to process, and that of the arrays of a run must not.
    private static SequencedMap<String, NDArray> named(Map<String, NDArray> made) {
        if (made.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "it returns no array, so nothing would be kept of the draws")
                    .expected("at least one array by name")
                    .at(UserCode.line())
                    .fix("return what is to be kept: draw -> Map.of(\"ratio\", draw.get(\"a\").div(draw.get(\"b\")))."));
        }
        return made instanceof SequencedMap<String, NDArray> sequenced ? sequenced : new TreeMap<>(made);
    }

    /// {@return what is kept of draws, shape `[chains, draws, …]`}
    ///
    /// @param sites values of all sites, shape `[chains, draws, …]`, as [PosteriorDensity#constrain] returns them
    /// @throws HandlerException if an array is made of some draws only, or is of another type
    public SequencedMap<String, NDArray> at(SequencedMap<String, NDArray> sites) {
        List<Object> columns = sites.values().stream().map(x -> x.known().storage()).toList();
        NDArray any = sites.firstEntry().getValue();
        return made.at(any.size(0), any.size(1), row -> {
            List<Dense> draw = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                int size = types.get(i).shape().size();
                Object own = Storage.allocate(types.get(i).dtype(), size);
                System.arraycopy(columns.get(i), row * size, own, 0, size);
                draw.add(Dense.of(types.get(i), own));
            }
            return draw;
        });
    }
}
