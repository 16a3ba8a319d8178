package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// The same numbers in another shape.
///
/// ```
/// log |det| = 0
/// ```
///
/// @param forwardShape shape of an event of the image
/// @param inverseShape shape of an event of the argument; as many elements
public record ReshapeTransform(Shape forwardShape, Shape inverseShape) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return x.reshape(x.shape().dropLast(inverseShape.rank()).then(forwardShape));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y.reshape(y.shape().dropLast(forwardShape.rank()).then(inverseShape));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.full(x.shape().dropLast(inverseShape.rank()), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(Constraints.real, inverseShape.rank());
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(Constraints.real, forwardShape.rank());
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return shape.dropLast(inverseShape.rank()).then(forwardShape);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return shape.dropLast(forwardShape.rank()).then(inverseShape);
    }
}
