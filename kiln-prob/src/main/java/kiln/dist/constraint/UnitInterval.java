package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.Transform;

/// The numbers from 0 to 1, both included.
public record UnitInterval() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(x.ge(0), x.le(1));
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.full(prototype.shape(), 0.5, prototype.dtype());
    }

    @Override
    public String description() {
        return "in [0, 1]";
    }

    @Override
    public String remedy(String parameter) {
        return "keep " + parameter + " in [0, 1]: give it a Beta prior, or pass sigmoid(x) of any real x.";
    }

    @Override
    public Transform bijection() {
        return new SigmoidTransform();
    }
}
