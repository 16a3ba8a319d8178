package kiln.op;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// An operation on arrays: a record whose components are its parameters, with all of its rules.
///
/// Derivative and batching rules are written with operations on `NDArray`, so that they can themselves be traced,
/// differentiated, vectorised and compiled. In the rules `null` stands for a tangent or cotangent that is zero.
public sealed interface Op permits Elementwise, Structured {
    /// The type rule.
    ///
    /// @param in types of the operands
    /// @return type of the result
    /// @throws kiln.array.ShapeException if the operands do not fit
    Aval type(List<Aval> in);

    /// The meaning of the operation: what the interpreter computes. Compiled code must agree with it.
    ///
    /// @param in the operands
    /// @return the result, of the type that [#type] gives
    /// @throws kiln.array.ShapeException if the operands do not fit
    Dense eval(List<Dense> in);

    /// {@return the types of operands}
    static List<Aval> types(List<? extends NDArray> in) {
        var out = new ArrayList<Aval>(in.size());
        for (NDArray x : in) {
            out.add(x.aval());
        }
        return out;
    }

    /// The forward derivative `Σᵢ ∂y/∂xᵢ · dxᵢ`.
    ///
    /// @param x  the operands
    /// @param y  the result
    /// @param dx tangents of the operands
    /// @return tangent of the result
    @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx);

    /// The reverse derivative.
    ///
    /// @param x  the operands
    /// @param y  the result
    /// @param ct cotangent of the result
    /// @return cotangents of the operands, in their order
    List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct);

    /// The vectorising rule: the operation applied along axis 0 of those operands that carry the new axis.
    ///
    /// @param in      the operands
    /// @param batched which of them have the new axis in front; at least one
    /// @param size    length of the new axis
    /// @return the result with the new axis in front
    NDArray batch(List<NDArray> in, boolean[] batched, int size);

    /// {@return the name under which the operation is printed}
    default String label() {
        return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
