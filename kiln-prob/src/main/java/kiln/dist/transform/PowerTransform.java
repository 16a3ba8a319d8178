package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = x^exponent` on the positive numbers.
///
/// @param exponent any number but 0; broadcasts with the argument
public record PowerTransform(NDArray exponent) implements Transform {
    /// The same exponent everywhere; an integer counts as a floating number.
    public PowerTransform(Number exponent) {
        this(NDArray.as(exponent).times(1.0));
    }

    @Override
    public NDArray call(NDArray x) {
        return x.pow(exponent);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y.pow(Np.reciprocal(exponent));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.log(Np.abs(exponent)).plus(exponent.minus(1).times(Np.log(x)));
    }

    @Override
    public Constraint domain() {
        return Constraints.positive;
    }

    @Override
    public Constraint codomain() {
        return Constraints.positive;
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return Shape.broadcast(shape, exponent.shape());
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return forwardShape(shape);
    }

    @Override
    public NDArray sign() {
        return Np.sign(exponent);
    }
}
