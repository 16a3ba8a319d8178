package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Geometric distribution of the number of failures before the first success.
///
/// ```
/// log p(k) = k log(1 − probs) + log probs
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = shape of `probs`, event = `[]`
/// - **moments** mean = (1 − probs) / probs, variance = (1 − probs) / probs²
/// - **gradient of a draw** none
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), ch. 5.
///
/// @param probs probability of success; in [0, 1]; 0 leaves no count any mass
public record Geometric(NDArray probs) implements Surviving {
    /// @throws DomainException if a known probability is not in [0, 1]
    public Geometric {
        probs = Check.in(unitInterval, "probs", probs, Geometric.class);
    }

    /// The same parameter everywhere.
    public Geometric(Number probs) {
        this(NDArray.as(probs));
    }

    @Override
    public Constraint support() {
        return nonnegativeInteger;
    }

    @Override
    public Shape batchShape() {
        return probs.shape();
    }

    /// {@return the geometric distribution with log odds of success}
    ///
    /// @param logits any finite value
    public static GeometricLogits logits(Number logits) {
        return new GeometricLogits(NDArray.as(logits));
    }

    @Override
    public NDArray mean() {
        return subtract(1, probs).div(probs);
    }

    @Override
    public NDArray variance() {
        return subtract(1, probs).div(square(probs));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray u = key.uniform(sampleShape.then(batchShape()), 0, 1);
        return floor(log1p(u.unaryMinus()).div(log1p(probs.unaryMinus()))).astype(DType.INT64);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, k -> Density.count(k, Density.safeLog1m(probs)).plus(log(probs)));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(value, -0.0, Double.NEGATIVE_INFINITY,
                k -> Density.count(floor(maximum(k, -1.0)).plus(1), Density.safeLog1m(probs)));
    }

    @Override
    public NDArray entropy() {
        NDArray failures = xlog1py(subtract(1, probs), probs.unaryMinus()).div(probs);
        return failures.plus(log(probs)).unaryMinus();
    }
}
