package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.math.SymmetricEigen;

/// Eigenvalues, ascending, and eigenvectors of symmetric matrices, of which the lower triangle is read; packed: `w` (`n`), then the
/// matrix `V` with the vectors in its columns if they are wanted.
///
/// Derivative with `P = Vᵀ dA V`, `dA` symmetrised: `dw = diag(P)`, `dV = V (F ∘ P)`, `F[i, j] = 1/(w[j] − w[i])` off the diagonal
/// (Giles, *Collected matrix derivative results*, 2008, 3.1). Equal eigenvalues have no differentiable vectors: infinities or NaN
/// come out. Values alone have a derivative everywhere but where their order changes.
///
/// @param vectors whether the vectors are part of the result
public record Eigh(boolean vectors) implements Decomposition {
    @Override
    public Shape result(Shape a) {
        Linalg.requireSquare("eigh", a);
        int n = a.dim(-1);
        return Shape.of(vectors ? n + n * n : n);
    }

    @Override
    public double[] of(double[] a, int m, int n) {
        SymmetricEigen f = SymmetricEigen.of(a, n, vectors);
        double[] out = java.util.Arrays.copyOf(f.values(), vectors ? n + n * n : n);
        if (vectors) {
            System.arraycopy(f.vectors(), 0, out, n, n * n);
        }
        return out;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y, NDArray dx) {
        int n = x.size(-1);
        NDArray all = vectors ? y : Bind.apply(new Eigh(true), x);
        NDArray v = Linalg.part(all, n, Shape.of(n, n));
        NDArray symmetric = dx.plus(Np.matrixTranspose(dx)).times(0.5);
        NDArray inner = Np.matrixTranspose(v).matmul(symmetric).matmul(v);
        NDArray values = Np.diagonal(inner);
        if (!vectors) {
            return values;
        }
        NDArray w = Linalg.part(all, 0, Shape.of(n));
        return Linalg.pack(x.rank() - 2, values, v.matmul(inner.times(inverseGaps(w))));
    }

    /// `1/(w[j] − w[i])` off the diagonal and 0 on it.
    static NDArray inverseGaps(NDArray w) {
        NDArray eye = Np.eye(w.size(-1)).astype(w.dtype());
        NDArray gaps = Np.expandDims(w, -2).minus(Np.expandDims(w, -1));
        return Np.reciprocal(gaps.plus(eye)).minus(eye);
    }
}
