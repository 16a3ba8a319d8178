package kiln.op;

import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// Repetition along new leading axes and along axes of size 1 (NumPy's broadcasting).
///
/// @param shape the shape of the result
public record BroadcastTo(Shape shape) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Aval x = in.getFirst();
        if (!x.shape().broadcastsTo(shape)) {
            throw new ShapeException(new Diagnosis("broadcastTo", "the array does not broadcast to that shape")
                    .expected(shape + ": sizes equal or 1, aligned at the last axis")
                    .got(x.shape().toString())
                    .at(UserCode.line()));
        }
        return x.withShape(shape);
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        int extra = shape.rank() - x.rank();
        int[] own = x.strides();
        int[] strides = new int[shape.rank()];
        for (int a = 0; a < x.rank(); a++) {
            strides[a + extra] = x.dim(a) == 1 ? 0 : own[a];
        }
        var copy = new Strided(shape.dims(), 0, strides, 0, shape.strides());
        return (from, to) -> copy.run(from[0], to);
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        int extra = shape.rank() - x.rank();
        int[] axes = IntStream.range(0, shape.rank())
                .filter(a -> a < extra || (x.shape().dim(a - extra) == 1 && shape.dim(a) != 1))
                .toArray();
        return axes.length == 0 ? ct : ct.sum(axes).reshape(x.shape());
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        int[] dims = new int[shape.rank() + 1];
        java.util.Arrays.fill(dims, 1);
        dims[0] = size;
        for (int a = 1; a < x.rank(); a++) {
            dims[a + dims.length - x.rank()] = x.shape().dim(a);
        }
        return Bind.apply(new BroadcastTo(Shape.of(size).then(shape)), x.reshape(Shape.of(dims)));
    }
}
