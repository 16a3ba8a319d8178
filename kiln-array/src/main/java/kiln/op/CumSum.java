package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// Running sum along an axis, `y[k] = x[0] + … + x[k]`, from the front.
///
/// @param axis the axis along which the sum runs
public record CumSum(int axis) implements Reduction {
    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst();
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
                    int at = o * n * inner + i;
                    double sum = 0;
                    long whole = 0;
                    for (int k = 0; k < n; k++, at += inner) {
                        if (floating) {
                            sum += Storage.getDouble(from[0], at);
                            Storage.setDouble(to, at, sum);
                        } else {
                            whole += Storage.getLong(from[0], at);
                            Storage.setLong(to, at, whole);
                        }
                    }
                }
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        return t == null ? null : Bind.apply(this, t);
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
