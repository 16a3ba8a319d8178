package kiln.dist.transform;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From arrays onto arrays that are one longer along each of their last axes and sum to 0 along each, with all distances kept.
///
/// ```
/// for a vector of length n − 1 with sum s:  y = (x − s / (√n + n), −s / √n + s / (√n + n) …)        log |det| = 0
/// ```
///
/// Source: PyMC, `ZeroSumTransform`: a Householder reflection that maps the last unit vector onto the direction of ones.
///
/// @param transformNdims how many axes; ≥ 1
public record ZeroSumTransform(int transformNdims) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        NDArray y = x;
        for (int axis = -transformNdims; axis < 0; axis++) {
            y = longer(y, axis);
        }
        return y;
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray x = y;
        for (int axis = -transformNdims; axis < 0; axis++) {
            x = shorter(x, axis);
        }
        return x;
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.zeros().plus(Np.broadcastTo(Np.zeros(), x.shape().dropLast(transformNdims)));
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(Constraints.real, transformNdims);
    }

    @Override
    public Constraint codomain() {
        return Constraints.zeroSum(transformNdims);
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return grown(shape, 1);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return grown(shape, -1);
    }

    private static NDArray longer(NDArray x, int axis) {
        int n = x.size(axis) + 1;
        NDArray sum = Np.expandDims(x.sum(axis), axis);
        NDArray shift = sum.div(Math.sqrt(n) + n);
        NDArray last = sum.div(-Math.sqrt(n));
        return Np.concatenate(List.of(x, last.plus(shift)), axis).minus(shift);
    }

    private static NDArray shorter(NDArray y, int axis) {
        int n = y.size(axis);
        NDArray last = Np.take(y, NDArray.of((long) (n - 1)), axis);
        // The last element is −s / √n, so that the shift can be undone.
        NDArray shift = last.times(-Math.sqrt(n) / (Math.sqrt(n) + n));
        NDArray kept = Np.take(y, Np.arange(n - 1), axis);
        return kept.plus(shift);
    }

    private Shape grown(Shape shape, int by) {
        int[] tail = shape.last(transformNdims).dims();
        for (int i = 0; i < tail.length; i++) {
            tail[i] += by;
        }
        return shape.dropLast(transformNdims).then(Shape.of(tail));
    }
}
