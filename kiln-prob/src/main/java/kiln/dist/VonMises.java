package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.List;
import kiln.array.Bessel;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Von Mises distribution of an angle, the normal distribution of the circle.
///
/// ```
/// log p(x) = κ cos(x − loc) − log(2π I₀(κ)),  κ = concentration
/// ```
///
/// - **support** [−π, π]
/// - **shapes** batch = broadcast(loc, concentration), event = `[]`
/// - **moments** circular ones: mean = loc, variance = 1 − I₁(κ) / I₀(κ). The mean is given as an angle in [−π, π)
/// - **gradient of a draw** pathwise in `loc`, implicit in `concentration`; of a function with the period 2π its mean is right, of others the jump at ±π is left out
///
/// Source: Best and Fisher, *Efficient simulation of the von Mises distribution* (1979).
///
/// @param loc           direction; any finite angle, in radians
/// @param concentration how closely the angles lie together; > 0
public record VonMises(NDArray loc, NDArray concentration) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public VonMises {
        loc = Check.in(real, "loc", loc, VonMises.class);
        concentration = Check.in(positive, "concentration", concentration, VonMises.class);
        Check.broadcasts(VonMises.class, "loc and concentration", loc.shape(), concentration.shape());
    }

    /// Scalars and arrays in any mix.
    public VonMises(Number loc, Number concentration) {
        this(NDArray.as(loc), NDArray.as(concentration));
    }

    @Override
    public Constraint support() {
        return circular;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape(), concentration.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(Angles.wrapped(loc), batchShape());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(Angles.spread(concentration), batchShape());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape shape = sampleShape.then(batchShape());
        return Angles.wrapped(around(key, concentration, shape).plus(loc));
    }

    /// {@return draws around 0 that follow their concentration}
    static NDArray around(PRNGKey key, NDArray concentration, Shape shape) {
        return AngleDensity.moved(Angles.vonMises(key, concentration, shape), List.of(concentration), p -> density(p.getFirst()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> concentration.times(cos(x.minus(loc)).minus(1)).minus(logNorm()));
    }

    /// {@return the density around 0 over that at 0}
    static AngleDensity density(NDArray concentration) {
        NDArray part = sqrt(divide(AngleDensity.NOTHING / 2, concentration.stopGradient()));
        NDArray high = arcsin(minimum(part, 1.0)).times(2);
        return new AngleDensity(t -> exp(square(sin(t.times(0.5))).times(concentration).times(-2)), zerosLike(high), high);
    }

    /// By quadrature from `loc` to the value, see [AngleDensity], which gives all digits for any concentration.
    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        NDArray x = Density.between(value, NDArray.as(-Math.PI), NDArray.as(Math.PI));
        NDArray p = turns(x.minus(loc)).minus(turns(loc.plus(Math.PI).unaryMinus()));
        return Density.between(p, NDArray.as(0.0), NDArray.as(1.0));
    }

    /// The integral of the density around 0 to an angle; more by 1 for each full turn.
    private NDArray turns(NDArray angle) {
        NDArray wrapped = Angles.wrapped(angle);
        NDArray full = round(angle.minus(wrapped).div(2 * Math.PI));
        AngleDensity density = density(concentration);
        NDArray end = clip(wrapped, density.high().unaryMinus(), density.high());
        return full.plus(GaussLegendre.integral(density.low(), end, density.height()).div(exp(logNorm())));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(logNorm().plus(concentration.times(variance())), batchShape());
    }

    /// `log(2π I₀(κ) e^−κ)`
    private NDArray logNorm() {
        return log(Bessel.i0e(concentration)).plus(2 * Constants.HALF_LOG_2PI);
    }
}
