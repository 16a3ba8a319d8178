package kiln.op;

import static kiln.op.ElementwiseRow.in;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.math.Draw;
import kiln.math.Samplers;
import kiln.math.StandardDraw;
import kiln.math.Threefry;
import kiln.math.Threefry.Layout;
import kiln.op.OpCase.Operand;

/// Rows of the draws. Their derivatives are those at a fixed probability, which differences along fixed random numbers do not show:
/// kiln.func.DrawGradientTest holds them to exact derivatives and to expectations.
final class RandomDrawCases {
    private RandomDrawCases() {}

    static List<OpCase<?>> rows() {
        return List.of(gamma(), wald(), keyed());
    }

    /// Marsaglia and Tsang's method as in their paper, with the numbers that JAX's splitting gives.
    private static double marsagliaTsang(GammaDraw op, long key, double a, int i) {
        long own = Threefry.split(key, op.layout(), op.count())[i % op.count()];
        long[] halves = Threefry.split(own, op.layout(), 2);
        double d = Math.max(a, a < 1 ? a + 1 : a) - 1.0 / 3;
        long state = halves[0];
        while (true) {
            long[] three = Threefry.split(state, op.layout(), 3);
            state = three[0];
            double x = 0;
            double v = 0;
            for (long normals = three[1]; v <= 0; ) {
                long[] next = Threefry.split(normals, op.layout(), 2);
                normals = next[0];
                x = Samplers.normal(next[1], op.layout(), 1)[0];
                v = Math.pow(1 + x / Math.sqrt(9 * d), 3);
            }
            double u = Samplers.uniform(three[2], op.layout(), 1, 0, 1)[0];
            if (Math.log(u) < x * x / 2 + d - d * v + d * Math.log(v)) {
                double boost = a < 1 ? Math.pow(1 - Samplers.uniform(halves[1], op.layout(), 1, 0, 1)[0], 1 / a) : 1;
                return op.isLog() ? Math.log(d * v * boost) : d * v * boost;
            }
        }
    }

    private static OpCase<GammaDraw> gamma() {
        var row = new OpCase<GammaDraw>(GammaDraw.class, (op, in, i) -> {
            // Float32 draws are made of other words: prng.json holds them.
            if (in.get(1).dtype() == DType.FLOAT32) {
                return ElementwiseRow.UNKNOWN;
            }
            Nd keys = in.getFirst();
            long key = (long) keys.at(Arrays.copyOf(i, keys.shape().rank()));
            return marsagliaTsang(op, key, in.get(1).at(i), flat(in.get(1).shape(), i));
        });
        for (DType dtype : ElementwiseRow.FLOATS) {
            for (Shape shape : List.of(Shape.SCALAR, Shape.of(40), Shape.of(3, 4), Shape.of(0), Shape.of(2, 0, 3))) {
                for (Layout layout : List.of(Layout.PARTITIONABLE, Layout.ORIGINAL)) {
                    var concentration = new Operand(dtype, shape, in(0.2, 5));
                    row.on(new GammaDraw(layout, shape.size(), false), dtype, shape, key(42), concentration);
                    row.on(new GammaDraw(layout, shape.size(), true), dtype, shape, key(43), concentration);
                }
            }
        }
        // Three rows that share their four keys, and three with a key each, as vectorising makes them.
        var rows = new Operand(DType.FLOAT64, Shape.of(3, 4), in(0.2, 5));
        return row.on(new GammaDraw(Layout.PARTITIONABLE, 4, false), DType.FLOAT64, Shape.of(3, 4), key(42), rows)
                .on(new GammaDraw(Layout.PARTITIONABLE, 4, false), DType.FLOAT64, Shape.of(3, 4), keys(3), rows)
                .within(1e-12)
                .derivatives(0);
    }

    private static Operand key(long key) {
        return new Operand(DType.INT64, Shape.SCALAR, (_, _, _) -> key);
    }

    private static Operand keys(int n) {
        return new Operand(DType.INT64, Shape.of(n), (random, _, _) -> random.nextLong(1L << 50));
    }

    /// The draws themselves are held to JAX's by prng.json; here each key of an array has to give what it gives alone.
    private static OpCase<KeyedDraw> keyed() {
        var row = new OpCase<KeyedDraw>(KeyedDraw.class, (op, in, i) -> {
            int outer = in.getFirst().shape().rank();
            long key = (long) in.getFirst().at(Arrays.copyOf(i, outer));
            int n = op.shape().size();
            return Array.getDouble(op.draw().array(key, op.layout(), n), flat(op.shape(), Arrays.copyOfRange(i, outer, i.length)));
        });
        Shape shape = Shape.of(2, 3);
        for (Layout layout : Layout.values()) {
            List.of(
                            new Draw.Uniform(false, -1, 2),
                            new Draw.Normal(false, 0.5, 2),
                            new Draw.Standard(false, StandardDraw.GUMBEL),
                            new Draw.Integers(false, 3, 17))
                    .forEach(draw -> row.on(new KeyedDraw(draw, layout, shape), type(draw), Shape.of(4).then(shape), keys(4)));
            for (Draw draw : List.<Draw>of(
                    new Draw.Uniform(true, -1, 2),
                    new Draw.Normal(true, 0, 1),
                    new Draw.Standard(true, StandardDraw.CAUCHY),
                    new Draw.Integers(true, 3, 17),
                    new Draw.Bits(true),
                    new Draw.Permutation(),
                    new Draw.Subset(false, 11),
                    new Draw.Subset(true, 11))) {
                row.on(new KeyedDraw(draw, layout, Shape.of(5)), type(draw), Shape.of(5), key(7));
            }
        }
        return row.derivatives(0);
    }

    private static DType type(Draw draw) {
        return switch (draw.type()) {
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case INT -> DType.INT32;
            case LONG -> DType.INT64;
        };
    }

    private static int flat(Shape shape, int[] index) {
        int flat = 0;
        for (int k = 0; k < index.length; k++) {
            flat = flat * shape.dim(k) + index[k];
        }
        return flat;
    }

    private static OpCase<WaldDraw> wald() {
        var row = new OpCase<WaldDraw>(WaldDraw.class, (_, in, i) -> {
            double m = in.get(0).at(i);
            double y = Math.pow(in.get(1).at(i), 2);
            double x = m + m * m * y / 2 - m / 2 * Math.sqrt(4 * m * y + m * m * y * y);
            return in.get(2).at(i) <= m / (m + x) ? x : m * m / x;
        });
        for (DType dtype : ElementwiseRow.FLOATS) {
            for (Shape shape : ElementwiseRow.SHAPES) {
                var normal = new Operand(dtype, shape, in(-2, 2));
                row.on(new WaldDraw(), shape, new Operand(dtype, shape, in(0.3, 3)), normal, new Operand(dtype, shape, in(0, 1)));
            }
        }
        return row.within(1e-12).derivatives(0).specialsWithoutReference(0, 1, -1, 0.5, 2, Double.NaN, Double.POSITIVE_INFINITY);
    }
}
