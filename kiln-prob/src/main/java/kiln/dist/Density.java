package kiln.dist;

import java.util.function.UnaryOperator;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.math.Elementary;

/// What the densities share: the value −∞ outside the support, and sums over event axes.
///
/// Wherever a density is −∞, or so low that it counts for nothing beside others, its partial derivatives are finite: a mixture, a mask or the
/// edge of a support multiplies them by 0. So a feasible value need not suit the parameters: one that depended on them would make data under a
/// mask something to compute in every evaluation.
final class Density {
    private Density() {}

    /// The density inside the support, −∞ outside and NaN of NaN, in a way that keeps derivatives finite: a value outside is replaced by a
    /// feasible one before the density sees it.
    ///
    /// Nothing is added where it is not needed: known values inside the support, or [Validation] turned off.
    ///
    /// @param support where the density is not zero
    /// @param value   `sample + batch + event`
    /// @param inside  the density inside the support
    /// @return log density, `sample + batch`
    static NDArray within(Constraint support, NDArray value, UnaryOperator<NDArray> inside) {
        if (!Validation.isOn()) {
            return inside.apply(value);
        }
        return within(support.check(value), support, value, inside);
    }

    private static NDArray within(NDArray ok, Constraint support, NDArray value, UnaryOperator<NDArray> inside) {
        if (isAllTrue(ok)) {
            return inside.apply(value);
        }
        NDArray feasible = Np.where(trailing(ok, support.eventDim()), value, support.feasibleLike(value));
        return Np.where(ok, inside.apply(feasible), outside(value, support.eventDim()));
    }

    /// {@return the log density of values outside the support: −∞, of NaN NaN}
    static NDArray outside(NDArray value, int eventDim) {
        NDArray none = Np.asNDArray(Double.NEGATIVE_INFINITY);
        return value.dtype().isFloating() ? sumRightmost(Np.where(Np.isnan(value), Double.NaN, none), eventDim) : none;
    }

    /// The density on a half line, −∞ also at infinity, where the formula, or its derivative, is a difference of infinities.
    static NDArray onHalfLine(Constraint support, NDArray value, UnaryOperator<NDArray> inside) {
        if (!Validation.isOn()) {
            return inside.apply(value);
        }
        NDArray ok = Np.logicalAnd(support.check(value), value.lt(Double.POSITIVE_INFINITY));
        return within(ok, support, value, inside);
    }

    /// {@return `a log x` for a value of the support, 0 where both are 0 even if that is at the end of the support}
    static NDArray powerOf(NDArray x, NDArray a) {
        return isInside(x.ne(0)) ? a.times(Np.log(x)) : Np.xlogy(a, x);
    }

    /// {@return `a log(1 − x)` for a value of the support, 0 where `a = 0` and `x = 1`}
    static NDArray powerOf1m(NDArray x, NDArray a) {
        return isInside(x.ne(1)) ? a.times(Np.log1p(x.unaryMinus())) : Np.xlog1py(a, x.unaryMinus());
    }

    /// Values of an engine come from a bijection onto the open set; others may lie at the end of the support.
    private static boolean isInside(NDArray ok) {
        return !Validation.isOn() || isAllTrue(ok);
    }

