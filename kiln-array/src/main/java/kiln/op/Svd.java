package kiln.op;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.math.SingularValues;

/// Reduced singular value decomposition of matrices that are not wider than high, `A = U diag(s) Vᵀ`, `s` descending; packed: `s`
/// (`n`), then `U` (`m × n`) and `Vᵀ` (`n × n`) if they are wanted.
///
/// Derivative with `P = Uᵀ dA V`, `F[i, j] = 1/(s[j]² − s[i]²)` off the diagonal (J. Townsend, *Differentiating the singular value
/// decomposition*, 2016): `ds = diag(P)`, `dU = U (F ∘ (P S + S Pᵀ)) + (1 − U Uᵀ) dA V S⁻¹`, `dV = V (F ∘ (S P + Pᵀ S))`. Equal or zero
/// singular values have no differentiable vectors: infinities or NaN come out.
///
/// @param vectors whether the vectors are part of the result
public record Svd(boolean vectors) implements Decomposition {
    @Override
    public Shape result(Shape a) {
        if (a.rank() < 2 || a.dim(-2) < a.dim(-1)) {
            throw new ShapeException(new Diagnosis("svd", "the array does not hold matrices that are at least as high as wide")
                    .expected("[…, m, n] with m ≥ n")
                    .got(a.toString())
                    .at(UserCode.line()));
        }
        int m = a.dim(-2);
        int n = a.dim(-1);
        return Shape.of(vectors ? n + m * n + n * n : n);
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        SingularValues f = SingularValues.of(a, m, n);
        double[] out = java.util.Arrays.copyOf(f.values(), vectors ? n + m * n + n * n : n);
        if (vectors) {
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < m; i++) {
                    out[n + i * n + k] = f.left()[k][i];
                }
                System.arraycopy(f.right()[k], 0, out, n + m * n + k * n, n);
            }
        }
        return out;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int m = x.size(-2);
        int n = x.size(-1);
        NDArray all = vectors ? y : Bind.apply(new Svd(true), x);
        NDArray s = Linalg.part(all, 0, Shape.of(n));
        NDArray u = Linalg.part(all, n, Shape.of(m, n));
        NDArray v = Np.matrixTranspose(Linalg.part(all, n + m * n, Shape.of(n, n)));
        NDArray right = dx.matmul(v);
        NDArray p = Np.matrixTranspose(u).matmul(right);
        NDArray values = Np.diagonal(p);
        if (!vectors) {
            return values;
        }
        NDArray row = Np.expandDims(s, -2);
        NDArray column = Np.expandDims(s, -1);
        NDArray turned = Np.matrixTranspose(p);
        // s[j]² − s[i]² as a product keeps the digits of a small difference.
        NDArray eye = Np.eye(n).astype(s.dtype());
        NDArray f = Eigh.inverseGaps(s).div(row.plus(column).plus(eye));
        NDArray du = u.matmul(f.times(p.times(row).plus(turned.times(column))));
        NDArray dv = v.matmul(f.times(p.times(column).plus(turned.times(row))));
        if (m > n) {
            du = du.plus(right.minus(u.matmul(p)).div(row));
        }
        return Linalg.pack(x.rank() - 2, values, du, Np.matrixTranspose(dv));
    }
}
