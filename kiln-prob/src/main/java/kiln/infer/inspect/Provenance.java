package kiln.infer.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Validation;
import kiln.graph.Node;
import kiln.graph.Tracer;
import kiln.model.Handler;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// Finds out which sites the density of each site is computed from: the model is traced with the values of its sites as arguments.
///
/// @param trace   a run of the model
/// @param parents by site: the sites of which its log density, or a deterministic value, is a function; itself left out
record Provenance(Trace trace, Map<String, Set<String>> parents) {
    private static final String PURPOSE = "inspection";

    /// Traces a model.
    ///
    /// @param isSource which sites count as sources; what the others contribute is attributed to the sources behind them
    static Provenance of(Model model, Predicate<Message> isSource) {
        Handler seed = Handlers.seed(PRNGKey.key(0));
        Trace first = Handlers.trace(model, seed, Handlers.substitute(Provenance::drawn));
        List<Message> sources = first.sites().values().stream().filter(isSource).toList();
        List<Aval> types = sources.stream()
                .map(m -> new Aval(m.requireValue().dtype(), m.requireValue().shape()))
                .toList();
        List<String> names = new ArrayList<>();
        var graph = Tracer.trace(PURPOSE, types, x -> Validation.without(() -> {
                    Map<String, NDArray> given = new LinkedHashMap<>();
                    for (int i = 0; i < sources.size(); i++) {
                        given.put(sources.get(i).name(), x.get(i));
                    }
                    Map<String, NDArray> computed = new LinkedHashMap<>();
                    Trace run = Handlers.trace(model, seed, Handlers.substitute(m -> {
                        if (m instanceof Message.Deterministic d) {
                            computed.put(d.name(), d.value());
                        }
                        NDArray value = m.isSite() ? given.get(m.name()) : null;
                        return value != null ? Optional.of(value) : drawn(m);
                    }));
                    for (Message m : run.sites().values()) {
                        if (m instanceof Message.Sample s) {
                            computed.put(s.name(), s.logProb());
                        }
                    }
                    names.addAll(computed.keySet());
                    return List.copyOf(computed.values());
                }))
                .graph();
        Map<String, Set<String>> parents = new LinkedHashMap<>();
        for (String name : first.sites().keySet()) {
            int at = names.indexOf(name);
            if (at >= 0) {
                Set<Integer> reached = arguments(graph.outputs().get(at));
                Set<String> own = new LinkedHashSet<>();
                for (int i = 0; i < sources.size(); i++) {
                    if (reached.contains(i) && !sources.get(i).name().equals(name)) {
                        own.add(sources.get(i).name());
                    }
                }
                parents.put(name, own);
            }
        }
        return new Provenance(first, parents);
    }

    private static Optional<NDArray> drawn(Message m) {
        return m instanceof Message.Sample s && s.value() == null && !s.isObserved() && s.key() != null
                ? Optional.of(s.anyValue(s.key()))
                : Optional.empty();
    }

    private static Set<Integer> arguments(Node output) {
        Set<Integer> out = new LinkedHashSet<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (seen.add(node)) {
                if (node instanceof Node.Parameter p) {
                    out.add(p.index());
                }
                open.addAll(node.operands());
            }
        }
        return out;
    }
}
