package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;

/// The set {0, 1}.
public record BooleanConstraint() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalOr(x.eq(0), x.eq(1));
    }

    @Override
    public boolean isDiscrete() {
        return true;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "0 or 1";
    }
}
