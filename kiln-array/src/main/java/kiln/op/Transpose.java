package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Shape;

/// Permutation of the axes: axis `a` of the result is axis `permutation[a]` of the operand.
///
/// @param permutation every axis once
public record Transpose(Axes permutation) implements Movement {
    @Override
    public Aval type(List<Aval> in) {
        Aval x = in.getFirst();
        int[] dims = new int[permutation.count()];
        for (int a = 0; a < dims.length; a++) {
            dims[a] = x.shape().dim(permutation.get(a));
        }
        return x.withShape(Shape.of(dims));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape out = type(in).shape();
        int[] own = in.getFirst().shape().strides();
        int[] strides = new int[own.length];
        for (int a = 0; a < own.length; a++) {
            strides[a] = own[permutation.get(a)];
        }
        var copy = new Strided(out.dims(), 0, strides, 0, out.strides());
        return (from, to) -> copy.run(from[0], to);
    }

    @Override
    public NDArray transposed(NDArray x, NDArray ct) {
        int[] inverse = new int[permutation.count()];
        for (int a = 0; a < inverse.length; a++) {
            inverse[permutation.get(a)] = a;
        }
        return ct.transpose(inverse);
    }

    @Override
    public NDArray batch(NDArray x, int size) {
        return Bind.apply(new Transpose(permutation.shifted(1).prepend(0)), x);
    }
}
