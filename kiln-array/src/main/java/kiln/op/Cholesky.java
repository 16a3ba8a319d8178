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
/// Cholesky decomposition* (2016), equation (8), and [CholeskyReverse].
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
        var factor = new CholeskyFactor(n);
        return Wide.kernel(in, type(in), (x, out) -> {
            System.arraycopy(x[0], 0, out, 0, out.length);
            for (int s = 0; s < batch; s++) {
                factor.factor(out, s * n * n);
            }
        });
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        return t == null ? null : y.matmul(inner(y, t));
    }

    /// `Φ(L⁻¹ T L⁻ᵀ)` for the symmetric part `T` of a tangent: the tangent of the factor is `L` times that. `Φ` takes the lower
    /// triangle with half of the diagonal.
    static NDArray inner(NDArray l, NDArray tangent) {
        NDArray symmetric = tangent.plus(Np.matrixTranspose(tangent)).times(0.5);
        NDArray left = Np.solveTriangular(l, symmetric, false);
        NDArray both = Np.matrixTranspose(Np.solveTriangular(l, Np.matrixTranspose(left), false));
        return both.times(Linalg.lowerMask(l.shape().dim(-1), 0.5, l.dtype()));
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(Bind.apply(new CholeskyReverse(), y, ct));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        return Bind.apply(this, in.getFirst());
    }
}
