package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;

/// An array set into zeros: `low[a]` of them before, `high[a]` after, and `interior[a]` between neighbours of axis `a`.
///
/// @param low      zeros before each axis, ≥ 0
/// @param high     zeros after each axis, ≥ 0
/// @param interior zeros between neighbours of each axis, ≥ 0
public record Pad(Axes low, Axes high, Axes interior) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int[] dims = new int[x.rank()];
        for (int a = 0; a < dims.length; a++) {
            int n = x.dim(a);
            dims[a] = low.get(a) + high.get(a) + (n == 0 ? 0 : n + (n - 1) * interior.get(a));
        }
        return in.getFirst().withShape(Shape.of(dims));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int[] strides = type(in).shape().strides();
        int offset = 0;
        for (int a = 0; a < strides.length; a++) {
            offset += low.get(a) * strides[a];
            strides[a] *= interior.get(a) + 1;
        }
        var copy = new Strided(x.dims(), 0, x.strides(), offset, strides);
        return (from, to) -> {
            Storage.clear(to);
            copy.run(from[0], to);
        };
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        int[] stop = new int[low.count()];
        int[] step = new int[stop.length];
        for (int a = 0; a < stop.length; a++) {
            stop[a] = ct.shape().dim(a) - high.get(a);
            step[a] = interior.get(a) + 1;
        }
        return Bind.apply(new Slice(low, Axes.of(stop), Axes.of(step)), ct);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(new Pad(low.prepend(0), high.prepend(0), interior.prepend(0)), x);
    }
}
