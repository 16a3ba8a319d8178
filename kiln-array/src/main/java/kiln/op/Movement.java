package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// An operation of one operand that moves elements to other places: linear, so that its forward derivative is itself.
public sealed interface Movement extends LinearMap
        permits BroadcastTo, Reshape, Transpose, Slice, Pad, Flip, Diagonal, DiagonalMatrix {
    /// {@return the reverse rule: the cotangent moved back}
    NDArray transposed(NDArray x, NDArray ct);

    /// {@return the same movement of every slice along a new axis in front of `x`}
    NDArray batch(NDArray x, int size);

    @Override
    default List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(transposed(x.getFirst(), ct));
    }

    @Override
    default NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return batch(in.getFirst(), size);
    }
}
