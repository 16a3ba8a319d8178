package kiln.infer.enumeration;

import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Binomial;
import kiln.dist.Categorical;
import kiln.dist.DiscreteUniform;
import kiln.dist.Distribution;
import kiln.dist.Normal;
import kiln.model.Model;

/// A random model with one continuous vector `theta` and a few discrete sites: a directed graph without cycles whose nodes lie outside
/// plates, in a plate, in two nested plates or in the crossed one, observed through normal sites and factors.
final class RandomDiscreteModel implements Model {
    /// Where a node lies: no plate, `a`, `a` and `b`, or `b` alone.
    enum Room { OUTSIDE, A, BOTH, B }

    private record Node(String name, int kind, Room room, List<Integer> parents, List<Double> weights, boolean isChild) {}

    private final List<Node> nodes = new ArrayList<>();
    private final int a;
    private final int b;
    private final Map<String, NDArray> data = new LinkedHashMap<>();
    private final boolean reads;

    RandomDiscreteModel(int seed) {
        var random = new SplittableRandom(seed);
        boolean chain = seed % 5 == 0;
        a = 1 + random.nextInt(2);
        b = 1 + random.nextInt(2);
        reads = random.nextInt(4) == 0;
        int n = chain ? 5 : 2 + random.nextInt(3);
        Room[] rooms = seed % 7 == 3 ? Room.values() : new Room[] {Room.OUTSIDE, Room.A, Room.BOTH};
        for (int i = 0; i < n; i++) {
            Room room = chain ? Room.OUTSIDE : rooms[random.nextInt(rooms.length)];
            nodes.add(node("z" + i, room, chain && i > 0 ? List.of(i - 1) : pick(i, room, random), random, false));
        }
        for (int i = 0; i < n; i++) {
            Room room = nodes.get(i).room();
            nodes.add(node("y" + i, room, chain ? List.of(i) : pick(n, room, random), random, true));
        }
        if (seed % 7 == 3) {
            nodes.add(node("cross", Room.BOTH, pick(n, Room.BOTH, random), random, true));
        }
    }

    private static boolean isInside(Room inner, Room outer) {
        return outer == Room.OUTSIDE || inner == Room.BOTH || inner == outer;
    }

    private List<Integer> pick(int before, Room room, SplittableRandom random) {
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < before; i++) {
            if (isInside(room, nodes.get(i).room()) && random.nextInt(3) > 0) {
                out.add(i);
            }
        }
        return out;
    }

    private Node node(String name, Room room, List<Integer> parents, SplittableRandom random, boolean isChild) {
        List<Double> weights = random.doubles(parents.size() + 1, -1.5, 1.5).boxed().toList();
        if (isChild) {
            data.put(name, NDArray.of(shape(room), random.doubles(shape(room).size(), -2, 2).toArray()));
        }
        return new Node(name, random.nextInt(4), room, parents, weights, isChild);
    }

    private Shape shape(Room room) {
        return switch (room) {
            case OUTSIDE -> Shape.SCALAR;
            case A -> Shape.of(a);
            case BOTH -> Shape.of(b, a);
            case B -> Shape.of(b, 1);
        };
    }

    /// {@return the continuous site's length}
    int dimension() {
        return nodes.size();
    }

    /// {@return the discrete sites with the values of an element and the shape}
    Map<String, Map.Entry<long[], Shape>> discrete() {
        var out = new LinkedHashMap<String, Map.Entry<long[], Shape>>();
        for (Node n : nodes) {
            if (!n.isChild()) {
                long[] values = switch (n.kind()) {
                    case 0 -> new long[] {0, 1};
                    case 1 -> new long[] {0, 1, 2};
                    case 2 -> new long[] {3, 4};
                    default -> new long[] {0, 1, 2};
                };
                out.put(n.name(), Map.entry(values, shape(n.room())));
            }
        }
        return out;
    }

    /// {@return the number of all combinations of the values of all elements}
    double combinations() {
        return discrete().values().stream().mapToDouble(e -> Math.pow(e.getKey().length, e.getValue().size())).reduce(1, (x, y) -> x * y);
    }

    @Override
    public void run() {
        NDArray theta = sample("theta", new Normal(0, 1).expand(nodes.size()));
        List<NDArray> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            NDArray eta = theta.get(i).times(n.weights().getFirst());
            for (int k = 0; k < n.parents().size(); k++) {
                eta = eta.plus(values.get(n.parents().get(k)).times(n.weights().get(k + 1)));
            }
            values.add(inRoom(n, distribution(n, eta)));
        }
        if (reads) {
            // Reads all copies of the first site, wherever they are.
            NDArray all = values.getFirst().sum().astype(theta.dtype());
            factor("reader", all.minus(theta.get(0)).times(0.7).pow(2).unaryMinus());
        }
    }

    private NDArray inRoom(Node n, Distribution d) {
        return switch (n.room()) {
            case OUTSIDE -> statement(n, d);
            case A -> {
                try (var _ = plate("a", a)) {
                    yield statement(n, d);
                }
            }
            case BOTH -> {
                try (var _ = plate("a", a);
                        var _ = plate("b", b)) {
                    yield statement(n, d);
                }
            }
            case B -> {
                try (var _ = plate("b", b, kiln.model.Primitives.dim(-2))) {
                    yield statement(n, d);
                }
            }
        };
    }

    private NDArray statement(Node n, Distribution d) {
        return n.isChild() ? sample(n.name(), d, data.get(n.name())) : sample(n.name(), d);
    }

    private static Distribution distribution(Node n, NDArray eta) {
        NDArray p = Np.sigmoid(eta);
        if (n.isChild()) {
            return new Normal(eta, p.plus(0.5));
        }
        return switch (n.kind()) {
            case 0 -> new Bernoulli(p);
            case 1 -> Categorical.logits(Np.stack(List.of(eta, eta.times(-0.5), Np.zerosLike(eta)), -1));
            case 2 -> new DiscreteUniform(3, 4);
            default -> new Binomial(2, p);
        };
    }
}
