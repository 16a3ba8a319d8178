package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// The diagonals of square matrices, `y[…, i] = x[…, i, i]`.
public record Diagonal() implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.getFirst().shape();
        if (x.rank() < 2 || x.dim(-1) != x.dim(-2)) {
            throw new ShapeException(new Diagnosis("diagonal", "the array does not hold square matrices")
                    .expected("[…, n, n]")
                    .got(x.toString())
                    .at(UserCode.line()));
        }
        return in.getFirst().withShape(x.dropLast(1));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        var copy = new Strided(type(in).shape().dims(), 0, strides(in.getFirst().shape()), 0, type(in).shape().strides());
        return (from, to) -> copy.run(from[0], to);
    }

    static int[] strides(Shape matrices) {
        int[] own = matrices.strides();
        int[] strides = java.util.Arrays.copyOf(own, own.length - 1);
        strides[strides.length - 1] = matrices.dim(-1) + 1;
        return strides;
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        return Bind.apply(new DiagonalMatrix(), ct);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(this, x);
    }
}
