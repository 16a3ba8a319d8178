package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.OrderedTransform;
import kiln.dist.transform.Transform;

/// Strictly increasing vectors of numbers > 0.
public record PositiveOrderedVector() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(Constraints.orderedVector.check(x), Np.all(x.gt(0), -1));
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.exp(Constraints.orderedVector.feasibleLike(prototype));
    }

    @Override
    public String description() {
        return "> 0 and strictly increasing along the last axis";
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new OrderedTransform(), new ExpTransform());
    }
}
