package kiln.dist.constraint;

import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.transform.OrderedTransform;
import kiln.dist.transform.Transform;

/// Strictly increasing vectors.
public record OrderedVector() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray later = x.get(Index.DOTS, Index.slice(1, null));
        NDArray earlier = x.get(Index.DOTS, Index.slice(null, -1));
        NDArray finite = Np.all(Np.isfinite(x), -1);
        return x.size(-1) < 2 ? finite : Np.logicalAnd(finite, Np.all(later.gt(earlier), -1));
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        int n = prototype.size(-1);
        Shape shape = prototype.shape();
        return Np.broadcastTo(Np.arange(n).astype(prototype.dtype()), shape);
    }

    @Override
    public String description() {
        return "strictly increasing along the last axis";
    }

    @Override
    public Transform bijection() {
        return new OrderedTransform();
    }
}
