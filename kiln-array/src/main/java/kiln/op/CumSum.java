package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// Running sum along an axis, `y[k] = x[0] + … + x[k]`, from the front.
///
/// @param axis the axis along which the sum runs
public record CumSum(int axis) implements Reduction, LinearMap {
    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        boolean floating = in.getFirst().dtype().isFloating();
        return Kernel.alongAxis(in.getFirst().shape(), axis, (from, to, start, n, step) -> {
            double sum = 0;
            long whole = 0;
            for (int k = 0, at = start; k < n; k++, at += step) {
                if (floating) {
                    sum += Storage.getDouble(from[0], at);
                    Storage.setDouble(to, at, sum);
                } else {
                    whole += Storage.getLong(from[0], at);
                    Storage.setLong(to, at, whole);
                }
            }
        });
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        var flip = new Flip(Axes.of(axis));
        return Arrays.asList(Bind.apply(flip, Np.cumsum(Bind.apply(flip, ct), axis)));
    }

    @Override
    public Reduction batched() {
        return new CumSum(axis + 1);
    }
}
