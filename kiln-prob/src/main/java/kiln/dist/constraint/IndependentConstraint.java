package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.IndependentTransform;
import kiln.dist.transform.Transform;

/// Arrays of values of another set: further axes at the end make one value, all of whose parts lie in the base set.
///
/// @param base the set of the parts
/// @param dims how many axes are added to those of a part; ≥ 1
public record IndependentConstraint(Constraint base, int dims) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        int[] axes = new int[dims];
        for (int i = 0; i < dims; i++) {
            axes[i] = -1 - i;
        }
        return Np.all(base.check(x), axes);
    }

    @Override
    public int eventDim() {
        return base.eventDim() + dims;
    }

    @Override
    public boolean isDiscrete() {
        return base.isDiscrete();
    }

    @Override
    public boolean isUnconstrained() {
        return base.isUnconstrained();
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return base.feasibleLike(prototype);
    }

    @Override
    public String description() {
        return base.description();
    }

    @Override
    public String remedy(String parameter) {
        return base.remedy(parameter);
    }

    @Override
    public Transform bijection() {
        return new IndependentTransform(base.bijection(), dims);
    }
}
