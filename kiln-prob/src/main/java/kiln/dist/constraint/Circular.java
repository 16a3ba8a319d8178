package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.Transform;

/// The angles from −π to π, in radians.
public record Circular() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(x.ge(-Math.PI), x.le(Math.PI));
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "an angle in [−π, π]";
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new SigmoidTransform(), new AffineTransform(-Math.PI, 2 * Math.PI));
    }
}
