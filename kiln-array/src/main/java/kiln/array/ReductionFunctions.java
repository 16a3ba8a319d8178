package kiln.array;

import static kiln.array.Np.arange;
import static kiln.array.Np.exp;
import static kiln.array.Np.isfinite;
import static kiln.array.Np.isnan;
import static kiln.array.Np.log;
import static kiln.array.Np.moveaxis;
import static kiln.array.Np.sum;
import static kiln.array.Np.where;
import static kiln.array.Np.zerosLike;

import java.util.Arrays;
import java.util.stream.IntStream;
import kiln.op.*;

/// The reductions, scans and order statistics of [Np] beyond sum, mean and extremes.
abstract class ReductionFunctions extends SpecialFunctions {
    ReductionFunctions() {}

    // ---- products and running values

    /// {@return the product over the given axes, or over all; 1 of none}
    public static NDArray prod(NDArray x, int... axes) {
        NDArray lines = lines(countable(x), axes);
        if (lines.size(-1) == 0) {
            return Np.full(lines.shape().dropLast(1), 1, lines.dtype());
        }
        return cumprod(lines, -1).get(Index.DOTS, Index.at(-1));
    }

    /// {@return the running product along an axis}
    public static NDArray cumprod(NDArray x, int axis) {
        NDArray a = countable(x);
        int at = a.shape().axis(axis);
        NDArray first = along(arange(a.size(at)).eq(0), a.rank(), at);
        return Bind.apply(new LinearRecurrence(at), a, where(Np.broadcastTo(first, a.shape()), a, zerosLike(a)));
    }

    /// {@return the largest element so far along an axis; NaN from the first NaN on}
    public static NDArray cummax(NDArray x, int axis) {
        return IndexingFunctions.takeAlongAxis(x, Bind.apply(new CumArgMax(x.shape().axis(axis), true), x), axis);
    }

    /// {@return the smallest element so far along an axis; NaN from the first NaN on}
    public static NDArray cummin(NDArray x, int axis) {
        return IndexingFunctions.takeAlongAxis(x, Bind.apply(new CumArgMax(x.shape().axis(axis), false), x), axis);
    }

    /// {@return the running `log Σ e^x` along an axis, without overflow}
    public static NDArray cumlogsumexp(NDArray x, int axis) {
        NDArray a = Np.multiply(x, 1.0);
        int at = a.shape().axis(axis);
        int n = a.size(at);
        if (n == 0) {
            return a;
        }
        NDArray top = cummax(a, at).stopGradient();
        NDArray shift = where(isfinite(top), top, zerosLike(top));
        NDArray before = ShapeFunctions.roll(top, 1, at);
        // Sums relative to the largest element so far; they are rescaled where it changes.
        NDArray scale = where(isfinite(before), exp(where(isfinite(before), before, shift).minus(shift)), zerosLike(top));
        NDArray relative = Bind.apply(new LinearRecurrence(at), scale, exp(a.minus(shift)));
        return log(relative).plus(shift);
    }

    /// Runs `y[k] = a[k] · y[k−1] + b[k]` from `y[−1] = 0` along an axis, one step after the other.
    ///
    /// @param a factors; broadcasts with `b`
    /// @param b terms
    /// @return all `y`
    public static NDArray linearRecurrence(NDArray a, NDArray b, int axis) {
        DType dtype = DType.promote(a.aval(), b.aval());
        Shape shape = Shape.broadcast(a.shape(), b.shape());
        return Bind.apply(
                new LinearRecurrence(shape.axis(axis)),
                Np.broadcastTo(Np.convert(a, dtype), shape),
                Np.broadcastTo(Np.convert(b, dtype), shape));
    }

    /// {@return differences of neighbours along an axis, taken `n` times; of truth values where they differ}
    public static NDArray diff(NDArray x, int n, int axis) {
        NDArray out = x;
        int at = x.shape().axis(axis);
        for (int i = 0; i < n; i++) {
            int m = out.size(at);
            NDArray after = ShapeFunctions.part(out, at, Math.min(1, m), m);
            NDArray before = ShapeFunctions.part(out, at, 0, Math.max(0, m - 1));
            out = x.dtype() == DType.BOOL ? Np.notEqual(after, before) : after.minus(before);
        }
        return out;
    }

    /// {@return the integral along an axis by the trapezoidal rule, of values at equal distances}
    public static NDArray trapezoid(NDArray y, double dx, int axis) {
        return halves(y, axis).times(dx).sum(y.shape().axis(axis));
    }

    /// {@return the integral along an axis by the trapezoidal rule}
    ///
    /// @param x where `y` is known; a vector, or of the shape of `y`
    public static NDArray trapezoid(NDArray y, NDArray x, int axis) {
        int at = y.shape().axis(axis);
        NDArray dx = x.rank() == 1 ? along(diff(x, 1, 0), y.rank(), at) : diff(x, 1, at);
        return halves(y, at).times(dx).sum(at);
    }

