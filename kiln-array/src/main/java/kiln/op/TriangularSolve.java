package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.TriangularSystem;
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
        var system = new TriangularSystem(n, k, transposed);
        return Wide.kernel(in, type(in), (x, out) -> {
            System.arraycopy(x[1], 0, out, 0, out.length);
            for (int s = 0; s < batch; s++) {
                system.solve(x[0], s * n * n, out, s * n * k);
            }
        });
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray dl = dx.get(0);
        NDArray db = dx.get(1);
        NDArray right = db;
        if (dl != null) {
            NDArray lower = Linalg.lower(dl);
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
        return Arrays.asList(Linalg.lower(product.unaryMinus()), db);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Linalg.batchSolution(this, in, batched, size);
    }
}
