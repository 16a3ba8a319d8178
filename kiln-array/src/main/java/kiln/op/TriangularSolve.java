package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.jspecify.annotations.Nullable;

/// Solution `X` of `L X = B` or `Lᵀ X = B` for lower triangular `L`; only the lower triangle of `L` is read.
///
/// The operands are `L` of shape `[…, n, n]` and `B` of shape `[…, n, k]` with the same leading axes.
///
/// @param transposed whether `Lᵀ` stands on the left
public record TriangularSolve(boolean transposed) implements Linalg {
    @Override
    public Aval type(List<Aval> in) {
        return Linalg.solutionType("solveTriangular", in);
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape b = in.get(1).shape();
        int n = b.dim(-2);
        int k = b.dim(-1);
        int batch = b.dropLast(2).size();
        double[] l = new double[n * n];
        double[] x = new double[n * k];
        return (from, to) -> {
            for (int s = 0; s < batch; s++) {
                Linalg.read(from[0], s * n * n, l);
                Linalg.read(from[1], s * n * k, x);
                for (int step = 0; step < n; step++) {
                    int i = transposed ? n - 1 - step : step;
                    for (int done = 0; done < step; done++) {
                        int j = transposed ? n - 1 - done : done;
                        double c = -(transposed ? l[j * n + i] : l[i * n + j]);
                        for (int m = 0; m < k; m++) {
                            x[i * k + m] = Math.fma(c, x[j * k + m], x[i * k + m]);
                        }
                    }
                    for (int m = 0; m < k; m++) {
                        x[i * k + m] /= l[i * n + i];
                    }
                }
                Linalg.write(x, to, s * n * k);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray dl = dx.get(0);
        NDArray db = dx.get(1);
        NDArray right = db;
        if (dl != null) {
            NDArray lower = dl.times(Linalg.lowerMask(dl.shape().dim(-1), 1, dl.dtype()));
            NDArray product = (transposed ? Np.matrixTranspose(lower) : lower).matmul(y);
            right = db == null ? product.unaryMinus() : db.minus(product);
        }
        return right == null ? null : Bind.apply(this, x.getFirst(), right);
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray l = x.getFirst();
        NDArray db = Bind.apply(new TriangularSolve(!transposed), l, ct);
        NDArray product = transposed ? y.matmul(Np.matrixTranspose(db)) : db.matmul(Np.matrixTranspose(y));
        return Arrays.asList(product.unaryMinus().times(Linalg.lowerMask(l.shape().dim(-1), 1, l.dtype())), db);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Linalg.batchSolution(this, in, batched, size);
    }
}
