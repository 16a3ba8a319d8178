package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.MatrixExponential;
import org.jspecify.annotations.Nullable;

/// The matrix exponential `e^A`.
///
/// Its derivative in a direction is a block of the exponential of a larger matrix, `exp([[A, dA], [0, A]]) = [[e^A, L], [0, e^A]]`
/// (Van Loan 1978; Higham, *Functions of Matrices*, 3.16), and its transpose is the derivative at `Aᵀ`.
public record Expm() implements Decomposition {
    @Override
    public Shape result(Shape a) {
        Linalg.requireSquare("expm", a);
        return a.last(2);
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        return MatrixExponential.of(a, n);
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int n = x.size(-1);
        int rank = x.rank();
        NDArray top = Np.concatenate(List.of(x, dx), -1);
        NDArray bottom = Np.concatenate(List.of(Np.zerosLike(x), x), -1);
        NDArray whole = Bind.apply(this, Np.concatenate(List.of(top, bottom), -2));
        int[] start = new int[rank];
        start[rank - 1] = n;
        int[] stop = whole.shape().dims();
        stop[rank - 2] = n;
        int[] step = new int[rank];
        Arrays.fill(step, 1);
        return Bind.apply(new Slice(Axes.of(start), Axes.of(stop), Axes.of(step)), whole);
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(derivative(Np.matrixTranspose(x.getFirst()), y, ct));
    }
}
