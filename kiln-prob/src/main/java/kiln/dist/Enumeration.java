package kiln.dist;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

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
}
