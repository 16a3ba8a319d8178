package kiln.dist;

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
