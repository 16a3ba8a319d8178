package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Storage;

/// Index of the extreme element so far along an axis, the last one at a tie; of the first NaN once there is one.
///
/// @param axis    the axis along which it runs
/// @param largest whether the largest so far, else the smallest
public record CumArgMax(int axis, boolean largest) implements Position {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(DType.INT64, in.getFirst().shape());
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        boolean floating = in.getFirst().dtype().isFloating();
        return Kernel.alongAxis(in.getFirst().shape(), axis, (from, to, start, n, step) -> {
            int best = 0;
            for (int k = 0; k < n; k++) {
                boolean better = floating
                        ? better(Storage.getDouble(from[0], start + k * step), Storage.getDouble(from[0], start + best * step))
                        : better(Storage.getLong(from[0], start + k * step), Storage.getLong(from[0], start + best * step));
                best = better ? k : best;
                Storage.setLong(to, start + k * step, best);
            }
        });
    }

    private boolean better(double x, double best) {
        return !Double.isNaN(best) && (Double.isNaN(x) || (largest ? x >= best : x <= best));
    }

    private boolean better(long x, long best) {
        return largest ? x >= best : x <= best;
    }

    @Override
    public Reduction batched() {
        return new CumArgMax(axis + 1, largest);
    }
}
