package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Lévy distribution: the time in which a Brownian path first reaches a level; its mean is infinite.
///
/// ```
/// log p(x) = ½ log(scale / 2π) − scale / (2 (x − loc)) − 3/2 log(x − loc),  x > loc
/// ```
///
/// - **support** numbers > loc
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = ∞, variance = ∞
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Nolan, *Univariate Stable Distributions* (2020), section 1.1.
///
/// @param loc   lower end; any finite value; unit of the data
/// @param scale scale; > 0; unit of the data
public record Levy(NDArray loc, NDArray scale) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Levy {
        loc = Check.in(real, "loc", loc, Levy.class);
        scale = Check.in(positive, "scale", scale, Levy.class);
        Check.broadcasts(Levy.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Levy(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return greaterThan(loc);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape(), scale.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return full(batchShape(), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray variance() {
        return full(batchShape(), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return icdf(key.uniform(sampleShape.then(batchShape()), 0, 1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray y = x.minus(loc);
            NDArray norm = log(scale).times(0.5).minus(Constants.HALF_LOG_2PI);
            return norm.minus(scale.div(y).times(0.5)).minus(log(y).times(1.5));
        });
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, 1, x -> Density.ofPositive(x.minus(loc), 0.0, y -> erfc(root(y))));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 1, 0, x -> Density.ofPositive(x.minus(loc), 1.0, y -> erf(root(y))));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> quantile(Density.split(u, 0.5, p -> ndtri(p.times(0.5)), p -> centre(subtract(1, p)))));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> quantile(Density.split(u, 0.5, Levy::centre, p -> ndtri(subtract(1, p).times(0.5)))));
    }

    @Override
    public NDArray entropy() {
        return log(scale).plus(0.5 + 1.5 * Constants.EULER + 2 * Constants.LOG_2 + 0.5 * Constants.LOG_PI);
    }

    /// `√(scale / (2 y))`
    private NDArray root(NDArray y) {
        return sqrt(scale.div(y).times(0.5));
    }

    /// The standard normal quantile of `½ + p/2`.
    private static NDArray centre(NDArray p) {
        return erfinv(p).times(Math.sqrt(2));
    }

    private NDArray quantile(NDArray z) {
        return loc.plus(scale.div(square(z)));
    }
}
