package kiln.func;

import static kiln.array.Index.slice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.op.TupleOp.Forward;
import kiln.op.TupleOp.Reverse;

/// Derivatives of a function that has forward ones only, as a loop in it ends when it likes: the reverse derivative is the matrix of the
/// forward derivatives along all coordinates of the active arguments, applied backwards.
///
/// @param name    of the function, for messages
/// @param forward the forward derivative
/// @param reverse the reverse derivative by the arguments that are active
record SensitivityRule(String name, ForwardRule forward, Function<boolean[], ReverseRule> reverse) implements RuledCall.Rule {
    /// {@return the rule of a function of some arrays}
    ///
    /// @param f     from the arrays to a float64 array
    /// @param types of the arrays
    static SensitivityRule of(String name, Function<List<NDArray>, NDArray> f, List<Aval> types) {
        var forward = new ForwardRule(in -> {
            int n = types.size();
            JVP<NDArray> out = Functions.jvp(f, in.subList(0, n), in.subList(n, 2 * n));
            return List.of(out.value(), out.tangent());
        });
        return new SensitivityRule(name, forward, active -> reverse(f, types, active));
    }

    private static ReverseRule reverse(Function<List<NDArray>, NDArray> f, List<Aval> types, boolean[] active) {
        List<Integer> wrt = IntStream.range(0, types.size()).filter(i -> active[i]).boxed().toList();
        return new ReverseRule(
                1,
                x -> {
                    var point = Pytree.ravel(wrt.stream().map(x::get).toList());
                    Function<NDArray, NDArray> ofActive = flat -> {
                        List<NDArray> all = new ArrayList<>(x);
                        List<NDArray> moved = point.unravel(flat);
                        IntStream.range(0, wrt.size()).forEach(k -> all.set(wrt.get(k), moved.get(k).astype(types.get(wrt.get(k)).dtype())));
                        return f.apply(all);
                    };
                    int n = point.vector().size();
                    JVP<NDArray> all =
                            Functions.vmap((NDArray v) -> Functions.jvp(ofActive, point.vector(), v)).apply(Np.eye(n));
                    return List.of(all.value().get(0), all.tangent().reshape(n, -1));
                },
                in -> {
                    NDArray along = in.get(0).matmul(in.get(1).reshape(-1));
                    List<NDArray> cotangents = new ArrayList<>();
                    int from = 0;
                    for (int i = 0; i < types.size(); i++) {
                        Aval type = types.get(i);
                        if (!active[i]) {
                            cotangents.add(Np.zeros(type.shape().dims()));
                            continue;
                        }
                        int to = from + type.shape().size();
                        cotangents.add(along.get(slice(from, to)).reshape(type.shape()).astype(type.dtype()));
                        from = to;
                    }
                    return cotangents;
                });
    }

    @Override
    public Forward jvp(List<NDArray> x, List<NDArray> dx) {
        return forward.jvp(x, dx);
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active) {
        return reverse.apply(Arrays.copyOf(active, x.size())).vjp(x, active);
    }

    @Override
    public RuledCall.Rule batched(boolean[] mapped, int size) {
        return new SensitivityRule(
                name, forward.batched(mapped, size), active -> reverse.apply(active).batched(mapped, size));
    }
}
