package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// A reduction whose results are positions along its axis, which have no derivative.
public sealed interface Position extends Reduction permits ArgMax, ArgSort, CumArgMax {
    @Override
    default @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        return null;
    }

    @Override
    default List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList((NDArray) null);
    }
}
