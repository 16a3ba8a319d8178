package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.CorrCholeskyTransform;
import kiln.dist.transform.CorrMatrixCholeskyTransform;
import kiln.dist.transform.Transform;

/// Correlation matrices: symmetric, positive definite, ones on the diagonal within 10⁻⁶.
public record CorrMatrix() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray ones = Np.all(Np.abs(Np.diagonal(x).minus(1)).lt(1e-6), -1);
        return Np.logicalAnd(new PositiveDefinite().check(x), ones);
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
        return "a correlation matrix: symmetric, positive definite, ones on the diagonal";
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new CorrCholeskyTransform(), new CorrMatrixCholeskyTransform().inv());
    }
}
