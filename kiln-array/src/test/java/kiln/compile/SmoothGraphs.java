package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Tracer;

/// Random graphs of smooth operations with one scalar result, deep and with shared parts: what differences can check.
final class SmoothGraphs {
    private SmoothGraphs() {}

    static RandomGraphs.Sample draw(long seed, int size) {
        var random = new Random(seed);
        List<Shape> shapes = List.of(Shape.SCALAR, Shape.of(4), Shape.of(3, 4));
        List<Aval> types = shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList();
        List<Dense> arguments = shapes.stream()
                .map(s -> NDArray.of(s, random.doubles(s.size(), -1, 1).toArray()).known())
                .toList();
        var graph = Tracer.trace("test", types, x -> {
                    var pool = new ArrayList<>(x);
                    for (int i = 0; i < size; i++) {
                        pool.add(step(random, recent(random, pool), recent(random, pool)));
                    }
                    NDArray total = NDArray.as(0.0);
                    for (NDArray y : pool.subList(Math.max(0, pool.size() - 10), pool.size())) {
                        total = total.plus(y.mean());
                    }
                    return List.of(total);
                })
                .graph();
        graph.verify();
        return new RandomGraphs.Sample(graph, arguments);
    }

    private static NDArray recent(Random random, List<NDArray> pool) {
        return pool.get(pool.size() - 1 - random.nextInt(Math.min(pool.size(), 8)));
    }

    /// Every step contracts, so that a chain of thousands neither explodes nor dies out.
    private static NDArray step(Random random, NDArray a, NDArray b) {
        return switch (random.nextInt(9)) {
            case 0 -> Np.tanh(a.plus(b));
            case 1 -> Np.sin(a.minus(b)).plus(0.1);
            case 2 -> a.times(b).div(Np.square(b).plus(1));
            case 3 -> Np.log1p(Np.square(a)).minus(b.times(0.5));
            case 4 -> Np.sigmoid(a).times(b);
            case 5 -> a.rank() == 2 ? Np.tanh(Np.matmul(a, Np.matrixTranspose(a))).sum(1).reshape(3, 1).plus(Np.broadcastTo(b, a.shape()).times(0.5)) : Np.cos(a).times(b);
            case 6 -> a.rank() > 0 ? a.minus(a.mean()).plus(b.times(0.2)) : Np.exp(a.times(-0.5)).minus(b);
            case 7 -> a.rank() > 0 ? Np.tanh(Np.logsumexp(a, 0)).plus(b.times(0.3)) : Np.softplus(a);
            default -> Np.sqrt(Np.square(a).plus(Np.square(b)).plus(0.5)).minus(1);
        };
    }
}
