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
import kiln.graph.Graph;
import kiln.graph.Tracer;

/// Random expression graphs: shapes that broadcast, reductions, products, indexing, choices, conversions, shared parts.
///
/// Every value stays of moderate size, so that results can be compared relative to their scale, and choices are made by odd numbers,
/// so that a rounding error does not decide them.
final class RandomGraphs {
    private static final int[][] SHAPES = {{}, {1}, {5}, {3, 5}, {4, 3, 5}, {4, 1, 5}, {3, 1}, {500}, {2, 500}, {5, 5}};

    private final Random random;
    private final boolean exact;
    private final List<NDArray> pool = new ArrayList<>();

    private RandomGraphs(long seed, boolean exact) {
        this.random = new Random(seed);
        this.exact = exact;
    }

    /// A graph with arguments for it.
    record Sample(Graph graph, List<Dense> arguments) {}

    /// {@return a random graph of about `size` operations}
    ///
    /// @param exact   without what the simplifier may regroup: sums, and products with constants
    /// @param outputs how many results, in any place of the graph
    static Sample draw(long seed, int size, int outputs, boolean exact) {
        var g = new RandomGraphs(seed, exact);
        List<Aval> types = new ArrayList<>();
        List<Dense> arguments = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            Shape shape = Shape.of(SHAPES[g.random.nextInt(SHAPES.length)]);
            types.add(new Aval(DType.FLOAT64, shape));
            arguments.add(NDArray.of(shape, g.random.doubles(shape.size(), -1.5, 1.5).toArray()).known());
        }
        Graph graph = Tracer.trace("test", types, x -> g.body(x, size, outputs)).graph();
        graph.verify();
        return new Sample(graph, arguments);
    }

    /// {@return a random graph whose one result is the sum of everything}
    static Sample scalar(long seed, int size) {
        Sample s = draw(seed, size, 6, false);
        Graph total = Tracer.trace("test", s.graph().parameters().stream().map(p -> p.aval()).toList(), x -> {
                    NDArray sum = NDArray.as(0.0);
                    for (NDArray y : s.graph().call(x)) {
                        if (y.dtype().isFloating()) {
                            sum = sum.plus(Np.mean(y.times(y)));
                        }
                    }
                    return List.of(sum);
                })
                .graph();
        return new Sample(total, s.arguments());
    }

    private List<NDArray> body(List<NDArray> x, int size, int outputs) {
        pool.addAll(x);
        pool.add(NDArray.of(0.25, -1, 0.5, 2, 1).times(1));
        for (int i = 0; i < size; i++) {
            pool.add(tame(step()));
        }
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < outputs; k++) {
            NDArray y = k == 0 ? pool.getLast() : pool.get(random.nextInt(pool.size()));
            out.add(y);
            if (random.nextInt(4) == 0) {
                out.add(y.reshape(-1));
            }
        }
        if (random.nextBoolean()) {
            out.add(x.get(random.nextInt(x.size())));
            out.add(NDArray.of(1.5, 2.5));
        }
        return out;
    }

    /// Deep graphs use mostly recent values, so that chains grow long.
    private NDArray pick() {
        int n = pool.size();
        return pool.get(random.nextInt(3) == 0 ? random.nextInt(n) : n - 1 - random.nextInt(Math.min(n, 6)));
    }

    /// A second operand that broadcasts with the first without growing.
    private NDArray partner(NDArray x) {
        for (int attempt = 0; attempt < 12; attempt++) {
            NDArray y = pick();
            if (y.shape().broadcastsTo(x.shape()) || (x.shape().broadcastsTo(y.shape()) && y.size() <= 2000)) {
                return y;
            }
        }
        return x;
    }

    private static NDArray tame(NDArray x) {
        return x.dtype().isFloating() && x.isKnown() ? x.times(1) : x;
    }

    private NDArray step() {
        NDArray x = pick();
        return switch (random.nextInt(exact ? 14 : 22)) {
            case 0 -> Np.tanh(x.plus(partner(x)));
            case 1 -> {
                NDArray difference = x.minus(partner(x));
                yield difference.div(Np.square(partner(difference)).plus(1.5));
            }
            case 2 -> Np.sin(x.times(partner(x)));
            case 3 -> Np.where(x.gt(partner(x).plus(0.07131)), x, Np.sigmoid(x));
            case 4 -> Np.maximum(x, partner(x));
            case 5 -> Np.exp(Np.minimum(x, 1.0)).minus(Np.log1p(Np.square(x)));
            case 6 -> Np.abs(x).unaryMinus();
            case 7 -> x.astype(DType.FLOAT32).plus(0.5).astype(DType.FLOAT64);
            case 8 -> Np.round(x.plus(0.13717)).astype(DType.INT32).rem(3).astype(DType.FLOAT64);
            case 9 -> x.rank() > 0 ? Np.concatenate(List.of(x, Np.flip(x)), 0).get(kiln.array.Index.slice(0, x.size(0))) : x.plus(0.5);
            case 10 -> x.rank() > 1 ? x.transpose().transpose() : Np.logaddexp(x, 0.25);
            case 11 -> x.rank() > 0 ? gather(x) : Np.sqrt(Np.square(x).plus(1.0));
            case 12 -> x.reshape(-1).reshape(x.shape());
            case 13 -> Np.where(Np.logicalAnd(x.lt(0.48713), Np.logicalNot(x.lt(-0.51377))), 0.75, x);
            case 14 -> x.rank() > 0 ? x.mean(random.nextInt(x.rank())) : Np.softplus(x);
            case 15 -> x.rank() > 0 ? Np.tanh(x.sum()) : Np.erf(x);
            case 16 -> x.rank() > 0 ? x.max(random.nextInt(x.rank())) : x.times(-0.5);
            case 17 -> x.rank() == 2 && x.size(0) * x.size(1) < 50 ? Np.tanh(Np.matrixTranspose(x).matmul(x)) : x.times(0.5).times(1.25);
            case 18 -> x.rank() > 0 ? Np.tanh(Np.cumsum(x, 0)) : Np.ndtr(x);
            case 19 -> x.size() <= 500 && x.rank() <= 2 ? Np.broadcastTo(x, Shape.of(3).then(x.shape())).sum(0).times(0.3) : x.unaryMinus();
            case 20 -> x.minus(x.mean()).times(0.7).sum(everyAxis(x)).div(Math.max(1.0, x.size())).plus(x.plus(0.09173).stopGradient());
            default -> Np.logsumexp(Np.stack(List.of(x, x.times(-1.0)), 0), 0);
        };
    }

    private NDArray gather(NDArray x) {
        int n = x.size(0);
        int[] at = IntStream.range(0, n).map(_ -> random.nextInt(n)).toArray();
        return Np.take(x, NDArray.of(at), 0);
    }

    private static int[] everyAxis(NDArray x) {
        return IntStream.range(0, x.rank()).toArray();
    }
}