    private static NDArray halves(NDArray y, int axis) {
        int at = y.shape().axis(axis);
        int n = y.size(at);
        NDArray sums = ShapeFunctions.part(y, at, Math.min(1, n), n).plus(ShapeFunctions.part(y, at, 0, Math.max(0, n - 1)));
        return sums.times(0.5);
    }

    // ---- summaries

    /// {@return how many elements are not zero}
    public static NDArray countNonzero(NDArray x, int... axes) {
        return sum(Np.truth(x), axes);
    }

    /// {@return the largest minus the smallest element}
    public static NDArray ptp(NDArray x, int... axes) {
        return Np.max(x, axes).minus(Np.min(x, axes));
    }

    /// {@return the weighted mean `Σ w x / Σ w`}
    ///
    /// @param weights broadcasts to `x`
    public static NDArray average(NDArray x, NDArray weights, int... axes) {
        NDArray w = Np.broadcastTo(weights, x.shape());
        return sum(x.times(w), axes).div(sum(w, axes));
    }

    /// {@return the index of the largest element among all, in row order}
    public static NDArray argmax(NDArray x) {
        return Np.argmax(x.reshape(-1), 0);
    }

    /// {@return the index of the smallest element along an axis, the first at a tie; of a NaN if there is one}
    public static NDArray argmin(NDArray x, int axis) {
        return Np.argmax(reversed(x), axis);
    }

    /// {@return the index of the smallest element among all, in row order}
    public static NDArray argmin(NDArray x) {
        return argmin(x.reshape(-1), 0);
    }

    /// {@return values in the opposite order; integers by their bits, since −x of the least one is itself}
    private static NDArray reversed(NDArray x) {
        return x.dtype().isFloating() ? Np.negative(x) : bitwiseNot(x);
    }

    /// {@return `log Σ b e^x` without overflow; NaN where the sum is negative}
    ///
    /// @param b weights; broadcasts with `x`; where 0, `x` does not matter
    public static NDArray logsumexp(NDArray x, NDArray b, int... axes) {
        NDArray a = where(Np.equal(b, 0), Double.NEGATIVE_INFINITY, x);
        Axes over = Axes.normalized(a.shape(), axes);
        NDArray top = Np.max(a, axes).stopGradient();
        NDArray shift = where(isfinite(top), top, zerosLike(top));
        return log(sum(exp(a.minus(shift.reshape(a.shape().keep(over)))).times(b), axes)).plus(shift);
    }

    /// {@return `e^x / Σ e^x` along an axis}
    public static NDArray softmax(NDArray x, int axis) {
        return exp(logSoftmax(x, axis));
    }

    /// {@return `x − log Σ e^x` along an axis}
    public static NDArray logSoftmax(NDArray x, int axis) {
        NDArray top = Np.expandDims(Np.max(x, axis), x.shape().axis(axis)).stopGradient();
        NDArray shifted = x.minus(top);
        return shifted.minus(Np.expandDims(log(sum(exp(shifted), axis)), x.shape().axis(axis)));
    }

    // ---- order

    /// {@return the positions that sort along an axis, ascending; equal elements keep their order, NaN comes last}
    public static NDArray argsort(NDArray x, int axis) {
        return Bind.apply(new ArgSort(x.shape().axis(axis)), x);
    }

    /// {@return the elements sorted along an axis, ascending, NaN last; differentiable}
    public static NDArray sort(NDArray x, int axis) {
        return IndexingFunctions.takeAlongAxis(x, argsort(x, axis), axis);
    }

    /// {@return the middle element, or the mean of the two in the middle}
    public static NDArray median(NDArray x, int... axes) {
        return quantile(x, 0.5, axes);
    }

    /// {@return the quantile with linear interpolation, see [#quantile(NDArray, Number, QuantileMethod, int...)]}
    public static NDArray quantile(NDArray x, Number q, int... axes) {
        return quantile(x, q, QuantileMethod.LINEAR, axes);
    }

    /// {@return the quantile at `q / 100`, see [#quantile(NDArray, Number, QuantileMethod, int...)]}
    public static NDArray percentile(NDArray x, Number q, int... axes) {
        return quantile(x, Np.divide(q, 100), QuantileMethod.LINEAR, axes);
    }

