package kiln.op;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.array.Storage;

/// The positions that sort each line along an axis, ascending; equal elements keep their order, NaN comes last.
///
/// @param axis the axis along which lines are sorted
public record ArgSort(int axis) implements Position {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(DType.INT64, in.getFirst().shape());
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        Integer[] order = new Integer[x.dim(axis)];
        boolean floating = in.getFirst().dtype().isFloating();
        return Kernel.alongAxis(x, axis, (from, to, start, n, step) -> {
            Arrays.setAll(order, k -> k);
            Arrays.sort(order, floating ? byDouble(from[0], start, step) : byLong(from[0], start, step));
            for (int k = 0; k < n; k++) {
                Storage.setLong(to, start + k * step, order[k]);
            }
        });
    }

    /// Adding zero makes −0 and 0 equal; [Double#compare] has NaN above everything.
    private static Comparator<Integer> byDouble(Object x, int start, int step) {
        return (a, b) -> Double.compare(Storage.getDouble(x, start + a * step) + 0.0, Storage.getDouble(x, start + b * step) + 0.0);
    }

    private static Comparator<Integer> byLong(Object x, int start, int step) {
        return (a, b) -> Long.compare(Storage.getLong(x, start + a * step), Storage.getLong(x, start + b * step));
    }

    @Override
    public Reduction batched() {
        return new ArgSort(axis + 1);
    }
}
