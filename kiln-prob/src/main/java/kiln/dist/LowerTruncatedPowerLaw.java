package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Power law from `low` on: a Pareto distribution given by the exponent of its density.
///
/// ```
/// log p(x) = alpha log(x / low) + log(−(1 + alpha) / low),  x > low
/// ```
///
/// - **support** numbers > low
/// - **shapes** batch = broadcast(alpha, low), event = `[]`
/// - **moments** those of [Pareto]
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Clauset, Shalizi and Newman, *Power-law distributions in empirical data* (2009).
///
/// @param alpha exponent of the density; < −1
/// @param low   lower end; > 0; unit of the data
public record LowerTruncatedPowerLaw(NDArray alpha, NDArray low) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public LowerTruncatedPowerLaw {
        alpha = Check.in(lessThan(-1), "alpha", alpha, LowerTruncatedPowerLaw.class);
        low = Check.in(positive, "low", low, LowerTruncatedPowerLaw.class);
        Check.broadcasts(LowerTruncatedPowerLaw.class, "alpha and low", alpha.shape(), low.shape());
    }

    /// Scalars and arrays in any mix.
    public LowerTruncatedPowerLaw(Number alpha, Number low) {
        this(NDArray.as(alpha), NDArray.as(low));
    }

    @Override
    public Distribution equivalent() {
        return new Pareto(low, alpha.plus(1).unaryMinus());
    }

    /// By the quantile of a uniform number, as in NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return icdf(key.uniform(sampleShape.then(batchShape()), 0, 1));
    }
}
