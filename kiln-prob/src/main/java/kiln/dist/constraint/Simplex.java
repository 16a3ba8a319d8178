package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.StickBreakingTransform;
import kiln.dist.transform.Transform;

/// Vectors of numbers ≥ 0 that sum to 1, within 10⁻⁶.
public record Simplex() implements Constraint {
    private static final double TOLERANCE = 1e-6;

    @Override
    public NDArray check(NDArray x) {
        NDArray total = Np.abs(x.sum(-1).minus(1));
        return Np.logicalAnd(Np.all(x.ge(0), -1), total.lt(TOLERANCE));
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.full(prototype.shape(), 1.0 / prototype.size(-1), prototype.dtype());
    }

    @Override
    public String description() {
        return "≥ 0 and sum to 1 along the last axis";
    }

    @Override
    public String remedy(String parameter) {
        return "divide " + parameter + " by its sum, give it a Dirichlet prior, or use logits, which need no normalising.";
    }

    @Override
    public Transform bijection() {
        return new StickBreakingTransform();
    }
}
