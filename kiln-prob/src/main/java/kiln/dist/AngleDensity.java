package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
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
/// @param at   the density h, at angles of any shape `[…] + sample + batch`
/// @param mode an angle in [0, π), of shape `batch`, from which the density falls on both sides, as that of the opposite angle does, or nearly so:
///             its peaks, however sharp, are then at the end of an integral, where the nodes of the double exponential rule gather
record AngleDensity(UnaryOperator<NDArray> at, NDArray mode) {
    /// {@return the density times a function}
    AngleDensity times(UnaryOperator<NDArray> f) {
        return new AngleDensity(t -> at.apply(t).times(f.apply(t)), mode);
    }

    /// {@return F for negative angles, F − 1 for others, of the shape of `a`}
    private NDArray fraction(NDArray a) {
        NDArray side = where(a.lt(0), -1.0, 1.0);
        NDArray away = abs(a);
        if (Density.isAllFalse(mode.gt(0))) {
            return side.unaryMinus().times(integral(away, subtract(Math.PI, away), side));
        }
        NDArray isInside = away.lt(mode);
        NDArray part = integral(where(isInside, 0.0, away), where(isInside, away, subtract(Math.PI, away)), side);
        NDArray half = where(side.lt(0), half(scalar(-1)), half(scalar(1)));
        return side.unaryMinus().times(where(isInside, half.minus(part), part));
    }

    private NDArray half(NDArray side) {
        return integral(zerosLike(mode), mode, side).plus(integral(mode, subtract(Math.PI, mode), side));
    }

    private NDArray integral(NDArray from, NDArray length, NDArray side) {
        return Expectation.fromZero(length, t -> at.apply(from.plus(t).times(side)));
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
            NDArray shift = Functions.jvp((List<NDArray> q) -> density.apply(q).fraction(a), at, List.copyOf(dp.subList(1, n))).tangent();
            return new JVP<>(a, Implicit.ratio(shift.unaryMinus(), density.apply(at).at.apply(a)));
        });
    }
}
