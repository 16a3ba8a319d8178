package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.CholeskyFactor;
import org.jspecify.annotations.Nullable;

/// Lower Cholesky factor `L` of symmetric positive definite matrices, `A = L Lᵀ`; only the lower triangle is read.
///
/// A matrix that is not positive definite gives NaN throughout, as in JAX. Derivatives: I. Murray, *Differentiation of the
/// Cholesky decomposition* (2016), equations (8) and (9).
public record Cholesky() implements Linalg {
    @Override
    public Aval type(List<Aval> in) {
        Linalg.requireSquare("cholesky", in.getFirst().shape());
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape a = in.getFirst().shape();
        int n = a.dim(-1);
        int batch = a.dropLast(2).size();
        double[] work = new double[n * n];
        var factor = new CholeskyFactor(n);
        return (from, to) -> {
            for (int s = 0; s < batch; s++) {
                Linalg.read(from[0], s * n * n, work);
                factor.factor(work);
                Linalg.write(work, to, s * n * n);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        if (t == null) {
            return null;
        }
        NDArray symmetric = t.plus(Np.matrixTranspose(t)).times(0.5);
        NDArray left = Np.solveTriangular(y, symmetric, false);
        NDArray inner = Np.matrixTranspose(Np.solveTriangular(y, Np.matrixTranspose(left), false));
        return y.matmul(inner.times(Linalg.lowerMask(y.shape().dim(-1), 0.5, y.dtype())));
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray mask = Linalg.lowerMask(y.shape().dim(-1), 0.5, y.dtype());
        NDArray inner = Np.matrixTranspose(y).matmul(ct).times(mask);
        NDArray left = Np.solveTriangular(y, inner, true);
        NDArray outer = Np.matrixTranspose(Np.solveTriangular(y, Np.matrixTranspose(left), true));
        return Arrays.asList(outer.plus(Np.matrixTranspose(outer)).times(0.5));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
