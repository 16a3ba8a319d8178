package kiln.op;

import java.util.Arrays;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.array.Storage;

/// A decomposition or solution of systems with the matrices in the last two axes.
public sealed interface Linalg extends Structured permits Cholesky, TriangularSolve {
    /// Copies one matrix of a stack into a double workspace.
    static void read(Object storage, int at, double[] into) {
        if (storage instanceof double[] x) {
            System.arraycopy(x, at, into, 0, into.length);
        } else {
            for (int i = 0; i < into.length; i++) {
                into[i] = Storage.getDouble(storage, at + i);
            }
        }
    }

    /// Copies a double workspace into one matrix of a stack, rounding to its element type.
    static void write(double[] from, Object storage, int at) {
        if (storage instanceof double[] x) {
            System.arraycopy(from, 0, x, at, from.length);
        } else {
            for (int i = 0; i < from.length; i++) {
                Storage.setDouble(storage, at + i, from[i]);
            }
        }
    }

    /// {@return the `n × n` matrix with ones on and below the diagonal, scaled on the diagonal, as a constant}
    static kiln.array.NDArray lowerMask(int n, double diagonal, DType dtype) {
        double[] mask = new double[n * n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(mask, i * n, i * n + i, 1);
            mask[i * n + i] = diagonal;
        }
        return kiln.array.NDArray.of(Shape.of(n, n), mask).astype(dtype);
    }
}
