package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Storage;

/// Index of the largest element along an axis, the first one at a tie; of a NaN if there is one.
///
/// @param axis the axis that disappears; not empty
public record ArgMax(int axis) implements Position {
    @Override
    public Aval type(List<Aval> in) {
        Reduction.requireElements(label(), in.getFirst(), Axes.of(axis));
        return new Aval(DType.INT64, in.getFirst().shape().drop(Axes.of(axis)));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        return Reduction.lines(in.getFirst(), Axes.of(axis), ArgMax::line);
    }

    private static void line(Object in, int offset, int n, Object out, int at) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            double x = Storage.getDouble(in, offset + i);
            double b = Storage.getDouble(in, offset + best);
            if (x > b || (Double.isNaN(x) && !Double.isNaN(b))) {
                best = i;
            }
        }
        Storage.setLong(out, at, best);
    }

    @Override
    public Reduction batched() {
        return new ArgMax(axis + 1);
    }
}
