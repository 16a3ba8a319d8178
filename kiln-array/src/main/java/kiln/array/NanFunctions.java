package kiln.array;

import static kiln.array.Np.isnan;
import static kiln.array.Np.sum;
import static kiln.array.Np.where;

/// The reductions of [Np] that leave NaN out. Of no number at all the sum is 0, the product 1, and everything else NaN.
abstract class NanFunctions extends ReductionFunctions {
    NanFunctions() {}

    private static NDArray replaced(NDArray x, double value) {
        return x.dtype().isFloating() ? where(isnan(x), value, x) : x;
    }

    /// {@return how many elements are not NaN}
    private static NDArray count(NDArray x, int... axes) {
        return sum(Np.logicalNot(isnan(x)), axes);
    }

    private static NDArray unlessEmpty(NDArray x, NDArray y, int... axes) {
        return x.dtype().isFloating() ? where(count(x, axes).eq(0), Double.NaN, y) : y;
    }

    /// {@return the sum of the elements that are not NaN}
    public static NDArray nansum(NDArray x, int... axes) {
        return sum(replaced(x, 0), axes);
    }

    /// {@return the product of the elements that are not NaN}
    public static NDArray nanprod(NDArray x, int... axes) {
        return prod(replaced(x, 1), axes);
    }

    /// {@return the running sum of the elements that are not NaN}
    public static NDArray nancumsum(NDArray x, int axis) {
        return Np.cumsum(replaced(x, 0), axis);
    }

    /// {@return the mean of the elements that are not NaN}
    public static NDArray nanmean(NDArray x, int... axes) {
        return nansum(x, axes).div(count(x, axes));
    }

    /// {@return the variance of the elements that are not NaN about their mean}
    ///
    /// @param ddof what is subtracted from their number: 0 for the population, 1 for an unbiased estimate
    public static NDArray nanvar(NDArray x, int ddof, int... axes) {
        Axes over = Axes.normalized(x.shape(), axes);
        NDArray centred = x.minus(nanmean(x, axes).reshape(x.shape().keep(over)));
        NDArray n = count(x, axes);
        NDArray enough = n.gt(ddof);
        return where(enough, nansum(Np.square(centred), axes).div(where(enough, n.minus(ddof), 1)), Double.NaN);
    }

    /// {@return the standard deviation of the elements that are not NaN, see [#nanvar]}
    public static NDArray nanstd(NDArray x, int ddof, int... axes) {
        return Np.sqrt(nanvar(x, ddof, axes));
    }

    /// {@return the largest element that is not NaN}
    public static NDArray nanmax(NDArray x, int... axes) {
        return unlessEmpty(x, Np.max(replaced(x, Double.NEGATIVE_INFINITY), axes), axes);
    }

    /// {@return the smallest element that is not NaN}
    public static NDArray nanmin(NDArray x, int... axes) {
        return unlessEmpty(x, Np.min(replaced(x, Double.POSITIVE_INFINITY), axes), axes);
    }

    /// {@return the position of the largest element along an axis that is not NaN; −1 if there is none, as in JAX}
    public static NDArray nanargmax(NDArray x, int axis) {
        return where(count(x, axis).eq(0), -1, Np.argmax(replaced(x, Double.NEGATIVE_INFINITY), axis));
    }

    /// {@return the position of the smallest element along an axis that is not NaN; −1 if there is none, as in JAX}
    public static NDArray nanargmin(NDArray x, int axis) {
        return where(count(x, axis).eq(0), -1, argmin(replaced(x, Double.POSITIVE_INFINITY), axis));
    }

    /// {@return the middle one of the elements that are not NaN, or the mean of the two in the middle}
    public static NDArray nanmedian(NDArray x, int... axes) {
        return nanquantile(x, 0.5, axes);
    }

    /// {@return the quantile at `q / 100` of the elements that are not NaN, see [#nanquantile]}
    public static NDArray nanpercentile(NDArray x, double q, int... axes) {
        return nanquantile(x, q / 100, axes);
    }

    /// {@return the quantile of the elements that are not NaN, with linear interpolation}
    ///
    /// @param q probability in [0, 1]
    /// @throws DomainException if the probability lies outside [0, 1]
    public static NDArray nanquantile(NDArray x, double q, int... axes) {
        if (!(q >= 0 && q <= 1)) {
            throw new DomainException(new Diagnosis("nanquantile", "a probability lies outside its range")
                    .expected("from 0 to 1; nanpercentile takes 0 to 100")
                    .got(Double.toString(q))
                    .at(UserCode.line()));
        }
        NDArray lines = lines(Np.multiply(x, 1.0), axes);
        if (lines.size(-1) == 0) {
            return Np.full(lines.shape().dropLast(1), Double.NaN, lines.dtype());
        }
        // NaN are sorted to the end: the numbers are the first of each line.
        NDArray sorted = sort(lines, -1);
        NDArray n = count(lines, -1);
        NDArray place = Np.maximum(n.minus(1), 0).times(q);
        NDArray below = picked(sorted, Np.floor(place));
        NDArray step = picked(sorted, Np.ceil(place)).minus(below);
        return below.plus(step.times(place.minus(Np.floor(place)))).astype(lines.dtype());
    }

    private static NDArray picked(NDArray lines, NDArray place) {
        NDArray at = Np.expandDims(place.astype(DType.INT64), -1);
        return Np.squeeze(IndexingFunctions.takeAlongAxis(lines, at, -1), -1);
    }
}
