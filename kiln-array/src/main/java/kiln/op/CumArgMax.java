package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// Index of the extreme element so far along an axis, the last one at a tie; of the first NaN once there is one.
///
/// @param axis    the axis along which it runs
/// @param largest whether the largest so far, else the smallest
public record CumArgMax(int axis, boolean largest) implements Reduction {
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
        boolean floating = in.getFirst().dtype().isFloating();
        return (from, to) -> {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    int start = o * n * inner + i;
                    int best = 0;
                    for (int k = 0; k < n; k++) {
                        boolean better = floating
                                ? better(Storage.getDouble(from[0], start + k * inner), Storage.getDouble(from[0], start + best * inner))
                                : better(Storage.getLong(from[0], start + k * inner), Storage.getLong(from[0], start + best * inner));
                        best = better ? k : best;
                        Storage.setLong(to, start + k * inner, best);
                    }
                }
            }
        };
    }

    private boolean better(double x, double best) {
        return !Double.isNaN(best) && (Double.isNaN(x) || (largest ? x >= best : x <= best));
    }

    private boolean better(long x, long best) {
        return largest ? x >= best : x <= best;
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
        return new CumArgMax(axis + 1, largest);
    }
}
