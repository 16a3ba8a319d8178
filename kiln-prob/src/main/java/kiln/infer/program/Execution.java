package kiln.infer.program;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.model.Message;
import kiln.model.Names;
import kiln.model.Trace;

/// The outcome of one run of a model: the values of the random variables and the deterministic sites that it reached.
///
/// @param values name and value in the order of the run; data is not among them
public record Execution(SequencedMap<String, NDArray> values) {
    /// An outcome over a copy of the values.
    public Execution {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    /// {@return what a run reached and knows}
    static Execution of(Trace run) {
        var values = new LinkedHashMap<String, NDArray>();
        run.sites().forEach((name, site) -> {
            boolean kept = switch (site) {
                case Message.Sample s -> !s.isObserved();
                case Message.Deterministic _ -> true;
                default -> false;
            };
            if (kept && site.requireValue().isKnown()) {
                values.put(name, site.requireValue());
            }
        });
        return new Execution(values);
    }

    /// {@return whether the run reached a site of this name}
    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /// {@return the value of a site}
    ///
    /// @throws IllegalArgumentException if the run did not reach it
    public NDArray value(String name) {
        NDArray value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(new Diagnosis("Execution", "this run did not reach the site")
                    .expected("one of " + Names.list(values.keySet()))
                    .got("\"" + name + "\"")
                    .at(UserCode.line())
                    .fix("ask execution.contains(\"" + name + "\") first.")
                    .message());
        }
        return value;
    }
}
