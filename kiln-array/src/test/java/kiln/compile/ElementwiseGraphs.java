package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Tracer;

/// Random graphs of elementwise operations on arrays of one size, with choices among them: work that one loop could do if a method could
/// hold it, so that it is cut into loops that read each other's results.
final class ElementwiseGraphs {
    private static final int ARGUMENTS = 4;

    private ElementwiseGraphs() {}

    /// {@return a graph whose results are its latest values and some earlier ones}
    ///
    /// @param size operations, roughly
    /// @param n    elements
    static RandomGraphs.Sample draw(long seed, int size, int n) {
        var random = new Random(seed);
        List<Aval> types = IntStream.range(0, ARGUMENTS).mapToObj(_ -> new Aval(DType.FLOAT64, Shape.of(n))).toList();
        List<Dense> arguments = types.stream().map(_ -> NDArray.of(random.doubles(n, -1.5, 1.5).toArray()).known()).toList();
        var graph = Tracer.trace("test", types, x -> {
                    List<NDArray> pool = new ArrayList<>(x);
                    while (pool.size() < size) {
                        pool.add(step(random, pick(random, pool), pick(random, pool), pick(random, pool)));
                    }
                    return IntStream.range(0, 12).mapToObj(k -> k < 6 ? pool.get(pool.size() - 1 - k) : pick(random, pool)).toList();
                })
                .graph();
        return new RandomGraphs.Sample(graph, arguments);
    }

    /// One of the latest values, or any: what a loop reads comes from all loops before.
    private static NDArray pick(Random random, List<NDArray> pool) {
        int n = pool.size();
        return pool.get(random.nextInt(3) > 0 ? n - 1 - random.nextInt(Math.min(n, 10)) : random.nextInt(n));
    }

    /// Values stay small, so that an error anywhere reaches the results.
    private static NDArray step(Random random, NDArray a, NDArray b, NDArray c) {
        return switch (random.nextInt(9)) {
            case 0 -> Np.where(a.gt(b), a, c);
            case 1 -> Np.where(Np.logicalAnd(a.eq(b), Np.isnan(c)), b, a.times(c).div(Np.square(c).plus(1)));
            case 2 -> a.minus(b).times(0.5);
            case 3 -> Np.tanh(a.plus(b)).plus(c.times(0.25));
            case 4 -> Np.sin(a.times(b));
            case 5 -> Np.maximum(a, b.unaryMinus());
            case 6 -> a.div(b).div(Np.abs(a.div(b)).plus(Np.square(c)).plus(0.5));
            case 7 -> Np.where(a.gt(0), Np.sqrt(a), b).times(0.5);
            default -> Np.where(Np.isnan(a), b, a.plus(c).times(0.5));
        };
    }
}
