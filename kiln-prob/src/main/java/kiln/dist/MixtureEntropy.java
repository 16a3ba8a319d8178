package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.func.CustomOp;
import kiln.func.Functions;
import kiln.func.Pytree;

/// Entropy of mixtures of one number, and its first derivatives.
///
/// ```
/// H = −Σᵢ mᵢ log p(xᵢ)        dH = −Σᵢ mᵢ (log p(xᵢ) + 1) d log p(xᵢ) + Σₑ (h(p(e−)) − h(p(e+))) de,  h(p) = −p log p
/// ```
///
/// The values xᵢ with their masses mᵢ are all counts, or the nodes of a quadrature, see [MixtureValues]. Where the density of a component jumps
/// at an end e of its support that depends on a parameter, the second sum is what the moving end adds.
final class MixtureEntropy {
    private MixtureEntropy() {}

    /// {@return the entropy, of shape `batch`}
    static NDArray of(Mixed d) {
        return new Value(d).apply(Pytree.leaves(d).toArray(NDArray[]::new));
    }

    /// {@return the entropy of a distribution of one number that has quantiles, as a mixture of nothing else}
    static NDArray ofOne(Distribution d) {
        return of(new MixtureGeneral(new Categorical(ones(1)), List.of(d)));
    }

    /// Whether `logProb` is the density of a number and there are no atoms: a mixture with some has no derivative at a fixed probability, and
    /// no entropy.
    static boolean hasDensity(Distribution d) {
        return switch (d) {
            case Delta _, Unit _, ImproperUniform _, Masked _, Censored _, IntervalCensoredDistribution _ -> false;
            case Hurdle _, ZeroInflated _ -> false;
            case Expanded e -> hasDensity(e.baseDist());
            case Equivalent e -> hasDensity(e.equivalent());
            case TransformedDistribution e -> hasDensity(e.baseDist());
            case FoldedDistribution e -> hasDensity(e.baseDist());
            case Mixed e -> e.components().stream().allMatch(MixtureEntropy::hasDensity);
            default -> !d.isDiscrete();
        };
    }

    private record Value(Mixed like) implements CustomOp {
        @Override
        public String name() {
            return "entropy of " + like.getClass().getSimpleName();
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, like.batchShape());
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            return MixtureValues.of(Pytree.withLeaves(like, in), false).entropy();
        }

        @Override
        public NDArray jvp(List<NDArray> x, NDArray y, List<NDArray> dx) {
            List<NDArray> operands = new ArrayList<>(x);
            Implicit.floating(x).forEach(i -> operands.add(dx.get(i)));
            return new Along(like, x.size()).apply(operands.toArray(NDArray[]::new));
        }

        @Override
        public List<NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
            List<NDArray> operands = new ArrayList<>(x);
            operands.add(ct);
            NDArray all = new Slopes(like).apply(operands.toArray(NDArray[]::new));
            List<NDArray> out = new ArrayList<>();
            int at = 0;
            for (NDArray leaf : x) {
                int size = leaf.dtype().isFloating() ? leaf.size() : 0;
                out.add(size == 0 ? zerosLike(leaf) : all.get(Index.slice(at, at + size)).reshape(leaf.shape()).astype(leaf.dtype()));
                at += size;
            }
            return out;
        }
    }

    /// The derivative in a direction; the operands are the leaves and the tangents of those that are real.
    private record Along(Mixed like, int leaves) implements CustomOp {
        @Override
        public String name() {
            return "derivative of the entropy of " + like.getClass().getSimpleName();
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, like.batchShape());
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            var change = new Change(like, in.subList(0, leaves));
            List<NDArray> tangent = in.subList(leaves, in.size());
            return change.sum(f -> Functions.jvp(f, change.moving(), tangent).tangent());
        }
    }

    /// The derivatives by all real leaves one after the other, times a cotangent, which is the last operand.
    private record Slopes(Mixed like) implements CustomOp {
        @Override
        public String name() {
            return "derivatives of the entropy of " + like.getClass().getSimpleName();
        }

        @Override
        public Aval type(List<Aval> in) {
            int size = in.subList(0, in.size() - 1).stream()
                    .filter(a -> a.dtype().isFloating())
                    .mapToInt(a -> a.shape().size())
                    .sum();
            return new Aval(DType.FLOAT64, Shape.of(size));
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            var change = new Change(like, in.subList(0, in.size() - 1));
            return change.sum(f -> {
                Function<List<NDArray>, NDArray> scalar = p -> f.apply(p).times(in.getLast()).sum();
                return concatenate(Functions.grad(scalar).apply(change.moving()).stream().map(g -> g.reshape(Shape.of(g.size()))).toList(), 0);
            });
        }
    }

    /// Functions of the real leaves whose derivatives add up to that of the entropy.
    private static final class Change {
        private final Mixed like;
        private final List<NDArray> leaves;
        private final List<Integer> places;
        private final MixtureValues values;

        Change(Mixed like, List<NDArray> leaves) {
            this.like = like;
            this.leaves = leaves;
            this.places = Implicit.floating(leaves);
            values = MixtureValues.of(Pytree.withLeaves(like, leaves), true);
        }

        List<NDArray> moving() {
            return places.stream().map(leaves::get).toList();
        }

        NDArray sum(Function<Function<List<NDArray>, NDArray>, NDArray> derivative) {
            NDArray sum = derivative.apply(this::ends);
            for (MixtureValues.Part part : values.parts()) {
                NDArray logP = part.density().of(values.distribution(), part.x());
                NDArray factor = where(isfinite(logP), logP.plus(1).times(part.mass()).unaryMinus(), 0.0);
                sum = sum.plus(derivative.apply(p -> factor.times(part.density().of(moved(p), part.x())).sum(0)));
            }
            return sum;
        }

        private Mixed moved(List<NDArray> moving) {
            return Pytree.withLeaves(like, Implicit.leavesOf(leaves, places, moving));
        }

        private NDArray ends(List<NDArray> moving) {
            Mixed d = moved(moving);
            NDArray sum = full(like.batchShape(), 0);
            if (like.isDiscrete()) {
                return sum;
            }
            List<NDArray> known = MixtureValues.ends(values.distribution());
            List<NDArray> ends = MixtureValues.ends(d);
            for (int e = 0; e < ends.size(); e++) {
                sum = sum.plus(jump(known.get(e)).times(ends.get(e)));
            }
            return sum;
        }

        /// `h(p(e−)) − h(p(e+))`
        private NDArray jump(NDArray end) {
            NDArray below = values.distribution().logProb(mapped(end, Math::nextDown));
            NDArray above = values.distribution().logProb(mapped(end, Math::nextUp));
            return exp(above).times(Density.masked(above)).minus(exp(below).times(Density.masked(below)));
        }

        private static NDArray mapped(NDArray x, DoubleUnaryOperator f) {
            return NDArray.of(x.shape(), Arrays.stream(x.toDoubleArray()).map(f).toArray());
        }
    }
}
