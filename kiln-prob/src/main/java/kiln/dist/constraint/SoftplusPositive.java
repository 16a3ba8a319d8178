package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.SoftplusTransform;
import kiln.dist.transform.Transform;

/// The numbers > 0, reached by softplus instead of the exponential function.
public record SoftplusPositive() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.gt(0);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.full(prototype.shape(), LOG_2, prototype.dtype());
    }

    @Override
    public String description() {
        return "> 0";
    }

    @Override
    public Transform bijection() {
        return new SoftplusTransform();
    }

    private static final double LOG_2 = 0.693147180559945309417232121458176568;
}
