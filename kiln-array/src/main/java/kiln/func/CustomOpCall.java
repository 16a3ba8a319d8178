package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.op.Bind;
import kiln.op.CustomCall;
import org.jspecify.annotations.Nullable;

/// A user's operation as the graph sees it.
///
/// @param op the operation
record CustomOpCall(CustomOp op) implements CustomCall {
    @Override
    public String label() {
        return op.name();
    }

    @Override
    public List<Aval> types(List<Aval> in) {
        return List.of(op.type(in));
    }

    @Override
    public List<Dense> eval(List<Dense> in) {
        return List.of(op.eval(List.copyOf(in)).known());
    }

    @Override
    public Forward jvp(List<NDArray> x, List<@Nullable NDArray> dx) {
        List<NDArray> results = Bind.apply(this, x);
        List<NDArray> tangents = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            NDArray like = x.get(i);
            tangents.add(Objects.requireNonNullElseGet(dx.get(i), () -> Np.zerosLike(like)));
        }
        return new Forward(results, Arrays.asList(op.jvp(x, results.getFirst(), tangents)));
    }

    @Override
    public Reverse vjp(List<NDArray> x, boolean[] active, boolean isHidden) {
        List<NDArray> results = Bind.apply(this, x);
        return new Reverse(
                results,
                ct -> new ArrayList<@Nullable NDArray>(op.vjp(x, results.getFirst(), Objects.requireNonNull(ct.getFirst(), "no cotangent"))));
    }

    @Override
    public Batched batch(List<NDArray> in, boolean[] batched, int size) {
        return new Batched(List.of(op.batch(in, batched, size)), new boolean[] {true});
    }
}
