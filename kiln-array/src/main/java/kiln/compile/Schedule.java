package kiln.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.graph.Node;

/// The order of straight-line code: what the longest chain of operations waits for comes first.
///
/// A processor looks a few hundred instructions ahead, and HotSpot keeps the order it is given, by and large. An exponential and the
/// logarithm that waits for it take longer than the eight schools between them and the result; with the functions first, the schools
/// are computed meanwhile (24.5 ns instead of 28, the same operations). No bit depends on the order.
final class Schedule {
    private Schedule() {}

    /// {@return the operations of one method, each behind its operands: those with the longest way to a result first}
    ///
    /// @param nodes scalar operations, each behind its operands
    static List<Node.Apply> of(List<Node.Apply> nodes) {
        Map<Node, Integer> way = new IdentityHashMap<>();
        for (Node.Apply a : nodes.reversed()) {
            int here = way.getOrDefault(a, 0) + Chains.latency(a);
            way.put(a, here);
            for (Node in : Plan.operands(a)) {
                way.merge(in, here, Math::max);
            }
        }
        List<Node.Apply> order = new ArrayList<>(nodes);
        // A stable sort: an operand's way is longer than that of what reads it, and equal ways keep their order.
        order.sort(Comparator.comparingInt((Node.Apply a) -> Objects.requireNonNull(way.get(a))).reversed());
        return order;
    }
}
