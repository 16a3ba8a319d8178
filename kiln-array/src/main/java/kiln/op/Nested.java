package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Vectorization;
import org.jspecify.annotations.Nullable;

/// A function that stays a unit: its inner values are not kept for the way back but computed again there.
///
/// Nothing is shared across its border, so that the second computation is not merged with the first.
///
/// @param body the function
public record Nested(Graph body) implements TupleOp {
    @Override
    public String label() {
        return "checkpoint";
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        return body.outputTypes();
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        return body.eval(in);
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        List<Integer> wrt = IntStream.range(0, x.size()).filter(i -> dx.get(i) != null).boxed().toList();
        List<NDArray> operands = new ArrayList<>(x);
        wrt.forEach(w -> operands.add(Scan.orZeros(dx.get(w), x.get(w))));
        List<NDArray> out = Bind.apply(new Nested(Derivatives.jvp(body, wrt)), operands);
        return Forward.of(out);
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden) {
        List<NDArray> results = Bind.apply(this, x);
        List<Integer> wrt = IntStream.range(0, x.size()).filter(i -> active[i]).boxed().toList();
        return new Reverse(results, ct -> {
            List<Integer> seeded = IntStream.range(0, ct.size()).filter(k -> ct.get(k) != null).boxed().toList();
            Graph both = Derivatives.vjp(body, wrt, seeded, isHidden);
            List<NDArray> operands = new ArrayList<>(x);
            seeded.forEach(k -> operands.add(Scan.orZeros(ct.get(k), results.get(k))));
            Graph back = new Graph(both.parameters(), both.outputs().subList(results.size(), both.outputs().size()));
            List<NDArray> parts = Bind.apply(new Nested(back), operands);
            @Nullable NDArray[] out = new @Nullable NDArray[x.size()];
            for (int i = 0; i < parts.size(); i++) {
                out[wrt.get(i)] = parts.get(i);
            }
            return Arrays.asList(out);
        });
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        Vectorization.Mapped mapped = Vectorization.vmap(body, batched, size, new boolean[body.outputs().size()]);
        return new Batched(Bind.apply(new Nested(mapped.graph()), in), mapped.batched());
    }
}
