package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.graph.Transposition;
import org.jspecify.annotations.Nullable;

/// A function of one matrix, applied to every matrix of a stack: what is left to say is the factors of one matrix and the
/// forward derivative. The reverse derivative is the transpose of that rule.
public sealed interface Decomposition extends Linalg permits Lu, Qr, Eigh, Svd, Expm, Determinant, Cofactor {
    /// {@return the shape of the result for one matrix}
    ///
    /// @param a shape of the operand, with its leading axes, to be checked
    Shape result(Shape a);

    /// {@return the result for one matrix, packed in double precision}
    double[] of(double[] a, int m, int n);

    /// {@return the tangent of the result}
    NDArray derivative(NDArray x, NDArray y, NDArray dx);

    @Override
    default Aval type(List<Aval> in) {
        Shape a = in.getFirst().shape();
        Shape result = result(a);
        return in.getFirst().withShape(a.dropLast(2).then(result));
    }

    @Override
    default Kernel kernel(List<Aval> in) {
        Shape a = in.getFirst().shape();
        int m = a.dim(-2);
        int n = a.dim(-1);
        int batch = a.dropLast(2).size();
        int size = result(a).size();
        double[] work = new double[m * n];
        return (from, to) -> {
            for (int s = 0; s < batch; s++) {
                Linalg.read(from[0], s * m * n, work);
                Linalg.write(of(work, m, n), to, s * size);
            }
        };
    }

    @Override
    default @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        return t == null ? null : derivative(x.getFirst(), y, t);
    }

    @Override
    default List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray a = x.getFirst();
        return Arrays.asList(Transposition.apply(t -> derivative(a, y, t), a.aval(), ct));
    }

    @Override
    default NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
