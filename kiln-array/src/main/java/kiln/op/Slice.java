package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Shape;

/// A box of an array: every `step[a]`-th element of axis `a` from `start[a]` to before `stop[a]`.
///
/// @param start first index of each axis, in range
/// @param stop  end of each axis, exclusive, in range
/// @param step  distance of each axis, ≥ 1
public record Slice(Axes start, Axes stop, Axes step) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        int[] dims = new int[start.count()];
        for (int a = 0; a < dims.length; a++) {
            dims[a] = Math.max(0, Math.ceilDiv(stop.get(a) - start.get(a), step.get(a)));
        }
        return in.getFirst().withShape(Shape.of(dims));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape out = type(in).shape();
        int[] strides = in.getFirst().shape().strides();
        int offset = 0;
        for (int a = 0; a < strides.length; a++) {
            offset += start.get(a) * strides[a];
            strides[a] *= step.get(a);
        }
        var copy = new Strided(out.dims(), offset, strides, 0, out.strides());
        return (from, to) -> copy.run(from[0], to);
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        int[] high = new int[start.count()];
        int[] interior = new int[high.length];
        for (int a = 0; a < high.length; a++) {
            int n = ct.shape().dim(a);
            interior[a] = step.get(a) - 1;
            high[a] = x.shape().dim(a) - start.get(a) - (n == 0 ? 0 : n + (n - 1) * interior[a]);
        }
        return Bind.apply(new Pad(start, Axes.of(high), Axes.of(interior)), ct);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(new Slice(start.prepend(0), stop.prepend(size), step.prepend(1)), x);
    }
}
