package kiln.func;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.graph.Transposition;
import kiln.op.TupleOp.Forward;
import kiln.op.TupleOp.Reverse;
import org.jspecify.annotations.Nullable;

/// The user's forward derivative; the reverse derivative is its transpose.
///
/// @param rule from the arguments and their tangents to the values and their tangents
record ForwardRule(UnaryOperator<List<NDArray>> rule) implements RuledCall.Rule {
    @Override
    public String name() {
        return "customJvp";
    }

    @Override
    public Forward jvp(List<NDArray> x, List<NDArray> dx) {
        List<NDArray> in = new ArrayList<>(x);
        in.addAll(dx);
        return Forward.of(rule.apply(in));
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active) {
        List<Integer> wrt = IntStream.range(0, x.size()).filter(i -> active[i]).boxed().toList();
        List<NDArray> zeros = x.stream().map(Np::zerosLike).toList();
        Forward at = jvp(x, zeros);
        return new Reverse(at.results(), ct -> {
            List<NDArray> parts = Transposition.apply(
                    t -> {
                        List<NDArray> dx = new ArrayList<>(zeros);
                        IntStream.range(0, wrt.size()).forEach(k -> dx.set(wrt.get(k), t.get(k)));
                        List<@Nullable NDArray> dy = jvp(x, dx).tangents();
                        return IntStream.range(0, dy.size())
                                .<NDArray>mapToObj(k -> {
                                    NDArray tangent = dy.get(k);
                                    return tangent == null ? Np.zerosLike(at.results().get(k)) : tangent;
                                })
                                .toList();
                    },
                    Flat.types(wrt.stream().map(x::get).toList()),
                    ct);
            return new ArrayList<@Nullable NDArray>(Linear.spread(x, wrt, parts));
        });
    }

    @Override
    public ForwardRule batched(boolean[] mapped, int size) {
        return new ForwardRule(in -> Functions.vmapped(in, ReverseRule.twice(mapped), rule));
    }
}
