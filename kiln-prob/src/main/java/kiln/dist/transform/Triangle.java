package kiln.dist.transform;

import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;

/// The layout of a lower triangular matrix in a vector: the rows below the diagonal first, the diagonal at the end.
final class Triangle {
    private Triangle() {}

    /// {@return the size of the matrix whose lower triangle has `length` elements}
    ///
    /// @throws ShapeException if there is none
    static int size(int length) {
        int n = (int) Math.rint((Math.sqrt(1 + 8.0 * length) - 1) / 2);
        if (n * (n + 1) / 2 != length) {
            throw new ShapeException(new Diagnosis("LowerCholeskyTransform", "the vector does not fill a triangle")
                    .expected("n (n + 1) / 2 elements along the last axis: 1, 3, 6, 10, …")
                    .got(length + " elements")
                    .at(UserCode.line()));
        }
        return n;
    }

    /// {@return the matrix with the given elements below the diagonal and on it}
    ///
    /// @param below    `[…, n (n − 1) / 2]`, row by row
    /// @param diagonal `[…, n]`
    static NDArray matrix(NDArray below, NDArray diagonal) {
        int n = diagonal.size(-1);
        if (n == 1) {
            return Np.expandDims(diagonal, -1);
        }
        long[] at = new long[n * n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                at[i * n + j] = next++;
            }
        }
        Shape batch = diagonal.shape().dropLast(1);
        NDArray spread = Np.take(below, NDArray.of(at), -1).reshape(batch.then(Shape.of(n, n)));
        NDArray strict = Np.greater(Np.arange(n).reshape(n, 1), Np.arange(n));
        return Np.where(strict, spread, Np.diag(diagonal));
    }

    /// {@return the elements below the diagonal, row by row}
    static NDArray below(NDArray matrix) {
        int n = matrix.size(-1);
        long[] at = new long[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                at[next++] = (long) i * n + j;
            }
        }
        NDArray flat = matrix.reshape(matrix.shape().dropLast(2).then(Shape.of(n * n)));
        return flat.get(Index.DOTS, Index.at(NDArray.of(at)));
    }

    /// {@return the elements below the diagonal of a packed triangle: all but the last n}
    static NDArray packedBelow(NDArray x) {
        return x.get(Index.DOTS, Index.slice(null, x.size(-1) - size(x.size(-1))));
    }

    /// {@return the last n elements of a packed triangle}
    static NDArray packedDiagonal(NDArray x) {
        return x.get(Index.DOTS, Index.slice(-size(x.size(-1)), null));
    }

    /// {@return the elements below the diagonal of a matrix, followed by other ones for the diagonal}
    static NDArray packed(NDArray matrix, NDArray diagonal) {
        return matrix.size(-1) == 1 ? diagonal : Np.concatenate(List.of(below(matrix), diagonal), -1);
    }

    /// {@return the shape of the matrix that a packed triangle makes}
    static Shape squareShape(Shape shape) {
        int n = size(shape.dim(-1));
        return shape.dropLast(1).then(Shape.of(n, n));
    }

    /// {@return the shape of the packed triangle of a matrix}
    static Shape packedShape(Shape shape) {
        int n = shape.dim(-1);
        return shape.dropLast(2).then(Shape.of(n * (n + 1) / 2));
    }
}
