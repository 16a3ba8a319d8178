package kiln.op;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// An operation that is linear in its first operand and has no derivative by the others: its forward derivative is itself.
public sealed interface LinearMap extends Structured permits Movement, Sum, CumSum, FourierTransform, Gather, ScatterAdd {
    @Override
    default @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        if (t == null) {
            return null;
        }
        List<NDArray> operands = new ArrayList<>(x);
        operands.set(0, t);
        return Bind.apply(this, operands);
    }
}
