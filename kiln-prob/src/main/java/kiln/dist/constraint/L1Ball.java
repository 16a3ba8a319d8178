package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.L1BallTransform;
import kiln.dist.transform.Transform;

/// Vectors whose absolute values sum to at most 1, within 10⁻⁶.
public record L1Ball() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.abs(x).sum(-1).le(1 + 1e-6);
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "of absolute sum ≤ 1 along the last axis";
    }

    @Override
    public Transform bijection() {
        return new L1BallTransform();
    }
}
