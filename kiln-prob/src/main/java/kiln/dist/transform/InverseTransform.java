package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Another transform in the other direction.
///
/// @param base the transform that is inverted
public record InverseTransform(Transform base) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return base.inverse(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return base.call(y);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return base.logAbsDetJacobian(y, x).unaryMinus();
    }

    @Override
    public Constraint domain() {
        return base.codomain();
    }

    @Override
    public Constraint codomain() {
        return base.domain();
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return base.inverseShape(shape);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return base.forwardShape(shape);
    }

    @Override
    public NDArray sign() {
        return base.sign();
    }

    @Override
    public Transform inv() {
        return base;
    }
}
