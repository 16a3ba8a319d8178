package kiln.bench.heldout;

import static kiln.model.Handlers.*;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.model.Model;

/// A model that was named and written before it was run, and that nothing is to be chosen by: what is changed because of its figures makes it worthless here.
///
/// @param name    of the row
/// @param program from a key of the covariates to the model; the data are the sites whose names begin with `y`
/// @param truth   the values that the data is simulated with; effects are drawn from their priors
public record HeldOut(String name, Function<PRNGKey, Model> program, Map<String, ? extends Number> truth) {
    private static final String DATA = "y";

    /// The map is copied.
    public HeldOut {
        truth = Map.copyOf(truth);
    }

    /// {@return all of them}
    public static List<HeldOut> all() {
        return Stream.of(WrittenWithZ.models(), Hierarchies.models(), Regressions.models(), Vectors.models()).flatMap(List::stream).toList();
    }

    /// {@return the posterior of data that is simulated}
    ///
    /// @param dataSet its number: the key of covariates, effects and data
    public Model on(long dataSet) {
        PRNGKey[] keys = PRNGKey.key(dataSet).split();
        Model model = program.apply(keys[0]);
        Map<String, NDArray> data = new HashMap<>();
        trace(model, condition(truth), seed(keys[1])).samples().forEach((site, drawn) -> {
            if (site.startsWith(DATA)) {
                data.put(site, drawn.value());
            }
        });
        return handle(model, condition(data));
    }
}
