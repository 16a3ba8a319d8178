package kiln.array;

import static kiln.array.Np.broadcastTo;

import java.util.Arrays;
import kiln.op.Bind;
import kiln.op.DiagonalMatrix;

/// The functions of [Np] that make arrays of Java values.
abstract class CreationFunctions extends FileFunctions {
    CreationFunctions() {}

    /// {@return a scalar or the array itself, see [NDArray#as]}
    public static NDArray asNDArray(Number x) {
        return NDArray.as(x);
    }

    /// {@return a scalar of the default floating type, strongly typed}
    public static NDArray scalar(double x) {
        return full(Shape.SCALAR, x);
    }

    /// {@return an `int64` scalar}
    public static NDArray scalar(long x) {
        return Dense.of(new Aval(DType.INT64, Shape.SCALAR), new long[] {x});
    }

    /// {@return a scalar truth value}
    public static NDArray scalar(boolean x) {
        return Dense.of(new Aval(DType.BOOL, Shape.SCALAR), new boolean[] {x});
    }

    /// {@return a vector, see [NDArray#of(double...)]}
    public static NDArray array(double... values) {
        return NDArray.of(values);
    }

    /// {@return a matrix with the given rows}
    public static NDArray array(double[][] rows) {
        return NDArray.nested(rows);
    }

    /// {@return a `float32` matrix with the given rows, see [NDArray#nested]}
    public static NDArray array(float[][] rows) {
        return NDArray.nested(rows);
    }

    /// {@return an `int64` matrix with the given rows, see [NDArray#nested]}
    public static NDArray array(long[][] rows) {
        return NDArray.nested(rows);
    }

    /// {@return an `int32` matrix with the given rows, see [NDArray#nested]}
    public static NDArray array(int[][] rows) {
        return NDArray.nested(rows);
    }

    /// {@return a matrix of truth values with the given rows, see [NDArray#nested]}
    public static NDArray array(boolean[][] rows) {
        return NDArray.nested(rows);
    }

    /// {@return a `float64` array with three axes, see [NDArray#nested] for other types and depths}
    public static NDArray array(double[][][] blocks) {
        return NDArray.nested(blocks);
    }

    /// {@return zeros of the default floating type}
    public static NDArray zeros(int... dims) {
        return full(Shape.of(dims), 0);
    }

    /// {@return ones of the default floating type}
    public static NDArray ones(int... dims) {
        return full(Shape.of(dims), 1);
    }

    /// {@return an array filled with one number, of the default floating type}
    public static NDArray full(Shape shape, double value) {
        return full(shape, value, DType.floating());
    }

    /// {@return an array filled with one number}
    public static NDArray full(Shape shape, double value, DType dtype) {
        Object one = Storage.allocate(dtype, 1);
        Storage.setDouble(one, 0, value);
        return broadcastTo(Dense.of(new Aval(dtype, Shape.SCALAR), one), shape);
    }

    /// {@return zeros with the shape and type of `x`}
    public static NDArray zerosLike(NDArray x) {
        return full(x.shape(), 0, x.dtype());
    }

    /// {@return ones with the shape and type of `x`}
    public static NDArray onesLike(NDArray x) {
        return full(x.shape(), 1, x.dtype());
    }

    /// {@return the integers from 0 to before `n`, as `int64`}
    public static NDArray arange(int n) {
        long[] out = new long[n];
        Arrays.setAll(out, i -> i);
        return NDArray.of(out);
    }

    /// {@return `n` numbers at equal distances from `start` to `stop`, both included}
    ///
    /// @param n how many; ≥ 1
    public static NDArray linspace(double start, double stop, int n) {
        DType dtype = DType.floating();
        Object out = Storage.allocate(dtype, n);
        for (int i = 0; i < n; i++) {
            Storage.setDouble(out, i, i == n - 1 && n > 1 ? stop : start + i * ((stop - start) / Math.max(1, n - 1)));
        }
        return Dense.of(new Aval(dtype, Shape.of(n)), out);
    }

    /// {@return the identity matrix of size `n`}
    public static NDArray eye(int n) {
        return Bind.apply(new DiagonalMatrix(), ones(n));
    }
}
