package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.Storage;
import kiln.array.UserCode;
import kiln.math.Products;
import org.jspecify.annotations.Nullable;

/// Product of matrices, `y[…, i, j] = Σₖ a[…, i, k] · b[…, k, j]`, for equal leading axes.
///
/// Floating products are summed in the order of [Products].
public record MatMul() implements Contraction {
    @Override
    public Aval type(List<Aval> in) {
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        boolean fits = a.rank() >= 2 && a.rank() == b.rank() && a.dim(-1) == b.dim(-2) && a.dropLast(2).equals(b.dropLast(2));
        if (!fits) {
            throw new ShapeException(new Diagnosis("matmul", "the inner sizes of the two arrays differ")
                    .expected("[…, m, k] and […, k, n]")
                    .got(a + " and " + b)
                    .at(UserCode.line()));
        }
        return new Aval(in.getFirst().dtype(), a.dropLast(1).then(b.last(1)));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        int batch = a.dropLast(2).size();
        int m = a.dim(-2);
        int k = a.dim(-1);
        int n = b.dim(-1);
        var products = new Products(m, k, n);
        if (!in.getFirst().dtype().isFloating()) {
            return (x, out) -> longs(batch, m, k, n, x[0], x[1], out);
        }
        return Wide.kernel(in, type(in), (x, out) -> {
            for (int s = 0; s < batch; s++) {
                products.multiply(x[0], s * m * k, x[1], s * k * n, out, s * m * n);
            }
        });
    }

    private static void longs(int batch, int m, int k, int n, Object a, Object b, Object out) {
        for (int s = 0; s < batch; s++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    long sum = 0;
                    for (int p = 0; p < k; p++) {
                        sum += Storage.getLong(a, (s * m + i) * k + p) * Storage.getLong(b, (s * k + p) * n + j);
                    }
                    Storage.setLong(out, (s * m + i) * n + j, sum);
                }
            }
        }
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray da = dx.get(0);
        NDArray db = dx.get(1);
        NDArray left = da == null ? null : Bind.apply(this, da, x.get(1));
        NDArray right = db == null ? null : Bind.apply(this, x.get(0), db);
        return left == null ? right : right == null ? left : left.plus(right);
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(
                Bind.apply(this, ct, Np.matrixTranspose(x.get(1))), Bind.apply(this, Np.matrixTranspose(x.get(0)), ct));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray a = in.get(0);
        NDArray b = in.get(1);
        if (batched[0] && !batched[1] && b.rank() == 2) {
            // One product for all: the rows of all batches under each other.
            Shape rows = Shape.of(size * a.shape().dim(1), a.shape().dim(2));
            return Bind.apply(this, a.reshape(rows), b).reshape(Shape.of(size, a.shape().dim(1), b.shape().dim(1)));
        }
        if (batched[1] && !batched[0] && a.rank() == 2) {
            // The columns of all batches side by side.
            int k = b.shape().dim(1);
            int n = b.shape().dim(2);
            NDArray columns = b.transpose(1, 0, 2).reshape(Shape.of(k, size * n));
            return Bind.apply(this, a, columns).reshape(Shape.of(a.shape().dim(0), size, n)).transpose(1, 0, 2);
        }
        return Bind.apply(this, batched[0] ? a : repeat(a, size), batched[1] ? b : repeat(b, size));
    }

    private static NDArray repeat(NDArray x, int size) {
        return Np.broadcastTo(x, Shape.of(size).then(x.shape()));
    }
}
