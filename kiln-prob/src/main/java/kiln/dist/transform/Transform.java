package kiln.dist.transform;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// A differentiable bijection between two sets, with the logarithm of its absolute Jacobian determinant.
///
/// The last `domain().eventDim()` axes of an argument are transformed together; the axes before are a batch.
public interface Transform {
    /// {@return the image of `x`}
    NDArray call(NDArray x);

    /// {@return the preimage of `y`}
    NDArray inverse(NDArray y);

    /// {@return `log |det ∂y/∂x|`, of the shape of the batch}
    ///
    /// @param x the argument
    /// @param y its image `call(x)`, which often saves work
    NDArray logAbsDetJacobian(NDArray x, NDArray y);

    /// {@return the set on which the transform is defined}
    Constraint domain();

    /// {@return the set onto which it maps}
    Constraint codomain();

    /// {@return the shape of `call(x)`}
    ///
    /// @param shape shape of `x`
    default Shape forwardShape(Shape shape) {
        return shape;
    }

    /// {@return the shape of `inverse(y)`}
    ///
    /// @param shape shape of `y`
    default Shape inverseShape(Shape shape) {
        return shape;
    }

    /// {@return the sign of the derivative of a monotone function of one variable: 1 or −1 by element}
    ///
    /// @throws UnsupportedOperationException if the transform is not of that kind
    default NDArray sign() {
        throw new UnsupportedOperationException(new Diagnosis(
                        getClass().getSimpleName(), "this transform is not a monotone function of one variable")
                .message());
    }

    /// {@return the transform in the other direction}
    default Transform inv() {
        return new InverseTransform(this);
    }
}
