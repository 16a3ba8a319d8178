package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = 1 / (1 + e^−x)`, from the real numbers onto the open interval (0, 1).
///
/// Numerics: the result is moved into the interval where rounding would reach an end: from the smallest positive normal number to
/// 1 − ε, as in NumPyro, so that a density that is infinite at an end stays finite. The inverse takes an end for the number next to it.
public record SigmoidTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Ends.unit(Np.sigmoid(x));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return Np.logit(Ends.unit(y));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        // log σ(x) + log σ(−x), with softplus(x) = softplus(−x) + x, so that one softplus of −|x| does.
        NDArray size = Np.abs(x);
        return size.plus(Np.softplus(size.unaryMinus()).times(2)).unaryMinus();
    }

    @Override
    public Constraint domain() {
        return Constraints.real;
    }

    @Override
    public Constraint codomain() {
        return Constraints.unitInterval;
    }

    @Override
    public NDArray sign() {
        return Np.scalar(1.0);
    }
}
