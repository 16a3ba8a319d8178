package kiln.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kiln.array.NDArray;
import kiln.model.Message;
import kiln.model.Trace;

/// Which sites are at fault where a log density is not finite.
///
/// @param run   the run of the model at the position
/// @param terms the terms of the log density there, by site
record NotFinite(Trace run, Map<String, NDArray> terms) {
    /// {@return a line for each site whose term is not finite}
    List<String> lines() {
        List<String> out = new ArrayList<>();
        terms.forEach((name, term) -> {
            if (!Double.isFinite(term.item())) {
                String why = Optional.of(name)
                        .filter(run.samples()::containsKey)
                        .flatMap(run::outsideSupport)
                        .map(value -> ": " + value + " is outside the support, values that are "
                                + run.sample(name).distribution().support().description())
                        .orElse("");
                out.add("site \"" + name + "\" has log density " + term.item() + why);
            }
        });
        return out;
    }

    /// {@return the statement and the user's line of the first of them in the order of the model, or an empty text}
    String place() {
        for (Message m : run.sites().values()) {
            NDArray term = terms.get(m.name());
            if (term != null && !Double.isFinite(term.item())) {
                return m.label() + ", " + m.place();
            }
        }
        return "";
    }
}
