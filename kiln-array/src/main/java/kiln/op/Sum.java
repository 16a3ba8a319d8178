package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.math.Sums;
import org.jspecify.annotations.Nullable;

/// Sum over axes, `y[i] = Σⱼ x[i, j]`, in the fixed order of [Sums]; `float32` is accumulated in double precision.
///
/// @param axes the axes that disappear
public record Sum(Axes axes) implements Reduction, LinearMap {
    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst().withShape(in.getFirst().shape().drop(axes));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        if (in.getFirst().dtype() != DType.FLOAT32) {
            return Reduction.lines(in.getFirst(), axes, Sum::line);
        }
        Shape x = in.getFirst().shape();
        double[] wide = new double[x.size() / Math.max(1, x.drop(axes).size())];
        return Reduction.lines(in.getFirst(), axes, (from, offset, n, out, at) -> {
            float[] narrow = (float[]) from;
            for (int i = 0; i < n; i++) {
                wide[i] = narrow[offset + i];
            }
            ((float[]) out)[at] = (float) Sums.sum(wide, 0, n);
        });
    }

    private static void line(Object in, int offset, int n, Object out, int at) {
        if (in instanceof double[] x) {
            ((double[]) out)[at] = Sums.sum(x, offset, n);
            return;
        }
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Storage.getLong(in, offset + i);
        }
        Storage.setLong(out, at, sum);
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        var shape = x.getFirst().shape();
        return Arrays.asList(Np.broadcastTo(ct.reshape(shape.keep(axes)), shape));
    }

    @Override
    public Reduction batched() {
        return new Sum(axes.shifted(1));
    }
}
