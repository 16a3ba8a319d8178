package kiln.graph;

import java.util.List;
import java.util.function.Function;

/// Lists from lists, as the passes over graphs need them for every node.
///
/// A stream does the same; but a graph is mostly compiled before the JVM has compiled Kiln, and there a stream of two operands costs twenty
/// times what a loop does.
public final class Lists {
    private Lists() {}

    /// {@return the function's results for the elements, in order}
    ///
    /// @param function its results are not null
    public static <A, B> List<B> map(List<? extends A> list, Function<? super A, ? extends B> function) {
        int n = list.size();
        if (n == 1) {
            return List.of(function.apply(list.getFirst()));
        }
        if (n == 2) {
            return List.of(function.apply(list.get(0)), function.apply(list.get(1)));
        }
        @SuppressWarnings("unchecked") // only read as what it holds
        B[] out = (B[]) new Object[n];
        for (int i = 0; i < n; i++) {
            out[i] = function.apply(list.get(i));
        }
        return List.of(out);
    }
}
