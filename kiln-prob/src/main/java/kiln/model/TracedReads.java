package kiln.model;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kiln.array.Diagnosis;
import kiln.array.TracedValueException;
import kiln.graph.Node;
import kiln.graph.Traced;

/// Says which random variables a value came from that was read while it was being traced.
final class TracedReads {
    private TracedReads() {}

    /// {@return the error with the sites that the value was computed from, or the same error if there are none}
    ///
    /// @param drawn the random variables of the run
    static TracedValueException named(TracedValueException e, List<Message.Sample> drawn) {
        if (!(e.value() instanceof Traced read)) {
            return e;
        }
        Map<Node, Message.Sample> sites = new IdentityHashMap<>();
        for (Message.Sample s : drawn) {
            if (s.value() instanceof Traced t) {
                sites.putIfAbsent(t.node(), s);
            }
        }
        Message.Sample own = sites.get(read.node());
        List<Message.Sample> from = own != null ? List.of(own) : sources(read.node(), sites, drawn);
        if (from.isEmpty()) {
            return e;
        }
        String names = from.stream().map(TracedReads::described).collect(Collectors.joining(" and "));
        Diagnosis d = e.diagnosis();
        String got = own != null
                ? read.aval() + " made by " + names
                : d.got() + "\ncomputed from " + names;
        return new TracedValueException(d.got(got), read);
    }

    private static List<Message.Sample> sources(
            Node read, Map<Node, Message.Sample> sites, List<Message.Sample> drawn) {
        Set<Message.Sample> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(read));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!seen.add(node)) {
                continue;
            }
            Message.Sample site = sites.get(node);
            if (site != null) {
                found.add(site);
            } else {
                open.addAll(node.operands());
            }
        }
        return drawn.stream().filter(found::contains).toList();
    }

    private static String described(Message.Sample s) {
        String place = s.place();
        return s.label() + (place.isEmpty() ? "" : ", " + place);
    }
}
