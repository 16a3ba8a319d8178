package kiln.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.graph.Graph;
import org.jspecify.annotations.Nullable;

/// An operation with several results: control flow with graphs as parameters, or the user's own.
///
/// As in [Op], the rules are written with operations on `NDArray`, and `null` stands for a tangent or cotangent that is zero.
public sealed interface TupleOp permits Scan, While, Switch, Nested, CustomCall {
    /// The type rule.
    ///
    /// @param in types of the operands
    /// @return types of the results
    List<Aval> types(List<Aval> in);

    /// The meaning of the operation: what the interpreter computes. Compiled code must agree with it.
    ///
    /// @param in the operands
    /// @return the results, of the types that [#types] gives
    List<Dense> eval(List<Dense> in);

    /// Results with their tangents.
    ///
    /// @param results  the results
    /// @param tangents one per result
    record Forward(List<NDArray> results, List<@Nullable NDArray> tangents) {
        /// {@return results followed by as many tangents, taken apart; those of integers are zero}
        public static Forward of(List<NDArray> both) {
            int n = both.size() / 2;
            List<@Nullable NDArray> tangents = new ArrayList<>();
            both.subList(n, 2 * n).forEach(t -> tangents.add(t.dtype().isFloating() ? t : null));
            return new Forward(both.subList(0, n), tangents);
        }
    }

    /// Results and forward derivative in one sweep.
    ///
    /// @param x  the operands
    /// @param dx tangents of the operands, at least one of them not zero
    Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx);

    /// The way back from the cotangents of the results to those of the operands.
    @FunctionalInterface
    interface Pullback {
        /// {@return cotangents of the operands; those of operands that are not active do not matter}
        ///
        /// @param ct cotangents of the results, at least one of them not zero
        List<@Nullable NDArray> apply(List<@Nullable NDArray> ct);
    }

    /// Results with the way back.
    ///
    /// @param results  the results
    /// @param pullback the reverse derivative, which may use what the forward sweep stored
    record Reverse(List<NDArray> results, Pullback pullback) {}

    /// Results, and what the reverse derivative needs of the forward sweep.
    ///
    /// @param x        the operands
    /// @param active   which operands have a derivative; at least one
    /// @param isHidden whether cotangents of the results may be 0 although these count, as behind a choice
    Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden);

    /// Results of a vectorised operation.
    ///
    /// @param results the results
    /// @param batched which of them have the new axis in front; the others are the same for all
    @SuppressWarnings("ArrayRecordComponent") // never compared: a pair of results of one call
    record Batched(List<NDArray> results, boolean[] batched) {}

    /// The vectorising rule: the operation applied along axis 0 of those operands that carry the new axis.
    ///
    /// @param in      the operands
    /// @param batched which of them have the new axis in front; at least one
    /// @param size    length of the new axis
    Batched batch(List<NDArray> in, boolean[] batched, int size);

    /// An operation without the parts that nobody uses.
    ///
    /// @param op       the smaller operation
    /// @param operands which operands it takes, in its order
    /// @param results  which results it gives, in its order
    record Pruned(TupleOp op, List<Integer> operands, List<Integer> results) {}

    /// {@return the operation without results that are not used, if that makes it smaller}
    ///
    /// @param used one per result
    default Optional<Pruned> pruned(boolean[] used) {
        return Optional.empty();
    }

    /// {@return the graph that computes the results from the operands, if compiled code contains it in place of a call}
    default Optional<Graph> inlined() {
        return Optional.empty();
    }

    /// {@return the name under which the operation is printed}
    String label();
}
