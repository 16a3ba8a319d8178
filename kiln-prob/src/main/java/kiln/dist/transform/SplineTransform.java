package kiln.dist.transform;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// An increasing rational quadratic spline of each element on [−bound, bound], and the identity outside.
///
/// With K bins, between the knots (xₖ, yₖ) and (xₖ₊₁, yₖ₊₁) of slopes dₖ and dₖ₊₁, and `w`, `h` width and height of the bin:
///
/// ```
/// ξ = (x − xₖ) / w,  s = h / w,  t = ξ (1 − ξ)
/// y = yₖ + h (s ξ² + dₖ t) / (s + (dₖ₊₁ + dₖ − 2 s) t)
/// log |det| = log [s² (dₖ₊₁ ξ² + 2 s t + dₖ (1 − ξ)²)] − 2 log (s + (dₖ₊₁ + dₖ − 2 s) t)
/// ```
///
/// Widths and heights are softmaxes of free numbers and slopes softpluses, so any free numbers make a bijection; no bin is smaller than a
/// thousandth of the range, no slope below 0.001. Slopes at the two ends are 1. Free numbers that are all 0 make the identity.
///
/// Source: Durkan, Bekasov, Murray and Papamakarios, *Neural spline flows* (2019), eq. 4–8 and 29; Gregory and Delbourgo (1982).
///
/// @param widths  free numbers of the widths, `[…, K]`, whose leading axes broadcast with the elements
/// @param heights free numbers of the heights, `[…, K]`
/// @param slopes  free numbers of the slopes at the inner knots, `[…, K − 1]`
/// @param bound   half the length of the range, > 0
public record SplineTransform(NDArray widths, NDArray heights, NDArray slopes, double bound) implements Transform {
    private static final double LEAST = 1e-3;

    /// What is added to a free number, so that 0 makes a slope of 1: the inverse softplus of 1 − [#LEAST].
    private static final NDArray SLOPE_ONE = Np.log(Np.expm1(1 - LEAST));

    /// The bin of each element.
    private record Bin(NDArray x, NDArray y, NDArray w, NDArray h, NDArray left, NDArray right) {
        NDArray s() {
            return h.div(w);
        }
    }

    @Override
    public NDArray call(NDArray x) {
        NDArray in = Np.clip(x, -bound, bound);
        Bin bin = bin(in, true);
        NDArray xi = in.minus(bin.x()).div(bin.w());
        NDArray t = xi.times(Np.subtract(1, xi));
        NDArray rise = bin.h().times(bin.s().times(Np.square(xi)).plus(bin.left().times(t)));
        return Np.where(inside(x), bin.y().plus(rise.div(denominator(bin, t))), x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray in = Np.clip(y, -bound, bound);
        Bin bin = bin(in, false);
        NDArray above = in.minus(bin.y());
        NDArray bend = above.times(bin.left().plus(bin.right()).minus(bin.s().times(2.0)));
        NDArray a = bin.h().times(bin.s().minus(bin.left())).plus(bend);
        NDArray b = bin.h().times(bin.left()).minus(bend);
        NDArray c = bin.s().times(above).unaryMinus();
        NDArray root = Np.sqrt(Np.maximum(Np.square(b).minus(a.times(c).times(4.0)), 0));
        NDArray xi = c.times(2.0).div(b.plus(root).unaryMinus());
        return Np.where(inside(y), bin.x().plus(xi.times(bin.w())), y);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray in = Np.clip(x, -bound, bound);
        Bin bin = bin(in, true);
        NDArray xi = in.minus(bin.x()).div(bin.w());
        NDArray rest = Np.subtract(1, xi);
        NDArray t = xi.times(rest);
        NDArray slope = bin.right().times(Np.square(xi)).plus(bin.s().times(t).times(2.0)).plus(bin.left().times(Np.square(rest)));
        NDArray log = Np.log(slope).plus(Np.log(bin.s()).minus(Np.log(denominator(bin, t))).times(2.0));
        return Np.where(inside(x), log, 0.0);
    }

    private NDArray inside(NDArray x) {
        return Np.abs(x).le(bound);
    }

    private static NDArray denominator(Bin bin, NDArray t) {
        return bin.s().plus(bin.left().plus(bin.right()).minus(bin.s().times(2.0)).times(t));
    }

    /// @param value   within the range
    /// @param forward whether the value is an argument, and not an image
    private Bin bin(NDArray value, boolean forward) {
        int bins = widths.size(-1);
        Shape each = Shape.broadcast(value.shape(), widths.shape().dropLast(1));
        NDArray xs = knots(widths);
        NDArray ys = knots(heights);
        NDArray ones = Np.full(slopes.shape().dropLast(1).then(Shape.of(1)), 1);
        NDArray inner = Np.softplus(slopes.plus(SLOPE_ONE)).plus(LEAST);
        NDArray ds = Np.concatenate(List.of(ones, inner, ones), -1);
        NDArray edges = Np.take(forward ? xs : ys, Np.arange(bins - 1).plus(1), -1);
        NDArray index = Np.expandDims(Np.broadcastTo(Np.expandDims(value, -1).ge(edges).sum(-1), each), -1);
        NDArray next = index.plus(1);
        NDArray x = at(xs, index, each);
        NDArray y = at(ys, index, each);
        return new Bin(x, y, at(xs, next, each).minus(x), at(ys, next, each).minus(y), at(ds, index, each), at(ds, next, each));
    }

    private static NDArray at(NDArray knots, NDArray index, Shape each) {
        NDArray all = Np.broadcastTo(knots, each.then(knots.shape().last(1)));
        return Np.squeeze(Np.takeAlongAxis(all, index, -1), -1);
    }

    /// The knots from −bound to bound, one more than bins.
    private NDArray knots(NDArray free) {
        int bins = free.size(-1);
        NDArray parts = Np.softmax(free, -1).times(1 - LEAST * bins).plus(LEAST);
        NDArray inner = Np.take(Np.cumsum(parts, -1), Np.arange(bins - 1), -1).times(2 * bound).minus(bound);
        NDArray end = Np.full(free.shape().dropLast(1).then(Shape.of(1)), bound);
        return Np.concatenate(List.of(end.unaryMinus(), inner, end), -1);
    }

    @Override
    public NDArray sign() {
        return Np.scalar(1.0);
    }

    @Override
    public Constraint domain() {
        return Constraints.real;
    }

    @Override
    public Constraint codomain() {
        return Constraints.real;
    }
}
