package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.SoftplusLowerCholeskyTransform;
import kiln.dist.transform.Transform;

/// Lower triangular matrices with a positive diagonal, reached by softplus instead of the exponential function.
public record SoftplusLowerCholesky() implements Constraint {
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
        return new SoftplusLowerCholeskyTransform();
    }
}
