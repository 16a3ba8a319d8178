package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors onto vectors whose absolute values sum to less than 1.
///
/// ```
/// t = tanh(x);  yᵢ = tᵢ Π_{k<i} (1 − |tₖ|)        log |det| = Σᵢ (log(1 − tᵢ²) + Σ_{k<i} log(1 − |tₖ|))
/// ```
public record L1BallTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        NDArray left = logLeft(x);
        return Np.tanh(x).times(Np.exp(Np.cumsum(left, -1).minus(left)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        // artanh t = ½ log((1 + t) / (1 − t)) with t = y / rest
        NDArray size = Np.abs(y);
        NDArray used = Np.cumsum(size, -1);
        NDArray rest = Np.subtract(1, used.minus(size));
        NDArray half = Np.log1p(size.times(2).div(Ends.positive(rest.minus(size)))).times(0.5);
        return half.times(Np.sign(y));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray left = logLeft(x);
        NDArray size = Np.abs(x);
        NDArray slope = left.plus(Np.log1p(Np.tanh(size)));
        return slope.plus(Np.cumsum(left, -1).minus(left)).sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.l1Ball;
    }

    /// `log(1 − |tanh x|) = log 2 − 2|x| − log(1 + e^−2|x|)`
    private static NDArray logLeft(NDArray x) {
        NDArray twice = Np.abs(x).times(2);
        return Np.log1p(Np.exp(twice.unaryMinus())).plus(twice).minus(LOG_2).unaryMinus();
    }

    private static final double LOG_2 = 0.693147180559945309417232121458176568;
}
