package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.CorrCholeskyTransform;
import kiln.dist.transform.Transform;

/// Cholesky factors of correlation matrices: lower triangular, positive diagonal, rows of length 1 within 10⁻⁶.
public record CorrCholesky() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray length = Np.abs(Np.square(x).sum(-1).minus(1));
        return Np.logicalAnd(new LowerCholesky().check(x), Np.all(length.lt(1e-6), -1));
    }

    @Override
    public int eventDim() {
        return 2;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return new LowerCholesky().feasibleLike(prototype);
    }

    @Override
    public String description() {
        return "the Cholesky factor of a correlation matrix";
    }

    @Override
    public String remedy(String parameter) {
        return "divide every row of " + parameter + " by its length, or give it an LKJCholesky prior.";
    }

    @Override
    public Transform bijection() {
        return new CorrCholeskyTransform();
    }
}
