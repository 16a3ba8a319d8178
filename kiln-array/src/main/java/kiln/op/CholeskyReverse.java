package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// The reverse derivative of [Cholesky] as an operation: the cotangent of `A` from the factor `L` and its cotangent.
///
/// ```
/// Ā = sym(L⁻ᵀ Φ(Lᵀ L̄) L⁻¹)      sym(X) = (X + Xᵀ)/2,  Φ: lower triangle with half of the diagonal
/// ```
///
/// Only the lower triangles of `L` and `L̄`, both `[…, n, n]`, are read. The kernel costs two factorisations, the formula above four.
public record CholeskyReverse() implements Linalg {
    @Override
    public Aval type(List<Aval> in) {
        Shape l = in.get(0).shape();
        Linalg.requireSquare("choleskyReverse", l);
        if (!l.equals(in.get(1).shape())) {
            throw new ShapeException(new Diagnosis("choleskyReverse", "the cotangent does not have the shape of the factor")
                    .expected(l.toString())
                    .got(in.get(1).shape().toString())
                    .at(UserCode.line()));
        }
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape l = in.getFirst().shape();
        int n = l.dim(-1);
        int batch = l.dropLast(2).size();
        var reverse = new kiln.math.CholeskyReverse(n);
        return Wide.kernel(in, type(in), (x, out) -> {
            for (int s = 0; s < batch; s++) {
                reverse.run(x[0], x[1], out, s * n * n);
            }
        });
    }

    /// With `T = L⁻ᵀ dLᵀ Ā`: `dĀ = −(T + Tᵀ)` plus the operation itself on `L⁻ᵀ dLᵀ L̄ + dL̄`.
    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray l = x.get(0);
        NDArray dl = dx.get(0);
        NDArray inner = dx.get(1);
        if (dl == null) {
            return inner == null ? null : Bind.apply(this, l, inner);
        }
        NDArray down = Np.matrixTranspose(Linalg.lower(dl));
        NDArray moved = Np.solveTriangular(l, down.matmul(Linalg.lower(x.get(1))), true);
        NDArray turned = Np.solveTriangular(l, down.matmul(y), true);
        NDArray through = Bind.apply(this, l, inner == null ? moved : moved.plus(inner));
        return through.minus(turned.plus(Np.matrixTranspose(turned)));
    }

    /// The transpose of the rule above. In `L̄` it is the forward derivative of the factorisation.
    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray l = x.get(0);
        NDArray inner = Cholesky.inner(l, ct);
        NDArray turned = Np.solveTriangular(l, ct.plus(Np.matrixTranspose(ct)), false);
        NDArray dl = Linalg.lower(x.get(1)).matmul(Np.matrixTranspose(inner)).minus(y.matmul(Np.matrixTranspose(turned)));
        return Arrays.asList(Linalg.lower(dl), Linalg.lower(l).matmul(inner));
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray[] all = new NDArray[2];
        for (int i = 0; i < 2; i++) {
            NDArray x = in.get(i);
            all[i] = batched[i] ? x : Np.broadcastTo(x, Shape.of(size).then(x.shape()));
        }
        return Bind.apply(this, all[0], all[1]);
    }
}
