package kiln.dist;

import java.util.function.UnaryOperator;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;

/// The values of a finite set of integers, laid out for enumeration.
final class Enumeration {
    private Enumeration() {}

    /// {@return the integers from `low` to `high` along a new leading axis}
    ///
    /// @param batch  batch shape of the distribution
    /// @param expand whether the batch axes are repeated; otherwise they have size 1
    static NDArray integers(long low, long high, Shape batch, boolean expand) {
        int n = Math.toIntExact(high - low + 1);
        NDArray column = Density.trailing(Np.arange(n).plus(low), batch.rank());
        return expand ? Np.broadcastTo(column, Shape.of(n).then(batch)) : column;
    }

    /// {@return the integers from 0 to a count}
    ///
    /// @throws UnsupportedOperationException if the count is not the same known number for the whole batch
    static NDArray upTo(NDArray count, Shape batch, boolean expand, Class<?> owner) {
        return range(NDArray.as(0), count, batch, expand, owner);
    }

    /// {@return the integers from `low` to `high`}
    ///
    /// @throws UnsupportedOperationException if an end is not the same known number for the whole batch
    static NDArray range(NDArray low, NDArray high, Shape batch, boolean expand, Class<?> owner) {
        return integers(only(low, owner), only(high, owner), batch, expand);
    }

    /// {@return the sum of the probabilities of the values of a finite support that are ≤ `value`}
    ///
    /// Costs as many elements as there are values, times the size of `value`.
    static NDArray sumUpTo(Distribution d, NDArray value) {
        NDArray support = d.enumerateSupport(false);
        NDArray probability = Np.exp(d.logProb(support));
        int axes = Math.max(value.rank(), d.batchShape().rank());
        NDArray isBelow = aligned(support, axes).le(value);
        NDArray sum = Np.where(isBelow, aligned(probability, axes), 0.0).sum(0);
        // All of them are 1, whatever moves them; rounded ones may add up to more.
        NDArray one = Np.where(Np.logicalOr(Np.all(isBelow, 0), sum.gt(1)), 1.0, sum);
        return value.dtype().isFloating() ? Np.where(Np.isnan(value), Double.NaN, one) : one;
    }

    /// {@return `Σ p f(x)` over a finite support}
    static NDArray expectation(Distribution d, UnaryOperator<NDArray> f) {
        NDArray support = d.enumerateSupport(true);
        return Np.exp(d.logProb(support)).times(f.apply(support)).sum(0);
    }

    /// {@return `−Σ p log p` over a finite support}
    static NDArray entropy(Distribution d) {
        NDArray logP = d.logProb(d.enumerateSupport(true));
        NDArray isNone = logP.eq(Double.NEGATIVE_INFINITY);
        return Np.where(isNone, 0.0, Np.exp(logP).times(Np.where(isNone, 0.0, logP))).sum(0).unaryMinus();
    }

    /// Axes of size 1 behind the first one, so that the others are the last of so many.
    private static NDArray aligned(NDArray x, int axes) {
        int[] dims = new int[1 + axes];
        java.util.Arrays.fill(dims, 1);
        dims[0] = x.size(0);
        for (int i = 1; i < x.rank(); i++) {
            dims[1 + axes - x.rank() + i] = x.size(i);
        }
        return x.reshape(dims);
    }

    private static long only(NDArray end, Class<?> owner) {
        if (end instanceof Dense d && d.size() > 0) {
            long first = d.longAt(0);
            boolean same = true;
            for (int i = 1; i < d.size(); i++) {
                same &= d.longAt(i) == first;
            }
            if (same) {
                return first;
            }
        }
        throw new UnsupportedOperationException(new Diagnosis(
                        owner.getSimpleName(), "the support differs within the batch, so it cannot be enumerated")
                .expected("one known number for the whole batch")
                .got(end.toString())
                .at(UserCode.line())
                .message());
    }
}