    /// The quantiles of the elements over axes; NaN if one is.
    ///
    /// @param q probabilities in [0, 1]; its axes come first in the result
    /// @throws DomainException if a known probability lies outside [0, 1]
    /// @throws ShapeException if there is no element
    public static NDArray quantile(NDArray x, Number q, QuantileMethod method, int... axes) {
        NDArray p = Np.multiply(q, 1.0);
        if (p.isKnown() && !Arrays.stream(p.toDoubleArray()).allMatch(v -> v >= 0 && v <= 1)) {
            throw new DomainException(new Diagnosis("quantile", "a probability lies outside its range")
                    .expected("from 0 to 1; percentile takes 0 to 100")
                    .got(p.toString())
                    .at(UserCode.line()));
        }
        NDArray lines = lines(Np.multiply(x, 1.0), axes);
        int n = lines.size(-1);
        if (n == 0) {
            throw new ShapeException(new Diagnosis("quantile", "there is no element")
                    .got("shape " + x.shape())
                    .at(UserCode.line()));
        }
        NDArray sorted = sort(lines, -1);
        NDArray place = method.place(p, n);
        NDArray fraction = method.fraction(place);
        NDArray below = Np.take(sorted, Np.floor(place).astype(DType.INT64), -1);
        NDArray above = Np.take(sorted, Np.ceil(place).astype(DType.INT64), -1);
        NDArray step = above.minus(below);
        // From the nearer end, so that a fraction of 1 gives the element above exactly.
        NDArray value = where(fraction.ge(0.5), above.minus(step.times(fraction.unaryMinus().plus(1))), below.plus(step.times(fraction)));
        NDArray broken = Np.any(isnan(lines), -1);
        NDArray out = where(broken.reshape(broken.shape().then(Shape.of(IntStream.range(0, p.rank()).map(_ -> 1).toArray()))), Double.NaN, value);
        for (int k = 0; k < p.rank(); k++) {
            out = moveaxis(out, lines.rank() - 1 + k, k);
        }
        return out;
    }

    /// {@return where values would have to be inserted into a sorted vector to keep it sorted, before equal elements}
    ///
    /// @param sorted ascending vector
    /// @param values any shape
    public static NDArray searchsorted(NDArray sorted, Number values) {
        return searchsorted(sorted, values, false);
    }

    /// {@return where values would have to be inserted into a sorted vector to keep it sorted}
    ///
    /// @param right whether behind equal elements, else before
    public static NDArray searchsorted(NDArray sorted, Number values, boolean right) {
        if (sorted.rank() != 1) {
            throw new ShapeException(new Diagnosis("searchsorted", "what is searched is not a vector")
                    .got("shape " + sorted.shape())
                    .at(UserCode.line()));
        }
        NDArray v = NDArray.as(values);
        DType dtype = DType.promote(sorted.aval(), v.aval());
        return Bind.apply(new SearchSorted(right), Np.convert(sorted, dtype), Np.convert(v, dtype));
    }

    /// {@return for each value the number of its bin, 0 below the first edge, as many as there are edges from the last on}
    ///
    /// @param edges ascending; a bin holds its lower edge
    public static NDArray digitize(Number values, NDArray edges) {
        return searchsorted(edges, values, true);
    }

    // ---- counting and groups

    /// {@return how often 0, 1, …, the largest element occur}
    ///
    /// @param x integers ≥ 0, known
    public static NDArray bincount(NDArray x) {
        int length = x.size() == 0 ? 0 : (int) Np.max(x).item() + 1;
        return bincount(x, Np.scalar(1L), length);
    }

    /// {@return for each of 0 … `length − 1` the sum of the weights of the elements that have this value}
    ///
    /// @param x       integers from 0 to `length − 1`
    /// @param weights broadcasts to `x`
    public static NDArray bincount(NDArray x, NDArray weights, int length) {
        return segmentSum(Np.broadcastTo(weights, x.shape()).reshape(-1), x.reshape(-1), length);
    }

    /// {@return the rows of `x` added up by segment, `y[k] = Σ_{i : segment[i] = k} x[i]`; zero where there is none}
    ///
    /// @param x        `[n, …]`
    /// @param segments `[n]`, from 0 to `count − 1`
    /// @param count    number of segments
    public static NDArray segmentSum(NDArray x, NDArray segments, int count) {
        if (segments.rank() != 1 || x.rank() < 1 || x.size(0) != segments.size()) {
            throw new ShapeException(new Diagnosis("segmentSum", "there is not one segment for every row")
                    .expected("[n, …] and [n]")
                    .got(x.shape() + " and " + segments.shape())
                    .at(UserCode.line()));
        }
        return Bind.apply(new ScatterAdd(0, count), countable(x), segments);
    }

    private static NDArray countable(NDArray x) {
        return x.dtype() == DType.BOOL ? x.astype(DType.INT64) : x;
    }

    /// {@return the array with the given axes brought together as the last one}
    static NDArray lines(NDArray x, int... axes) {
        Axes over = Axes.normalized(x.shape(), axes);
        int[] kept = IntStream.range(0, x.rank()).filter(a -> !over.contains(a)).toArray();
        int[] order = IntStream.concat(IntStream.of(kept), IntStream.of(over.toArray())).toArray();
        int n = 1;
        for (int a : over.toArray()) {
            n *= x.size(a);
        }
        NDArray moved = order.length == 0 ? x : x.transpose(order);
        return moved.reshape(x.shape().drop(over).then(Shape.of(n)));
    }

    /// {@return a vector as an array of `rank` axes that lies along one of them}
    static NDArray along(NDArray vector, int rank, int axis) {
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        dims[axis] = vector.size();
        return vector.reshape(Shape.of(dims));
    }
}
