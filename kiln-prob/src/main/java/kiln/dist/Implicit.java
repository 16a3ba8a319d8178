package kiln.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.CustomOp;
import kiln.func.Functions;
import kiln.func.JVP;
import kiln.func.Pytree;

/// Numbers that a distribution function defines, found by iteration or by rejection, with the derivatives that it gives them.
///
/// ```
/// F(x; θ) = q:   dx = (dq − ∂F/∂θ dθ) / p(x; θ)
/// ```
///
/// A draw has a fixed, unknown q. Where the density is 0 or no number, as at the ends of a support, the derivative is 0.
///
/// Source: M. Figurnov, S. Mohamed, A. Mnih, *Implicit reparameterization gradients* (2018).
final class Implicit {
    private Implicit() {}

    /// {@return quantiles, found at known values of everything, in any transform; those of counts have the derivative 0}
    ///
    /// @param search from a distribution and probabilities, all known, to quantiles of the shape that both broadcast to
    static <D extends Distribution> NDArray quantile(D d, NDArray q, Quantile<D> search) {
        return quantile(d, q, search, false);
    }

    /// {@return values that are exceeded with given probabilities; like [#quantile]}
    static <D extends Distribution> NDArray upperQuantile(D d, NDArray q, Quantile<D> search) {
        return quantile(d, q, search, true);
    }

    private static <D extends Distribution> NDArray quantile(D d, NDArray q, Quantile<D> search, boolean above) {
        List<NDArray> leaves = Pytree.leaves(d);
        if (q.isKnown() && leaves.stream().allMatch(NDArray::isKnown)) {
            return search.of(d, q);
        }
        var op = new Search<>(d, search, Shape.broadcast(q.shape(), d.batchShape()));
        if (d.isDiscrete()) {
            return op.apply(added(Functions.stopGradient(leaves), q.stopGradient()).toArray(NDArray[]::new));
        }
        List<Integer> moving = floating(leaves);
        Function<List<NDArray>, NDArray> find = p -> op.apply(added(leavesOf(leaves, moving, p), p.getLast()).toArray(NDArray[]::new));
        return Functions.<List<NDArray>, NDArray>customJvp(find, (p, dp) -> {
            NDArray x = find.apply(p);
            NDArray dq = above ? dp.getLast().unaryMinus() : dp.getLast();
            return new JVP<>(x, slope(d, leaves, moving, p, dp, x, dq));
        }).apply(added(moving.stream().map(leaves::get).toList(), q));
    }

    /// {@return draws of one number each, whose derivative is that at a fixed probability}
    ///
    /// @param draw makes the draws of the distribution with other parameters; traceable
    static <D extends Distribution> NDArray draws(D d, Function<D, NDArray> draw) {
        List<NDArray> leaves = Pytree.leaves(d);
        if (leaves.stream().allMatch(NDArray::isKnown)) {
            return draw.apply(d);
        }
        List<Integer> moving = floating(leaves);
        Function<List<NDArray>, NDArray> make = p -> draw.apply(Pytree.withLeaves(d, leavesOf(leaves, moving, p)));
        return Functions.<List<NDArray>, NDArray>customJvp(make, (p, dp) -> {
            NDArray x = make.apply(p);
            return new JVP<>(x, slope(d, leaves, moving, p, dp, x, Np.zerosLike(x)));
        }).apply(moving.stream().map(leaves::get).toList());
    }

    /// `(dq − ∂F/∂θ dθ) / p` at x, with the derivative of the smaller of both tails.
    private static <D extends Distribution> NDArray slope(
            D d, List<NDArray> leaves, List<Integer> moving, List<NDArray> p, List<NDArray> dp, NDArray x, NDArray dq) {
        int n = moving.size();
        Function<List<NDArray>, NDArray> f = t -> {
            D moved = Pytree.withLeaves(d, leavesOf(leaves, moving, t));
            NDArray below = moved.cdf(x);
            return Np.where(below.lt(0.5), below, moved.sf(x).unaryMinus());
        };
        NDArray shift = Functions.jvp(f, List.copyOf(p.subList(0, n)), List.copyOf(dp.subList(0, n))).tangent();
        NDArray density = Np.exp(Pytree.withLeaves(d, leavesOf(leaves, moving, p)).logProb(x));
        return ratio(dq.minus(shift), density);
    }

    /// {@return a change of probability over the density, 0 where that is 0 or no number}
    static NDArray ratio(NDArray shift, NDArray density) {
        NDArray ok = Np.logicalAnd(density.gt(0), Np.isfinite(density));
        return Np.where(ok, shift.div(Np.where(ok, density, 1.0)), 0.0);
    }

    /// {@return the places of the leaves that are real}
    static List<Integer> floating(List<NDArray> leaves) {
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).dtype().isFloating()) {
                out.add(i);
            }
        }
        return out;
    }

    /// {@return the leaves with others in some places}
    static List<NDArray> leavesOf(List<NDArray> leaves, List<Integer> places, List<NDArray> with) {
        List<NDArray> out = new ArrayList<>(leaves);
        for (int k = 0; k < places.size(); k++) {
            out.set(places.get(k), with.get(k));
        }
        return out;
    }

    private static List<NDArray> added(List<NDArray> leaves, NDArray q) {
        List<NDArray> out = new ArrayList<>(leaves);
        out.add(q);
        return out;
    }

    /// From a distribution and probabilities, all known, to quantiles.
    interface Quantile<D extends Distribution> {
        /// {@return the quantiles, of the shape that both broadcast to, `float64`}
        NDArray of(D d, NDArray q);
    }

    /// The search as an operation on the leaves of the distribution and the probabilities.
    private record Search<D extends Distribution>(D like, Quantile<D> search, Shape shape) implements CustomOp {
        @Override
        public String name() {
            return "icdf of " + like.getClass().getSimpleName();
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, shape);
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            return search.of(Pytree.withLeaves(like, in.subList(0, in.size() - 1)), in.getLast());
        }
    }
}
