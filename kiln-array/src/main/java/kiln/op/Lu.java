package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.LuFactor;

/// Gaussian elimination with partial pivoting, `P A = L U`; packed: `P`, `L`, `U` (`n × n` each) and the determinant of `P`.
///
/// Derivative, for a regular matrix, with `M = L⁻¹ P dA U⁻¹`: `dL = L tril(M, −1)`, `dU = triu(M) U`. A singular one gives
/// infinities or NaN.
public record Lu() implements Decomposition {
    @Override
    public Shape result(Shape a) {
        Linalg.requireSquare("lu", a);
        return Shape.of(3 * a.dim(-1) * a.dim(-1) + 1);
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        LuFactor f = LuFactor.of(a, n);
        double[] out = new double[3 * n * n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                out[i * n + j] = f.permutation(i, j);
                out[n * n + i * n + j] = f.lower(i, j);
                out[2 * n * n + i * n + j] = f.upper(i, j);
            }
        }
        out[3 * n * n] = f.sign();
        return out;
    }

    /// {@return factor 0, 1 or 2: `P`, `L` or `U`}
    public static NDArray factor(NDArray packed, int which, int n) {
        return Linalg.part(packed, which * n * n, Shape.of(n, n));
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int n = x.size(-1);
        int lead = x.rank() - 2;
        NDArray p = factor(y, 0, n);
        NDArray l = factor(y, 1, n);
        NDArray u = factor(y, 2, n);
        NDArray left = Np.solveTriangular(l, p.matmul(dx), false);
        NDArray m = Np.matrixTranspose(Np.solveTriangular(Np.matrixTranspose(u), Np.matrixTranspose(left), false));
        NDArray strict = m.times(Linalg.lowerMask(n, 0, m.dtype()));
        NDArray sign = Np.zerosLike(Linalg.part(y, 3 * n * n, Shape.of(1)));
        return Linalg.pack(lead, Np.zerosLike(p), l.matmul(strict), m.minus(strict).matmul(u), sign);
    }
}
