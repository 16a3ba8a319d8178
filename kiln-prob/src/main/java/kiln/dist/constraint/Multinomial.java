package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;

/// Vectors of counts with a given sum.
///
/// @param totalCount the sum; integer ≥ 0; the shape of the batch
public record Multinomial(NDArray totalCount) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray counts = Np.logicalAnd(IntegerAtLeast.isInteger(x), x.ge(0));
        return Np.logicalAnd(Np.all(counts, -1), x.sum(-1).eq(totalCount));
    }

    @Override
    public int eventDim() {
        return 1;
    }

    @Override
    public boolean isDiscrete() {
        return true;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        NDArray first = Np.arange(prototype.size(-1)).eq(0);
        return Bounds.like(prototype, Np.where(first, Np.expandDims(totalCount, -1), 0));
    }

    @Override
    public String description() {
        return "counts that sum to " + Bounds.text(totalCount, "totalCount") + " along the last axis";
    }
}
