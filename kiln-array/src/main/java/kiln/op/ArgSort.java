package kiln.op;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// The positions that sort each line along an axis, ascending; equal elements keep their order, NaN comes last.
///
/// @param axis the axis along which lines are sorted
public record ArgSort(int axis) implements Reduction {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(DType.INT64, in.getFirst().shape());
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int n = x.dim(axis);
        int inner = x.slice(axis + 1, x.rank()).size();
        int outer = x.slice(0, axis).size();
        Integer[] order = new Integer[n];
        boolean floating = in.getFirst().dtype().isFloating();
        return (from, to) -> {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    int start = o * n * inner + i;
                    Arrays.setAll(order, k -> k);
                    Arrays.sort(order, floating ? byDouble(from[0], start, inner) : byLong(from[0], start, inner));
                    for (int k = 0; k < n; k++) {
                        Storage.setLong(to, start + k * inner, order[k]);
                    }
                }
            }
        };
    }

    /// Adding zero makes −0 and 0 equal; [Double#compare] has NaN above everything.
    private static Comparator<Integer> byDouble(Object x, int start, int step) {
        return (a, b) -> Double.compare(Storage.getDouble(x, start + a * step) + 0.0, Storage.getDouble(x, start + b * step) + 0.0);
    }

    private static Comparator<Integer> byLong(Object x, int start, int step) {
        return (a, b) -> Long.compare(Storage.getLong(x, start + a * step), Storage.getLong(x, start + b * step));
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        return null;
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList((NDArray) null);
    }

    @Override
    public Reduction batched() {
        return new ArgSort(axis + 1);
    }
}
