package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// A transform of the parts of a larger event: the log determinants of the parts are added.
///
/// @param base the transform of a part
/// @param dims how many axes the event has more than a part
public record IndependentTransform(Transform base, int dims) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return base.call(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return base.inverse(y);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Events.sumRightmost(base.logAbsDetJacobian(x, y), dims);
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(base.domain(), dims);
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(base.codomain(), dims);
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return base.forwardShape(shape);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return base.inverseShape(shape);
    }
}
