package kiln.compile;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Storage;
import kiln.graph.Node;

/// Storages for the values that loops pass from step to step.
final class Buffers {
    private Buffers() {}

    /// {@return a storage for every node}
    static Object[] allocate(List<? extends Node> nodes) {
        Object[] out = new Object[nodes.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = Storage.allocate(nodes.get(i).aval().dtype(), Plan.size(nodes.get(i)));
        }
        return out;
    }

    /// {@return the number of bytes of a storage for every node}
    static long bytes(List<? extends Node> nodes) {
        return nodes.stream().mapToLong(n -> (long) n.aval().dtype().bytes() * Plan.size(n)).sum();
    }

    /// {@return the sizes of the nodes, in elements}
    static int[] sizes(List<? extends Node> nodes) {
        return nodes.stream().mapToInt(Plan::size).toArray();
    }

    /// {@return an array over a copy of a storage}
    static Dense copied(Aval type, Object storage) {
        int n = type.shape().size();
        Object copy = Storage.allocate(type.dtype(), n);
        System.arraycopy(storage, 0, copy, 0, n);
        return Dense.of(new Aval(type.dtype(), type.shape()), copy);
    }
}
