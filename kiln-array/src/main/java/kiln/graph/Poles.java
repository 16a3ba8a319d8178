package kiln.graph;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.op.Elementwise;
import org.jspecify.annotations.Nullable;

/// Products of derivatives where one of the factors is infinite and the other is 0: `0 · ∞ = 0`.
///
/// What a choice did not take, what vanishes beside others in a log-sum-exp, and what does not move has no part in a derivative, even if it stands at a pole of
/// it (see [Elementwise#hasPole] and [Elementwise#hides]). Only a product that is no number is replaced: where the pole's
/// derivative is finite the product stays, because it may be differentiated again by the factor that is 0.
final class Poles {
    private Poles() {}

    /// {@return cotangents of the operands at a possible pole, 0 where that of the result is}
    static List<@Nullable NDArray> cotangents(List<@Nullable NDArray> parts, NDArray ct) {
        List<@Nullable NDArray> out = new ArrayList<>();
        NDArray none = ct.eq(0);
        for (NDArray part : parts) {
            out.add(part == null ? null : unless(none, part));
        }
        return out;
    }

    /// {@return the tangent of the result}
    ///
    /// @param op an operation with poles, or one that hides what comes from them
    /// @param x  operands
    /// @param y  result
    /// @param dx tangents of the operands; null where it is zero
    static @Nullable NDArray tangent(Elementwise op, List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray sum = null;
        for (int i = 0; i < x.size(); i++) {
            NDArray t = dx.get(i);
            NDArray part = t == null ? null : op.timesPartial(i, x, y, t);
            if (t == null || part == null) {
                continue;
            }
            if (op.hasPole()) {
                part = unless(t.eq(0), part);
            }
            NDArray partial = op.hides() ? op.timesPartial(i, x, y, Np.full(t.shape(), 1, t.dtype())) : null;
            if (partial != null) {
                part = unless(partial.eq(0), part);
            }
            sum = sum == null ? part : sum.plus(part);
        }
        return sum;
    }

    private static NDArray unless(NDArray none, NDArray product) {
        return Np.where(Np.logicalAnd(none, Np.isnan(product)), Np.zerosLike(product), product);
    }
}
