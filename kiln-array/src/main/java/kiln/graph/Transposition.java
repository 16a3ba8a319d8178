package kiln.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

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
        return apply(t -> List.of(f.apply(t.getFirst())), List.of(type), List.of(ct)).getFirst();
    }

    /// The cotangents of the arguments of a linear function with several.
    ///
    /// @param f     linear; it may use arrays of the traces around
    /// @param types types of its arguments
    /// @param ct    cotangents of its results; null stands for zero
    /// @return arrays of the given types
    public static List<NDArray> apply(UnaryOperator<List<NDArray>> f, List<Aval> types, List<? extends @Nullable NDArray> ct) {
        Tracer.Closure closure = Tracer.closure(types, f);
        List<NDArray> arguments = new ArrayList<>(
                closure.arguments(types.stream().map(t -> Np.full(t.shape(), 0, t.dtype())).toList()));
        List<Integer> seeded = new ArrayList<>();
        for (int k = 0; k < ct.size(); k++) {
            NDArray c = ct.get(k);
            if (c != null) {
                seeded.add(k);
                arguments.add(c);
            }
        }
        Graph reverse = Derivatives.vjp(closure.graph(), IntStream.range(0, types.size()).boxed().toList(), seeded);
        int values = closure.graph().outputs().size();
        return new Graph(reverse.parameters(), reverse.outputs().subList(values, reverse.outputs().size())).call(arguments);
    }
}
