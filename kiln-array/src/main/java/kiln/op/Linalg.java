package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.Storage;
import kiln.array.UserCode;

/// A decomposition or solution of systems with the matrices in the last two axes.
///
/// A node of a graph has one result. A decomposition that gives several matrices therefore returns their elements one matrix after
/// the other along one last axis ("packed"): `eigh` of `[…, n, n]` is `[…, n + n·n]`, the values and then the vectors row by row.
/// [#part] takes them out again and [#pack] puts them together, both with operations that are differentiated and compiled as any other.
public sealed interface Linalg extends Structured permits Cholesky, CholeskyReverse, TriangularSolve, Solve, Decomposition {
    /// {@return one matrix (or vector) of a packed result}
    ///
    /// @param packed `[…, size]`
    /// @param from   where its elements begin
    /// @param matrix its shape
    static NDArray part(NDArray packed, int from, Shape matrix) {
        Shape lead = packed.shape().dropLast(1);
        int rank = packed.rank();
        int[] start = new int[rank];
        int[] step = new int[rank];
        Arrays.fill(step, 1);
        int[] stop = packed.shape().dims();
        start[rank - 1] = from;
        stop[rank - 1] = from + matrix.size();
        return Bind.apply(new Slice(kiln.array.Axes.of(start), kiln.array.Axes.of(stop), kiln.array.Axes.of(step)), packed)
                .reshape(lead.then(matrix));
    }

    /// {@return arrays flattened behind their leading axes and put one after the other}
    ///
    /// @param lead how many leading axes there are
    static NDArray pack(int lead, NDArray... parts) {
        return Np.concatenate(
                Arrays.stream(parts)
                        .map(x -> x.reshape(x.shape().slice(0, lead).then(Shape.of(x.shape().slice(lead, x.rank()).size()))))
                        .toList(),
                lead);
    }

    /// Checks that an operand holds square matrices.
    ///
    /// @param who the operation, for the message
    static void requireSquare(String who, Shape a) {
        if (a.rank() < 2 || a.dim(-1) != a.dim(-2)) {
            throw new ShapeException(new Diagnosis(who, "the array does not hold square matrices")
                    .expected("[…, n, n]")
                    .got(a.toString())
                    .at(UserCode.line()));
        }
    }

    /// {@return the type of the solution of systems: that of the right-hand side}
    static Aval solutionType(String who, List<Aval> in) {
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        boolean fits = a.rank() >= 2
                && a.rank() == b.rank()
                && a.dim(-1) == a.dim(-2)
                && a.dim(-1) == b.dim(-2)
                && a.dropLast(2).equals(b.dropLast(2));
        if (!fits) {
            throw new ShapeException(new Diagnosis(who, "the matrix and the right-hand side do not fit")
                    .expected("[…, n, n] and […, n, k]")
                    .got(a + " and " + b)
                    .at(UserCode.line()));
        }
        return in.get(1);
    }

    /// The vectorising rule of the solution of systems: one matrix for all gets the right-hand sides of all side by side.
    static NDArray batchSolution(Linalg op, List<NDArray> in, boolean[] batched, int size) {
        NDArray a = in.get(0);
        NDArray b = in.get(1);
        if (!batched[0] && a.rank() == 2) {
            int n = b.shape().dim(1);
            int k = b.shape().dim(2);
            NDArray columns = b.transpose(1, 0, 2).reshape(Shape.of(n, size * k));
            return Bind.apply(op, a, columns).reshape(Shape.of(n, size, k)).transpose(1, 0, 2);
        }
        NDArray left = batched[0] ? a : Np.broadcastTo(a, Shape.of(size).then(a.shape()));
        NDArray right = batched[1] ? b : Np.broadcastTo(b, Shape.of(size).then(b.shape()));
        return Bind.apply(op, left, right);
    }

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
    static NDArray lowerMask(int n, double diagonal, DType dtype) {
        double[] mask = new double[n * n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(mask, i * n, i * n + i, 1);
            mask[i * n + i] = diagonal;
        }
        return NDArray.of(Shape.of(n, n), mask).astype(dtype);
    }

    /// {@return square matrices with zeros above the diagonal}
    static NDArray lower(NDArray x) {
        return x.times(lowerMask(x.shape().dim(-1), 1, x.dtype()));
    }
}
