package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.LuFactor;
import kiln.math.SingularValues;

/// The matrices of cofactors `C`, `Cᵢⱼ = ∂ det A/∂Aᵢⱼ`; for a regular matrix `det A · A⁻ᵀ`.
///
/// ```
/// C = det U · det V · U diag(Πⱼ≠ᵢ sⱼ) Vᵀ   for A = U diag(s) Vᵀ
/// dC = (C ⟨C, dA⟩ − C dAᵀ C) / det A       from size 3 on: for regular matrices only
/// ```
public record Cofactor() implements Decomposition {
    @Override
    public Shape result(Shape a) {
        Linalg.requireSquare("cofactor", a);
        return a.last(2);
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        SingularValues f = SingularValues.of(a, n, n);
        double sign = orientation(f.left(), n) * orientation(f.right(), n);
        double[] out = new double[n * n];
        for (int k = 0; k < n; k++) {
            double others = sign;
            for (int j = 0; j < n; j++) {
                others *= j == k ? 1 : f.values()[j];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    out[i * n + j] += others * f.left()[k][i] * f.right()[k][j];
                }
            }
        }
        return out;
    }

    /// {@return the determinant of an orthogonal matrix, 1 or −1}
    private static double orientation(double[][] rows, int n) {
        double[] flat = new double[n * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows[i], 0, flat, i * n, n);
        }
        LuFactor f = LuFactor.of(flat, n);
        double sign = f.sign();
        for (int i = 0; i < n; i++) {
            sign *= Math.signum(f.upper(i, i));
        }
        return sign;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int n = x.size(-1);
        if (n < 2) {
            return Np.zerosLike(dx);
        }
        if (n == 2) {
            return Np.flip(dx, -1, -2).times(NDArray.of(Shape.of(2, 2), 1, -1, -1, 1).astype(dx.dtype()));
        }
        NDArray inner = Np.expandDims(Np.expandDims(y.times(dx).sum(-1, -2), -1), -1);
        NDArray det = Np.expandDims(Np.expandDims(Bind.apply(new Determinant(), x), -1), -1);
        return y.times(inner).minus(y.matmul(Np.matrixTranspose(dx)).matmul(y)).div(det);
    }
}
