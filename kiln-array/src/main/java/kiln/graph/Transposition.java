package kiln.graph;

import java.util.List;
import java.util.function.UnaryOperator;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;

/// The transpose of a linear function: an operation with a long forward rule gets its reverse rule from it.
public final class Transposition {
    private Transposition() {}

    /// The cotangent `fᵀ(ct)` of a linear function `f`, by reverse differentiation of its graph (at 0, which is as good as anywhere).
    ///
    /// @param f    linear; it may use arrays of the traces around
    /// @param type type of its argument
    /// @param ct   cotangent of its result
    /// @return an array of type `type`
    public static NDArray apply(UnaryOperator<NDArray> f, Aval type, NDArray ct) {
        Tracer.Closure closure = Tracer.build(List.of(type), t -> List.of(f.apply(t.getFirst())));
        List<NDArray> arguments = new java.util.ArrayList<>(
                closure.arguments(List.of(Np.full(type.shape(), 0, type.dtype()))));
        arguments.add(ct);
        Graph reverse = Derivatives.vjp(closure.graph(), List.of(0));
        return new Graph(reverse.parameters(), List.of(reverse.outputs().getLast())).call(arguments).getFirst();
    }
}
