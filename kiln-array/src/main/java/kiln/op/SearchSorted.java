package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// Where values would have to be inserted into sorted lines to keep them sorted.
///
/// The operands are the lines `[l…, n]` and the values `[l…, v…]`, of one element type; the result has the shape of the values.
/// NaN counts as larger than everything.
///
/// @param right whether behind the elements equal to the value, else before them
public record SearchSorted(boolean right) implements Indexing {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(DType.INT64, in.get(1).shape());
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape lines = in.get(0).shape();
        int n = lines.dim(-1);
        int outer = lines.dropLast(1).size();
        int each = in.get(1).shape().slice(lines.rank() - 1, in.get(1).shape().rank()).size();
        boolean floating = in.getFirst().dtype().isFloating();
        return (from, to) -> {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < each; i++) {
                    int low = 0;
                    int high = n;
                    while (low < high) {
                        int middle = (low + high) >>> 1;
                        int order = compare(from[0], o * n + middle, from[1], o * each + i, floating);
                        if (order < 0 || (right && order == 0)) {
                            low = middle + 1;
                        } else {
                            high = middle;
                        }
                    }
                    Storage.setLong(to, o * each + i, low);
                }
            }
        };
    }

    private static int compare(Object a, int i, Object b, int j, boolean floating) {
        return floating
                ? Double.compare(Storage.getDouble(a, i) + 0.0, Storage.getDouble(b, j) + 0.0)
                : Long.compare(Storage.getLong(a, i), Storage.getLong(b, j));
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        return null;
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(null, null);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray lines = in.get(0);
        NDArray values = in.get(1);
        if (!batched[0] && lines.rank() == 1) {
            return Bind.apply(this, lines, values);
        }
        return Bind.apply(
                this,
                batched[0] ? lines : Np.broadcastTo(lines, Shape.of(size).then(lines.shape())),
                batched[1] ? values : Np.broadcastTo(values, Shape.of(size).then(values.shape())));
    }
}
