package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;

/// Vectors of length 1, within 10⁻⁶. There is no bijection from all real vectors; use a projected normal distribution.
public record Sphere() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.abs(Np.square(x).sum(-1).minus(1)).lt(1e-6);
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.full(prototype.shape(), Math.sqrt(1.0 / prototype.size(-1)), prototype.dtype());
    }

    @Override
    public String description() {
        return "of length 1 along the last axis";
    }
}
