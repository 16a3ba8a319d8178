package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.ComplexTransform;
import kiln.dist.transform.Transform;

/// The finite complex numbers, as pairs of real and imaginary part along the last axis.
public record ComplexNumber() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.all(Np.isfinite(x), -1);
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
        return "finite, with real and imaginary part along the last axis";
    }

    @Override
    public Transform bijection() {
        return new ComplexTransform();
    }
}
