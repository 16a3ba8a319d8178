package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.LuFactor;
import org.jspecify.annotations.Nullable;

/// Solution `X` of `A X = B` by elimination with partial pivoting; infinities or NaN where `A` is singular.
///
/// The operands are `A` of shape `[…, n, n]` and `B` of shape `[…, n, k]` with the same leading axes.
public record Solve() implements Linalg {
    @Override
    public Aval type(List<Aval> in) {
        return Linalg.solutionType("solve", in);
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape b = in.get(1).shape();
        int n = b.dim(-2);
        int k = b.dim(-1);
        int batch = b.dropLast(2).size();
        double[] a = new double[n * n];
        double[] right = new double[n * k];
        return (from, to) -> {
            for (int s = 0; s < batch; s++) {
                Linalg.read(from[0], s * n * n, a);
                Linalg.read(from[1], s * n * k, right);
                Linalg.write(LuFactor.of(a, n).solve(right, k), to, s * n * k);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray da = dx.get(0);
        NDArray db = dx.get(1);
        NDArray right = db;
        if (da != null) {
            NDArray product = da.matmul(y);
            right = db == null ? product.unaryMinus() : db.minus(product);
        }
        return right == null ? null : Bind.apply(this, x.getFirst(), right);
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray db = Bind.apply(this, Np.matrixTranspose(x.getFirst()), ct);
        return Arrays.asList(db.matmul(Np.matrixTranspose(y)).unaryMinus(), db);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Linalg.batchSolution(this, in, batched, size);
    }
}
