package kiln.model.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Names;
import org.jspecify.annotations.Nullable;

/// Hands out named values during one run, and complains at its end about names that no site asked for.
abstract class GivenValues implements Interceptor {
    private final String who;
    private final Map<String, NDArray> data;
    private final boolean allowsUnused;
    private final Set<String> seen = new LinkedHashSet<>();
    private final Set<String> others = new LinkedHashSet<>();

    GivenValues(String who, Map<String, NDArray> data, boolean allowsUnused) {
        this.who = who;
        this.data = data;
        this.allowsUnused = allowsUnused;
    }

    /// {@return arrays, in the order of the map}
    static Map<String, NDArray> arrays(Map<String, ? extends Number> data) {
        Map<String, NDArray> out = new LinkedHashMap<>();
        data.forEach((name, value) -> out.put(name, NDArray.as(value)));
        return java.util.Collections.unmodifiableMap(out);
    }

    /// {@return the value for a site that can be given one, or null}
    final @Nullable NDArray valueFor(Message m) {
        seen.add(m.name());
        return data.get(m.name());
    }

    /// Remembers a site that cannot be given a value here.
    final void pass(Message m) {
        if (m.isSite()) {
            others.add(m.name());
        }
    }

    @Override
    public final void finish() {
        List<String> unknown = new ArrayList<>(data.keySet());
        unknown.removeAll(seen);
        if (allowsUnused || unknown.isEmpty()) {
            return;
        }
        List<String> wrongKind = unknown.stream().filter(others::contains).toList();
        String allow = who + "(data).allowUnused() allows names that a run does not reach.";
        throw new HandlerException(new Diagnosis(
                        who, unknown.size() + (unknown.size() == 1 ? " name matches" : " names match") + " no site that takes a value here")
                .expected("names among " + Names.list(seen))
                .got(Names.list(unknown)
                        + (wrongKind.isEmpty() ? "" : "; " + Names.list(wrongKind) + " is not a random variable"))
                .at(UserCode.line())
                .fix(Names.remedy(unknown, seen, "leave the name out") + "; " + allow));
    }
}
