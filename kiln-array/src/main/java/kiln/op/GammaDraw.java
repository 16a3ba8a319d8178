package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.Samplers;
import kiln.math.Threefry.Layout;
import org.jspecify.annotations.Nullable;

/// Gamma draws with scale 1 of shapes `a`, or their logarithms; the derivative is the implicit one, `dz/da = −(∂P/∂a) / (∂P/∂z)`.
///
/// The operands are packed keys, a scalar or an array whose axes are the first ones of the shapes, and the shapes. Every slice of
/// `count` shapes has one key; slices beyond the axes of the keys share theirs, as the slices of a loop with one key do.
///
/// Source: M. Figurnov, S. Mohamed, A. Mnih, *Implicit reparameterization gradients* (2018).
///
/// @param layout counter layout
/// @param count  number of draws of one slice, each with a key of its own made from that of the slice
/// @param isLog  whether the results are logarithms
public record GammaDraw(Layout layout, int count, boolean isLog) implements RandomDraw {
    @Override
    public Aval type(List<Aval> in) {
        return in.get(1);
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        int keys = in.getFirst().shape().size();
        int slices = count == 0 ? 0 : in.get(1).shape().size() / count;
        return (from, to) -> {
            for (int s = 0; s < slices; s++) {
                // The axes of the keys come first, so a key serves so many slices in a row.
                long key = ((long[]) from[0])[(int) ((long) s * keys / slices)];
                switch (to) {
                    case float[] draws -> Samplers.gamma(key, layout, (float[]) from[1], isLog, draws, s * count, count);
                    default -> Samplers.gamma(key, layout, (double[]) from[1], isLog, (double[]) to, s * count, count);
                }
            }
        };
    }

    private NDArray slope(NDArray a, NDArray y) {
        if (isLog) {
            return Bind.apply(new GammaDrawDerivative(1), a, y);
        }
        // A draw that underflowed to 0 stays there: its slope is the draw times a finite number.
        double smallest = y.dtype() == DType.FLOAT32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        return y.times(Bind.apply(new GammaDrawDerivative(1), a, Np.log(Np.maximum(y, smallest))));
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.get(1);
        return t == null ? null : t.times(slope(x.get(1), y));
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(null, ct.times(slope(x.get(1), y)));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray keys = in.get(0);
        NDArray a = in.get(1);
        if (!batched[0] && keys.rank() > 0) {
            keys = Np.broadcastTo(keys, Shape.of(size).then(keys.shape()));
        }
        if (!batched[1]) {
            a = Np.broadcastTo(a, Shape.of(size).then(a.shape()));
        }
        return Bind.apply(this, keys, a);
    }
}
