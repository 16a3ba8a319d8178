package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Vectorization;
import org.jspecify.annotations.Nullable;

/// One of several functions of the same operands, chosen by a number: only the chosen one runs.
///
/// Operands are the number (an integer or a truth value, moved into the range of the branches), then those of all branches.
///
/// @param branches functions with equal types of parameters and of outputs
public record Switch(List<Graph> branches) implements TupleOp {
    /// A choice between copies of the list.
    public Switch {
        branches = List.copyOf(branches);
    }

    @Override
    public String label() {
        return branches.size() == 2 ? "cond" : "switch";
    }

    /// {@return the branch that a number chooses: the nearest}
    public int chosen(long index) {
        return Math.clamp(index, 0, branches.size() - 1);
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        return branches.getFirst().outputTypes();
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        return branches.get(chosen(in.getFirst().longAt(0))).eval(in.subList(1, in.size()));
    }

    private static List<NDArray> with(NDArray index, List<NDArray> operands) {
        List<NDArray> all = new ArrayList<>(List.of(index));
        all.addAll(operands);
        return all;
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        List<Integer> wrt = IntStream.range(1, x.size()).filter(i -> dx.get(i) != null).mapToObj(i -> i - 1).toList();
        List<Graph> both = branches.stream().map(b -> Derivatives.jvp(b, wrt)).toList();
        List<NDArray> operands = new ArrayList<>(x);
        wrt.forEach(w -> operands.add(Scan.orZeros(dx.get(w + 1), x.get(w + 1))));
        List<NDArray> out = Bind.apply(new Switch(both), operands);
        return Forward.of(out);
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden) {
        List<Integer> wrt = IntStream.range(1, x.size()).filter(i -> active[i]).mapToObj(i -> i - 1).toList();
        List<NDArray> results = Bind.apply(this, x);
        int n = results.size();
        List<Integer> seeded = IntStream.range(0, n).filter(k -> results.get(k).dtype().isFloating()).boxed().toList();
        return new Reverse(results, ct -> {
            List<Graph> back = branches.stream()
                    .map(b -> Derivatives.vjp(b, wrt, seeded, isHidden))
                    .map(g -> new Graph(g.parameters(), g.outputs().subList(n, g.outputs().size())))
                    .toList();
            List<NDArray> operands = new ArrayList<>(x);
            seeded.forEach(k -> operands.add(Scan.orZeros(ct.get(k), results.get(k))));
            List<NDArray> parts = Bind.apply(new Switch(back), operands);
            @Nullable NDArray[] out = new @Nullable NDArray[x.size()];
            for (int i = 0; i < wrt.size(); i++) {
                out[wrt.get(i) + 1] = parts.get(i);
            }
            return Arrays.asList(out);
        });
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        boolean[] own = Arrays.copyOfRange(batched, 1, batched.length);
        List<NDArray> operands = in.subList(1, in.size());
        List<Graph> mapped = branches.stream().map(b -> mapped(b, own, size)).toList();
        boolean[] all = new boolean[types(List.of()).size()];
        Arrays.fill(all, true);
        NDArray index = in.getFirst();
        if (!batched[0]) {
            return new Batched(Bind.apply(new Switch(mapped), with(index, operands)), all);
        }
        // Every lane chooses for itself: all branches run, and each lane takes its own.
        List<NDArray> out = new ArrayList<>(mapped.getLast().call(operands));
        for (int b = branches.size() - 2; b >= 0; b--) {
            NDArray here = index.dtype().isInteger() ? index.le(b) : Np.logicalNot(index);
            List<NDArray> values = mapped.get(b).call(operands);
            for (int k = 0; k < out.size(); k++) {
                out.set(k, Np.where(While.alignedWith(here, values.get(k)), values.get(k), out.get(k)));
            }
        }
        return new Batched(out, all);
    }

    private static Graph mapped(Graph branch, boolean[] batched, int size) {
        boolean[] all = new boolean[branch.outputs().size()];
        Arrays.fill(all, true);
        return Vectorization.vmap(branch, batched, size, all).graph();
    }
}
