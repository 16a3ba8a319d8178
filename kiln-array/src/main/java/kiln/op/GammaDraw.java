package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Samplers;
import kiln.math.Threefry.Layout;
import org.jspecify.annotations.Nullable;

/// Gamma draws with scale 1 of shapes `a`, or their logarithms; the derivative is the implicit one, `dz/da = −(∂P/∂a) / (∂P/∂z)`.
///
/// Axes that vectorising puts in front share the randomness of a slice, as the slices of a loop with one key do.
///
/// Source: M. Figurnov, S. Mohamed, A. Mnih, *Implicit reparameterization gradients* (2018).
///
/// @param key    packed key
/// @param layout counter layout
/// @param count  number of draws of one slice, each with a key of its own
/// @param isLog  whether the results are logarithms
public record GammaDraw(long key, Layout layout, int count, boolean isLog) implements RandomDraw {
    @Override
    public Aval type(List<Aval> in) {
        return new Aval(in.getFirst().dtype(), in.getFirst().shape());
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        return (from, to) -> {
            switch (to) {
                case float[] draws -> Samplers.gamma(key, layout, count, (float[]) from[0], isLog, draws);
                default -> Samplers.gamma(key, layout, count, (double[]) from[0], isLog, (double[]) to);
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
        NDArray t = dx.getFirst();
        return t == null ? null : t.times(slope(x.getFirst(), y));
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(ct.times(slope(x.getFirst(), y)));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
