package kiln.dist.constraint;

import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.Transform;

/// Symmetric matrices whose eigenvalues are ≥ 0, within 10⁻⁶ of the largest element; the bijection reaches those with positive ones.
public record PositiveSemidefinite() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray size = Np.max(Np.abs(x), -1, -2);
        NDArray skew = Np.max(Np.abs(x.minus(Np.matrixTranspose(x))), -1, -2);
        NDArray least = Linalg.eigvalsh(x).min(-1);
        return Np.logicalAnd(least.ge(size.times(-1e-6)), skew.le(size.times(1e-6)));
    }

    @Override
    public int eventDim() {
        return 2;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return new PositiveDefinite().feasibleLike(prototype);
    }

    @Override
    public String description() {
        return "symmetric and positive semidefinite";
    }

    @Override
    public Transform bijection() {
        return new PositiveDefinite().bijection();
    }
}
