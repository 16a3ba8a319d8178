package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.ScaledUnitLowerCholeskyTransform;
import kiln.dist.transform.Transform;

/// Lower triangular matrices with a positive diagonal, reached by scaling the rows of a unit triangular matrix.
public record ScaledUnitLowerCholesky() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return new LowerCholesky().check(x);
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
        return new LowerCholesky().description();
    }

    @Override
    public Transform bijection() {
        return new ScaledUnitLowerCholeskyTransform();
    }
}
