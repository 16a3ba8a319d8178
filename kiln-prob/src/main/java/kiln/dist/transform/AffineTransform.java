package kiln.dist.transform;

import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.constraint.GreaterThan;
import kiln.dist.constraint.Interval;
import kiln.dist.constraint.LessThan;
import kiln.dist.constraint.Nonnegative;
import kiln.dist.constraint.Positive;
import kiln.dist.constraint.Real;
import kiln.dist.constraint.UnitInterval;

/// `y = loc + scale · x`, element by element.
///
/// The codomain is the image of the domain: a half line or interval is shifted, stretched and, for negative `scale`, reversed.
///
/// @param loc    shift; any number; broadcasts with the argument
/// @param scale  factor; any number but 0, of one sign unless the domain is the real line; broadcasts with the argument
/// @param domain the real line, a half line or an interval
public record AffineTransform(NDArray loc, NDArray scale, Constraint domain) implements Transform {
    /// On the real line.
    public AffineTransform(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale), Constraints.real);
    }

    @Override
    public NDArray call(NDArray x) {
        return loc.plus(scale.times(x));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y.minus(loc).div(scale);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.broadcastTo(Np.log(Np.abs(scale)), Shape.broadcast(x.shape(), scale.shape(), loc.shape()));
    }

    @Override
    public Constraint codomain() {
        if (domain instanceof Real) {
            return Constraints.real;
        }
        boolean reversed = scale instanceof Dense d && d.size() > 0 && d.doubleAt(0) < 0;
        return switch (domain) {
            case Positive _, Nonnegative _ -> half(reversed, loc);
            case GreaterThan(NDArray low) -> half(reversed, call(low));
            case LessThan(NDArray high) -> half(!reversed, call(high));
            case UnitInterval _ -> between(reversed, loc, loc.plus(scale));
            case Interval(NDArray low, NDArray high) -> between(reversed, call(low), call(high));
            default -> Constraints.real;
        };
    }

    private static Constraint half(boolean below, NDArray end) {
        return below ? new LessThan(end) : new GreaterThan(end);
    }

    private static Constraint between(boolean reversed, NDArray a, NDArray b) {
        return reversed ? new Interval(b, a) : new Interval(a, b);
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return Shape.broadcast(shape, loc.shape(), scale.shape());
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return forwardShape(shape);
    }

    @Override
    public NDArray sign() {
        return Np.sign(scale);
    }
}
