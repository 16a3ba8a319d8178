package kiln.dist.constraint;

import java.util.Arrays;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.transform.Transform;
import kiln.dist.transform.ZeroSumTransform;

/// Arrays that sum to 0 along each of their last axes, within 10⁻⁶ of their largest element.
///
/// @param eventDim how many axes; ≥ 1
public record ZeroSum(int eventDim) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        NDArray size = Np.maximum(Np.abs(x), 1.0);
        NDArray ok = Np.full(Shape.SCALAR, 1, DType.BOOL);
        int[] axes = IntStream.rangeClosed(1, eventDim).map(i -> -i).toArray();
        for (int axis : axes) {
            NDArray sums = Np.abs(Np.expandDims(x.sum(axis), axis)).lt(Np.expandDims(size.sum(axis), axis).times(1e-6));
            ok = Np.logicalAnd(ok, Np.all(sums, axes));
        }
        return ok;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "of sum 0 along each of the last " + eventDim + " axes";
    }

    @Override
    public Transform bijection() {
        return new ZeroSumTransform(eventDim);
    }
}
