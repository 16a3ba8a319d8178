package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Shape;

/// Reversal of the order along some axes.
///
/// @param axes the axes to reverse
public record Flip(Axes axes) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int[] strides = x.strides();
        int offset = 0;
        for (int a : axes.toArray()) {
            offset += Math.max(0, x.dim(a) - 1) * strides[a];
            strides[a] = -strides[a];
        }
        var copy = new Strided(x.dims(), offset, strides, 0, x.strides());
        return (from, to) -> copy.run(from[0], to);
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        return Bind.apply(this, ct);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(new Flip(axes.shifted(1)), x);
    }
}
