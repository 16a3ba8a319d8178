package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;

/// Matrices with given diagonals and zeros elsewhere, `y[…, i, i] = x[…, i]`.
public record DiagonalMatrix() implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.getFirst().shape();
        return in.getFirst().withShape(x.then(Shape.of(x.dim(-1))));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.getFirst().shape();
        var copy = new Strided(x.dims(), 0, x.strides(), 0, Diagonal.strides(type(in).shape()));
        return (from, to) -> {
            Storage.clear(to);
            copy.run(from[0], to);
        };
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        return Bind.apply(new Diagonal(), ct);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(this, x);
    }
}
