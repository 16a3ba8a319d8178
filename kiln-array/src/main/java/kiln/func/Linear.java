package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Split;
import kiln.graph.Vectorization;

/// The derivative of a function at a point as a linear function: what depends on the point only was computed once.
///
/// @param values the results of the function
/// @param known  what the linear function takes from the point
/// @param map    (known…, directions or cotangents…) ↦ derivatives
record Linear(List<NDArray> values, List<NDArray> known, Graph map) {
    /// {@return the derivative by some arrays, forwards}
    static Linear forward(Flat<?> f, List<NDArray> x, List<Integer> wrt) {
        return at(Derivatives.jvp(f.graph(), wrt), f, x);
    }

    /// {@return the derivative by some arrays, in reverse: from cotangents of the floating results}
    static Linear reverse(Flat<?> f, List<NDArray> x, List<Integer> wrt) {
        return at(Derivatives.vjp(f.graph(), wrt, floating(f.outputs().stream().map(a -> a.dtype().isFloating()).toList())), f, x);
    }

    private static Linear at(Graph derivative, Flat<?> f, List<NDArray> x) {
        List<NDArray> arguments = f.arguments(x);
        int outputs = f.graph().outputs().size();
        Split split = Split.of(derivative, arguments.size(), outputs, n -> n instanceof Node.Apply || n instanceof Node.Result);
        // The values come from the function itself: a loop's forward derivative computes them together with the tangents.
        List<NDArray> stored = new Graph(derivative.parameters().subList(0, arguments.size()), split.stored()).call(arguments);
        List<NDArray> known = new ArrayList<>();
        split.parameters().forEach(p -> known.add(arguments.get(p.index())));
        known.addAll(stored);
        return new Linear(f.graph().call(arguments), known, split.second());
    }

    /// {@return the positions of what is floating}
    static List<Integer> floating(List<Boolean> flags) {
        return IntStream.range(0, flags.size()).filter(flags::get).boxed().toList();
    }

    /// {@return the positions of the floating arrays}
    static List<Integer> floatingOf(List<NDArray> arrays) {
        return floating(arrays.stream().map(a -> a.dtype().isFloating()).toList());
    }

    List<NDArray> apply(List<NDArray> directions) {
        List<NDArray> all = new ArrayList<>(known);
        all.addAll(directions);
        return map.call(all);
    }

    /// {@return the linear function at all unit directions of argument `k`, stacked along a new first axis}
    ///
    /// @param like arrays of the types of the directions
    List<NDArray> basis(List<NDArray> like, int k) {
        int n = like.get(k).size();
        List<NDArray> all = new ArrayList<>(known);
        for (int i = 0; i < like.size(); i++) {
            NDArray x = like.get(i);
            all.add(i == k ? Np.eye(n).astype(x.dtype()).reshape(Shape.of(n).then(x.shape())) : Np.zerosLike(x));
        }
        boolean[] batched = new boolean[all.size()];
        batched[known.size() + k] = true;
        return Vectorization.vmap(map, batched, n).call(all);
    }

    /// {@return arrays of the same structure with the derivatives at the given positions and zeros elsewhere}
    static List<NDArray> spread(List<NDArray> like, List<Integer> positions, List<NDArray> parts) {
        NDArray[] out = like.stream().map(Np::zerosLike).toArray(NDArray[]::new);
        for (int i = 0; i < positions.size(); i++) {
            out[positions.get(i)] = parts.get(i);
        }
        return Arrays.asList(out);
    }
}
