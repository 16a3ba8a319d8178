package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Asymmetric Laplace distribution: exponential tails of different length on the two sides of `loc`.
///
/// ```
/// log p(x) = −(loc − x) / left − log(left + right)  for x < loc
/// log p(x) = −(x − loc) / right − log(left + right)  for x ≥ loc
/// left = scale · asymmetry, right = scale / asymmetry
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale, asymmetry), event = `[]`
/// - **moments** mean = loc + right − left, variance = left² + right²
/// - **gradient of a draw** pathwise, in all parameters
///
/// Source: Kotz, Kozubowski and Podgórski, *The Laplace Distribution and Generalizations* (2001), ch. 3.
///
/// @param loc       mode; any finite value; unit of the data
/// @param scale     scale; > 0; unit of the data
/// @param asymmetry square root of the ratio of the left to the right scale; > 0
public record AsymmetricLaplace(NDArray loc, NDArray scale, NDArray asymmetry) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public AsymmetricLaplace {
        loc = Check.in(real, "loc", loc, AsymmetricLaplace.class);
        scale = Check.in(positive, "scale", scale, AsymmetricLaplace.class);
        asymmetry = Check.in(positive, "asymmetry", asymmetry, AsymmetricLaplace.class);
        Check.broadcasts(AsymmetricLaplace.class, "loc, scale and asymmetry", loc.shape(), scale.shape(), asymmetry.shape());
    }

    /// Scalars and arrays in any mix.
    public AsymmetricLaplace(Number loc, Number scale, Number asymmetry) {
        this(NDArray.as(loc), NDArray.as(scale), NDArray.as(asymmetry));
    }

    @Override
    public Constraint support() {
        return real;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape(), scale.shape(), asymmetry.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return loc.plus(right()).minus(left());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(left()).plus(square(right())), batchShape());
    }

    /// As in NumPyro: the difference of two exponential numbers.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray e = key.exponential(Shape.of(2).then(sampleShape).then(batchShape()));
        return loc.minus(left().times(e.get(0))).plus(right().times(e.get(1)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray z = value.minus(loc);
        return minimum(z, 0.0).div(left()).minus(maximum(z, 0.0).div(right())).minus(log(left().plus(right())));
    }

    @Override
    public NDArray cdf(NDArray value) {
        return around(value, 0, 1, z -> where(z.lt(0), lower(z), subtract(1, upper(z))));
    }

    @Override
    public NDArray sf(NDArray value) {
        return around(value, 1, 0, z -> where(z.lt(0), subtract(1, lower(z)), upper(z)));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        return around(value, Double.NEGATIVE_INFINITY, 0, z -> where(z.lt(0), minimum(z, 0.0).div(left()).plus(log(leftMass())), log1p(upper(z).unaryMinus())));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return around(value, 0, Double.NEGATIVE_INFINITY, z -> where(z.lt(0), log1p(lower(z).unaryMinus()), log(rightMass()).minus(Density.fromZero(z).div(right()))));
    }

    @Override
    public NDArray icdf(NDArray q) {
        return loc.plus(where(q.lt(leftMass()), leftQuantile(q), right().times(beyond(q, leftMass(), rightMass())).unaryMinus()));
    }

    @Override
    public NDArray isf(NDArray q) {
        return loc.plus(where(q.lt(rightMass()), rightQuantile(q), left().times(beyond(q, rightMass(), leftMass()))));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(left().plus(right())).plus(1.0), batchShape());
    }

    private NDArray around(NDArray value, double atMinus, double atPlus, UnaryOperator<NDArray> f) {
        return Density.withLimits(value, atMinus, atPlus, x -> f.apply(x.minus(loc)));
    }

    /// {@return the scale below `loc`}
    public NDArray left() {
        return scale.times(asymmetry);
    }

    /// {@return the scale above `loc`}
    public NDArray right() {
        return scale.div(asymmetry);
    }

    private NDArray leftMass() {
        return left().div(left().plus(right()));
    }

    private NDArray rightMass() {
        return right().div(left().plus(right()));
    }

    private NDArray lower(NDArray z) {
        return exp(minimum(z, 0.0).div(left())).times(leftMass());
    }

    private NDArray upper(NDArray z) {
        return exp(Density.fromZero(z).div(right()).unaryMinus()).times(rightMass());
    }

    private NDArray leftQuantile(NDArray below) {
        return left().times(log(below.div(leftMass())));
    }

    private NDArray rightQuantile(NDArray above) {
        return right().times(log(above.div(rightMass()))).unaryMinus();
    }

    /// `log((1 − q) / other)` for the other side, below ½ by the distance of q to the mass of its own, which has the digits there.
    private static NDArray beyond(NDArray q, NDArray mass, NDArray other) {
        NDArray near = log1p(mass.minus(minimum(q, 0.5)).div(other));
        return where(q.lt(0.5), near, log(subtract(1, q).div(other)));
    }
}
