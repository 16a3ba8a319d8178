package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.LowerCholeskyTransform;
import kiln.dist.transform.Transform;

/// Lower triangular matrices with a positive diagonal: the Cholesky factors of positive definite matrices.
public record LowerCholesky() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray lower = Np.all(x.eq(Np.tril(x)), -1, -2);
        return Np.logicalAnd(lower, Np.all(Np.diagonal(x).gt(0), -1));
    }

    @Override
    public int eventDim() {
        return 2;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.broadcastTo(Np.eye(prototype.size(-1)).astype(prototype.dtype()), prototype.shape());
    }

    @Override
    public String description() {
        return "lower triangular with a positive diagonal";
    }

    @Override
    public String remedy(String parameter) {
        return "pass cholesky(covariance) as " + parameter + ", or give the distribution its covariance or precision matrix.";
    }

    @Override
    public Transform bijection() {
        return new LowerCholeskyTransform();
    }
}
