package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;

/// The integers.
public record IntegerConstraint() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return IntegerAtLeast.isInteger(x);
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
        return "an integer";
    }
}