    /// The density of positive numbers, at 0 its limit, −∞ below.
    ///
    /// @param power  k, where the density goes as `c xᵏ⁻¹` near 0: its limit is ∞ for `k < 1`, 0 for `k > 1`
    /// @param limit  `log c` for `k = 1`
    /// @param inside the density of positive numbers
    static NDArray likePower(NDArray value, NDArray power, NDArray limit, UnaryOperator<NDArray> inside) {
        return onHalfLine(Constraints.nonnegative, value, x -> {
            if (isInside(x.ne(0))) {
                return inside.apply(x);
            }
            NDArray zero = x.eq(0);
            NDArray atZero = Np.where(power.eq(1), limit, Np.where(power.lt(1), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
            return Np.where(zero, atZero, inside.apply(Np.where(zero, 1.0, x)));
        });
    }

    /// {@return `log p`, −∞ at 0 with derivative 0 instead of ∞, which a factor 0 would turn into NaN}
    static NDArray safeLog(NDArray p) {
        NDArray zero = p.eq(0);
        return isAllFalse(zero) ? Np.log(p) : Np.where(zero, Double.NEGATIVE_INFINITY, Np.log(Np.where(zero, 1.0, p)));
    }

    /// {@return the logarithm of one of two probabilities that add up to 1: above ½ by the other one, which has the digits there}
    static NDArray logOf(NDArray p, NDArray other) {
        NDArray large = p.gt(0.5);
        if (isAllFalse(large)) {
            return safeLog(p);
        }
        return Np.where(large, Np.log1p(Np.where(large, other, 0.0).unaryMinus()), safeLog(Np.where(large, 1.0, p)));
    }

    /// {@return `log(1 − p)`, −∞ at 1 with derivative 0}
    static NDArray safeLog1m(NDArray p) {
        NDArray one = p.eq(1);
        NDArray log = Np.log1p(Np.where(one, 0.0, p).unaryMinus());
        return isAllFalse(one) ? log : Np.where(one, Double.NEGATIVE_INFINITY, log);
    }

    /// {@return `log(1 + z²)`, also where the square is no double any more}
    ///
    /// @param away  `z · scale`
    /// @param scale of z
    static NDArray log1pSquare(NDArray away, NDArray scale) {
        return log1pSquare(away, scale, UnaryOperator.identity());
    }

    /// {@return `log(1 + z²/n)`, also where the square is no double any more}
    ///
    /// @param away  `z · scale`
    /// @param scale of z
    static NDArray log1pSquare(NDArray away, NDArray scale, NDArray n) {
        return log1pSquare(away, scale, x -> x.div(n));
    }

    /// From some size on 1 is nothing beside the square: its logarithm is twice that of its root, where the scale has a logarithm of its own, since
    /// at infinity the quotient has no derivative by it. A compiled density does without (`kiln.compile.Precautions`) until it is not finite.
    private static NDArray log1pSquare(NDArray away, NDArray scale, UnaryOperator<NDArray> divide) {
        NDArray z = away.div(scale);
        NDArray huge = Np.abs(z).gt(Elementary.HUGE);
        if (isAllFalse(huge)) {
            return Np.log1p(divide.apply(Np.square(z)));
        }
        NDArray root = Np.log(Np.abs(Np.where(huge, away, 1.0))).minus(Np.log(scale)).plus(Np.log(divide.apply(Np.asNDArray(1.0))).times(0.5));
        return Np.where(huge, root.times(2), Np.log1p(divide.apply(Np.square(Np.where(huge, 0.0, away).div(scale)))));
    }

    /// {@return `f(y)`, ∞ with derivative 0 where that is no double: what a density loses, which is −∞ there}
    ///
    /// A compiled density does without (`kiln.compile.Precautions`) until it is not finite.
    ///
    /// @param f something that grows and is finite at 1
    static NDArray growing(NDArray y, UnaryOperator<NDArray> f) {
        NDArray beyond = f.apply(y).gt(Double.MAX_VALUE);
        return isAllFalse(beyond) ? f.apply(y) : Np.where(beyond, Double.POSITIVE_INFINITY, f.apply(Np.where(beyond, 1.0, y)));
    }

    /// {@return `f(x)` of positive numbers, `atZero` with derivative 0 for others, NaN of NaN}
    static NDArray ofPositive(NDArray x, double atZero, UnaryOperator<NDArray> f) {
        NDArray ok = x.gt(0);
        return isAllTrue(ok) ? f.apply(x) : Np.where(ok, f.apply(Np.where(ok, x, 1.0)), Np.where(x.le(0), atZero, Double.NaN));
    }

    /// {@return x, numbers below an end of the support replaced by it}
    ///
    /// Not the larger of both, of whose derivative at the end itself only half is that of x: there a probability goes on as inside.
    static NDArray from(NDArray x, NDArray low) {
        return Np.where(x.lt(low), low, x);
    }

    /// {@return x, numbers beyond two ends of the support replaced by them, as [#from] does}
    static NDArray between(NDArray x, NDArray low, NDArray high) {
        return Np.where(x.gt(high), high, from(x, low));
    }

    /// {@return the smaller of a probability and its rest, which goes on as the rest from ½ on}
    static NDArray smaller(NDArray p) {
        return Np.where(p.lt(0.5), p, Np.subtract(1, p));
    }

    /// {@return `|z|`, whose slope at 0 is that of z: where two forms meet there, that from 0 on is asked}
    static NDArray size(NDArray z) {
        return Np.where(z.lt(0), z.unaryMinus(), z);
    }

    /// {@return x, negative numbers replaced by 0}
    static NDArray fromZero(NDArray x) {
        return from(x, NDArray.as(0.0));
    }

    /// {@return `f(x)`, at ±∞ its limits, which have no derivatives: those by a parameter would be products of 0 and ∞}
    ///
    /// A bound of an interval that is open on one side is infinite. Engines know their data, and ask only where a bound is one.
    static NDArray withLimits(NDArray x, double atMinus, double atPlus, UnaryOperator<NDArray> f) {
        NDArray infinite = Np.isinf(x);
        if (isIdle(infinite)) {
            return f.apply(x);
        }
        return Np.where(infinite, Np.where(x.gt(0), atPlus, atMinus), f.apply(Np.where(infinite, 1.0, x)));
    }

    /// {@return `f(x)` between 0 and 1, at and beyond these its limits, which have no derivatives}
    static NDArray withinUnit(NDArray x, double atZero, double atOne, UnaryOperator<NDArray> f) {
        NDArray beyond = Np.logicalOr(x.le(0), x.ge(1));
        return isAllFalse(beyond) ? f.apply(x) : Np.where(beyond, Np.where(x.gt(0.5), atOne, atZero), f.apply(Np.where(beyond, 0.5, x)));
    }

    /// {@return `f(q)` of probabilities, NaN of other numbers, on which a formula may well go on}
    ///
    /// Engines turn the question off, whose numbers are probabilities.
    static NDArray ofProbability(NDArray q, UnaryOperator<NDArray> f) {
        NDArray none = Np.logicalNot(Np.logicalAnd(q.ge(0), q.le(1)));
        return isIdle(none) ? f.apply(q) : Np.where(none, Double.NaN, f.apply(Np.where(none, 0.5, q)));
    }

    /// {@return `f(k + 1)` of values from a count k to the next one; `below` for values below 0, `1 − below` for ∞, where neither has a derivative}
    ///
    /// @param below probability of one side of a value below 0
    static NDArray ofCounts(NDArray value, double below, UnaryOperator<NDArray> f) {
        NDArray ok = Np.logicalAnd(value.ge(0), value.lt(Double.POSITIVE_INFINITY));
        if (isAllTrue(ok)) {
            return f.apply(Np.floor(value).plus(1));
        }
        NDArray other = Np.where(value.lt(0), below, Np.where(value.gt(0), 1 - below, Double.NaN));
        return Np.where(ok, f.apply(Np.floor(Np.where(ok, value, 0.0)).plus(1)), other);
    }

    /// {@return `below(x)` of numbers below a limit and `from(x)` of others, each of which sees the limit in place of those of the other side}
    ///
    /// Not by the smaller of both, of whose derivative at the limit itself only half is that of x.
    static NDArray split(NDArray x, double limit, UnaryOperator<NDArray> below, UnaryOperator<NDArray> from) {
        NDArray low = x.lt(limit);
        if (isAllTrue(low)) {
            return below.apply(x);
        }
        return isAllFalse(low) ? from.apply(x) : Np.where(low, below.apply(Np.where(low, x, limit)), from.apply(Np.where(low, limit, x)));
    }

    /// {@return `log p` where p is not 0, else 0: the factor of p in an entropy}
    static NDArray masked(NDArray logP) {
        return Np.where(logP.eq(Double.NEGATIVE_INFINITY), 0.0, logP);
    }

    /// {@return `k · logP` for counts `k`, 0 where `k = 0` even if `logP = −∞`}
    static NDArray count(NDArray k, NDArray logP) {
        if (isAllTrue(k.ne(0)) || isAllTrue(Np.isfinite(logP))) {
            return k.times(logP);
        }
        return Np.where(k.eq(0), 0.0, k.times(logP));
    }

    /// {@return `log C(n, k) = −log(n + 1) − log B(k + 1, n − k + 1)`}
    static NDArray logChoose(NDArray n, NDArray k) {
        return Np.betaln(k.plus(1), n.minus(k).plus(1)).plus(Np.log(n.plus(1))).unaryMinus();
    }

    /// {@return `log(1 + x) − x`, with all digits of what is left, and so its derivatives}
    ///
    /// ```
    /// log(1 + x) − x = s (2 s² (1/3 + s²/5 + s⁴/7 + …) − x),  s = x / (2 + x)
    /// ```
    ///
    /// @param x from −½ to ½
    static NDArray log1pmx(NDArray x) {
        NDArray s = x.div(x.plus(2));
        NDArray z = Np.square(s);
        NDArray sum = z.times(1.0 / 33);
        for (int k = 31; k >= 5; k -= 2) {
            sum = sum.plus(1.0 / k).times(z);
        }
        return s.times(sum.plus(1.0 / 3).times(z).times(2).minus(x));
    }

    /// {@return `log cosh z`, an even function, whose derivative is one of two halves that do not cancel near 0}
    static NDArray logCosh(NDArray z) {
        NDArray isNear = Np.abs(z).lt(1);
        NDArray near = Np.log1p(Np.square(Np.sinh(Np.where(isNear, z, 0.0)))).times(0.5);
        NDArray size = Np.abs(Np.where(isNear, 1.0, z));
        return Np.where(isNear, near, size.plus(Np.log1p(Np.exp(size.times(-2)))).minus(Constants.LOG_2));
    }

    /// {@return `log(x / y)` of positive numbers, also where the ratio is no double}
    static NDArray logRatio(NDArray x, NDArray y) {
        NDArray ratio = x.div(y);
        NDArray ok = Np.logicalAnd(ratio.ge(Double.MIN_NORMAL), ratio.le(Double.MAX_VALUE));
        return isAllTrue(ok) ? Np.log(ratio) : Np.where(ok, Np.log(Np.where(ok, ratio, 1.0)), Np.log(x).minus(Np.log(y)));
    }

    /// {@return `log(sinh(y/2) / (y/2))`, an even function; by its series near 0}
    static NDArray logSinhc(NDArray y) {
        NDArray small = Np.abs(y).lt(0.05);
        NDArray square = Np.square(Np.where(small, y, 0.0));
        NDArray series = square.times(square.times(square.times(1.0 / 181440).minus(1.0 / 2880)).plus(1.0 / 24));
        NDArray size = Np.abs(Np.where(small, 1.0, y));
        return Np.where(small, series, size.times(0.5).plus(Np.log1mexp(size.unaryMinus())).minus(Np.log(size)));
    }

    /// {@return the elements of the last axis of a table at given positions}
    ///
    /// @param table     `batch + [k]`
    /// @param positions whole numbers from 0 to k − 1, `sample + batch`
    static NDArray pick(NDArray table, NDArray positions) {
        if (table.rank() == 1) {
            return Np.take(table, positions.astype(DType.INT64), 0);
        }
        NDArray chosen = Np.expandDims(positions, -1).eq(Np.arange(table.size(-1)));
        return Np.where(chosen, table, 0.0).sum(-1);
    }

    /// {@return whether a case need not be looked at: no element is one, or that is not known and validation is off, as in engines, which know their data}
    static boolean isIdle(NDArray unusual) {
        return isAllFalse(unusual) || (!(unusual instanceof Dense) && !Validation.isOn());
    }

    /// {@return whether all elements are known and false}
    static boolean isAllFalse(NDArray x) {
        return x instanceof Dense d && !Np.any(d).isTrue();
    }

    /// {@return whether all elements are known and true}
    static boolean isAllTrue(NDArray ok) {
        return ok instanceof Dense d && Np.all(d).isTrue();
    }

    /// {@return the array with `n` axes of size 1 at its end}
    static NDArray trailing(NDArray x, int n) {
        int[] ones = new int[n];
        java.util.Arrays.fill(ones, 1);
        return n == 0 ? x : x.reshape(x.shape().then(Shape.of(ones)));
    }

    /// {@return the sum over the last `n` axes}
    static NDArray sumRightmost(NDArray x, int n) {
        return n == 0 ? x : x.sum(java.util.stream.IntStream.rangeClosed(1, n).map(i -> -i).toArray());
    }
}
