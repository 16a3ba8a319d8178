package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Gamma-Poisson distribution: a Poisson count whose rate has a gamma distribution.
///
/// ```
/// log p(k) = log Γ(a + k) − log Γ(a) − log k! + a log(rate / (1 + rate)) − k log(1 + rate),  a = concentration
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(concentration, rate), event = `[]`
/// - **moments** mean = a / rate, variance = a (1 + rate) / rate²
/// - **gradient of a draw** none
///
/// @param concentration shape of the gamma distribution; > 0
/// @param rate          rate of the gamma distribution; > 0
public record GammaPoisson(NDArray concentration, NDArray rate) implements GammaMixedPoisson {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public GammaPoisson {
        concentration = Check.in(positive, "concentration", concentration, GammaPoisson.class);
        rate = Check.in(positive, "rate", rate, GammaPoisson.class);
        Check.broadcasts(GammaPoisson.class, "concentration and rate", concentration.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public GammaPoisson(Number concentration, Number rate) {
        this(NDArray.as(concentration), NDArray.as(rate));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(concentration.shape(), rate.shape());
    }

    @Override
    public NDArray size() {
        return concentration;
    }

    @Override
    public NDArray success() {
        return reciprocal(rate.plus(1));
    }

    @Override
    public NDArray failure() {
        return rate.div(rate.plus(1));
    }

    @Override
    public NDArray logSuccess() {
        return log1p(rate).unaryMinus();
    }

    @Override
    public NDArray logFailure() {
        return log1p(reciprocal(rate)).unaryMinus();
    }

    @Override
    public NDArray odds() {
        return reciprocal(rate);
    }
}
