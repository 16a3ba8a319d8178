package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.CholeskyTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.LowerCholeskyTransform;
import kiln.dist.transform.Transform;
import kiln.op.Bind;
import kiln.op.Cholesky;

/// Symmetric matrices whose eigenvalues are > 0.
///
/// Tested by a Cholesky factorisation, which exists exactly for them; symmetry is tested to 10⁻⁶ of the largest element.
public record PositiveDefinite() implements Constraint {
    private static final double TOLERANCE = 1e-6;

    @Override
    public NDArray check(NDArray x) {
        NDArray size = Np.max(Np.abs(x), -1, -2);
        NDArray skew = Np.max(Np.abs(x.minus(Np.matrixTranspose(x))), -1, -2);
        // The operation itself, which answers NaN where the function would throw.
        NDArray factor = Np.all(Np.isfinite(Bind.apply(new Cholesky(), x)), -1, -2);
        return Np.logicalAnd(factor, skew.le(size.times(TOLERANCE)));
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
        return "symmetric and positive definite";
    }

    @Override
    public String remedy(String parameter) {
        return "add a small multiple of eye(n) to the diagonal of " + parameter + ", or pass its Cholesky factor.";
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new LowerCholeskyTransform(), new CholeskyTransform().inv());
    }
}
