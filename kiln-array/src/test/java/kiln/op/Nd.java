package kiln.op;

import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;

/// Elements addressed by one index per axis: what the hand-written reference loops of the op table read.
///
/// @param dtype  element type they came from
/// @param shape  sizes of the axes
/// @param values the elements in row order
@SuppressWarnings("ArrayRecordComponent") // read by the reference loops and never compared
record Nd(DType dtype, Shape shape, double[] values) {
    static Nd of(Dense x) {
        return new Nd(x.dtype(), x.shape(), x.toDoubleArray());
    }

    double at(int... index) {
        int flat = 0;
        for (int a = 0; a < index.length; a++) {
            if (index[a] < 0 || index[a] >= shape.dim(a)) {
                throw new IndexOutOfBoundsException("axis " + a + ": " + index[a] + " in " + shape);
            }
            flat = flat * shape.dim(a) + index[a];
        }
        return values[flat];
    }

    /// {@return the index of the `flat`-th element in row order}
    static int[] index(Shape shape, int flat) {
        int[] index = new int[shape.rank()];
        int rest = flat;
        for (int a = index.length - 1; a >= 0; a--) {
            index[a] = rest % shape.dim(a);
            rest /= shape.dim(a);
        }
        return index;
    }

    /// {@return an array of the given type with `values` converted to it}
    static Dense dense(DType dtype, Shape shape, double[] values) {
        Object storage = kiln.array.Storage.allocate(dtype, values.length);
        for (int i = 0; i < values.length; i++) {
            kiln.array.Storage.setDouble(storage, i, values[i]);
        }
        return Dense.of(new kiln.array.Aval(dtype, shape), storage);
    }
}
