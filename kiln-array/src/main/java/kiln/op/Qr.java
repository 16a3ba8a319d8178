package kiln.op;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.math.QrFactor;

/// Reduced QR factorisation of matrices that are not wider than high; packed: `Q` (`m × n`), `R` (`n × n`).
///
/// Derivative, for full column rank, with `M = Qᵀ dA R⁻¹` and `D = triu(M) + tril(M, −1)ᵀ`: `dR = D R`, `dQ = dA R⁻¹ − Q D`
/// (Walter & Lehmann, *Algorithmic differentiation of linear algebra functions*, 2010).
public record Qr() implements Decomposition {
    @Override
    public Shape result(Shape a) {
        if (a.rank() < 2 || a.dim(-2) < a.dim(-1)) {
            throw new ShapeException(new Diagnosis("qr", "the array does not hold matrices that are at least as high as wide")
                    .expected("[…, m, n] with m ≥ n")
                    .got(a.toString())
                    .at(UserCode.line()));
        }
        return Shape.of((a.dim(-2) + a.dim(-1)) * a.dim(-1));
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        QrFactor f = QrFactor.of(a, m, n);
        double[] out = new double[(m + n) * n];
        System.arraycopy(f.q(), 0, out, 0, m * n);
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                out[m * n + i * n + j] = f.r(i, j);
            }
        }
        return out;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int m = x.size(-2);
        int n = x.size(-1);
        NDArray q = Linalg.part(y, 0, Shape.of(m, n));
        NDArray r = Linalg.part(y, m * n, Shape.of(n, n));
        NDArray scaled = Np.matrixTranspose(Np.solveTriangular(Np.matrixTranspose(r), Np.matrixTranspose(dx), false));
        NDArray inner = Np.matrixTranspose(q).matmul(scaled);
        NDArray strict = inner.times(Linalg.lowerMask(n, 0, inner.dtype()));
        NDArray d = inner.minus(strict).plus(Np.matrixTranspose(strict));
        return Linalg.pack(x.rank() - 2, scaled.minus(q.matmul(d)), d.matmul(r));
    }
}
