package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.func.JVP;

/// A density of one angle in [−π, π] and the way in which its draws follow its parameters.
///
/// ```
/// a < 0: F(a) = ∫ h(−t) dt,   a ≥ 0: 1 − F(a) = ∫ h(t) dt,   |a| < t < π        da = −∂F/∂θ dθ / h(a)
/// ```
///
/// Both ends ±π stand still, so the derivative of the expectation of a function with the period 2π is right.
///
/// Every integral goes over the mass alone, by [GaussLegendre]'s rule: however sharp the density is, the nodes are where it counts.
///
/// @param height the density or a multiple of it, at angles of any shape `[…] + sample + batch`
/// @param low    an angle in [0, π), of shape `batch`, below which the density of both −t and t counts for nothing, as above `high`; no derivatives
/// @param high   an angle in (low, π], of shape `batch`; between both the density of t and that of −t have one peak each, or nearly so
record AngleDensity(UnaryOperator<NDArray> height, NDArray low, NDArray high) {
    /// The logarithm of the part of its largest value below which a density counts for nothing, less than a sum of doubles can hold.
    static final double NOTHING = 45;

    /// {@return the density times a function}
    AngleDensity times(UnaryOperator<NDArray> f) {
        return new AngleDensity(t -> height.apply(t).times(f.apply(t)), low, high);
    }

    /// {@return the integral of the height over the positive angles}
    NDArray half() {
        return integral(low, scalar(1));
    }

    /// The integral of the height over the circle.
    ///
    /// @param shape that of the parameters
    private NDArray mass(Shape shape) {
        NDArray from = broadcastTo(low, shape);
        return integral(from, scalar(1)).plus(integral(from, scalar(-1)));
    }

    private NDArray integral(NDArray from, NDArray side) {
        return GaussLegendre.integral(from, high, t -> height.apply(t.times(side)));
    }

    /// {@return F for negative angles, F − 1 for others, of the shape of `a`}
    ///
    /// @param shape that of the parameters
    private NDArray fraction(NDArray a, Shape shape) {
        NDArray side = where(a.lt(0), -1.0, 1.0);
        return side.unaryMinus().times(integral(clip(abs(a), low, high), side)).div(mass(shape));
    }

    /// {@return the angle, with the derivatives that its distribution function gives it}
    ///
    /// @param angle      draws in [−π, π], `sample + batch`; what they were made of does not count
    /// @param parameters those of the density, which broadcast to the draws
    /// @param density    from parameters to their density
    static NDArray moved(NDArray angle, List<NDArray> parameters, Function<List<NDArray>, AngleDensity> density) {
        List<NDArray> all = new ArrayList<>(List.of(angle.stopGradient()));
        all.addAll(parameters);
        return all.stream().allMatch(NDArray::isKnown) ? angle : rule(density).apply(all);
    }

    private static Function<List<NDArray>, NDArray> rule(Function<List<NDArray>, AngleDensity> density) {
        return Functions.<List<NDArray>, NDArray>customJvp(List::getFirst, (p, dp) -> {
            int n = p.size();
            // By this rule again, so that the derivatives of derivatives see the angle move.
            NDArray a = rule(density).apply(p);
            List<NDArray> at = List.copyOf(p.subList(1, n));
            Shape shape = Shape.broadcast(at.stream().map(NDArray::shape).toArray(Shape[]::new));
            NDArray shift = Functions.jvp((List<NDArray> q) -> density.apply(q).fraction(a, shape), at, List.copyOf(dp.subList(1, n))).tangent();
            AngleDensity here = density.apply(at);
            return new JVP<>(a, Implicit.ratio(shift.unaryMinus(), here.height.apply(a).div(here.mass(shape))));
        });
    }
}
