package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Weibull distribution of life times with scale `scale` and shape `concentration`.
///
/// ```
/// log p(x) = log(k / λ) + (k − 1) log(x / λ) − (x / λ)^k,  λ = scale, k = concentration, x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(scale, concentration), event = `[]`
/// - **moments** mean = λ Γ(1 + 1/k), variance = λ² (Γ(1 + 2/k) − Γ(1 + 1/k)²)
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 21.
///
/// @param scale         life time at which 63% have failed; > 0; unit of the data
/// @param concentration shape, > 1 when the failure rate grows with age; > 0; broadcasts with `scale`
public record Weibull(NDArray scale, NDArray concentration) implements Surviving {
    /// @throws DomainException if a known parameter is not > 0
    /// @throws ShapeException if the parameters do not broadcast
    public Weibull {
        scale = Check.in(positive, "scale", scale, Weibull.class);
        concentration = Check.in(positive, "concentration", concentration, Weibull.class);
        Check.broadcasts(Weibull.class, "scale and concentration", scale.shape(), concentration.shape());
    }

    /// Scalars and arrays in any mix.
    public Weibull(Number scale, Number concentration) {
        this(NDArray.as(scale), NDArray.as(concentration));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(scale.shape(), concentration.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return scale.times(exp(lgamma(reciprocal(concentration).plus(1))));
    }

    @Override
    public NDArray variance() {
        NDArray step = reciprocal(concentration);
        NDArray centre = step.plus(1);
        return square(scale).times(exp(lgamma(centre).times(2))).times(expm1(SecondDifference.ofLogGamma(centre, step)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray e = key.exponential(sampleShape.then(batchShape()));
        return scale.times(e.pow(reciprocal(concentration)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.likePower(value, concentration, log(scale).unaryMinus(), x -> {
            NDArray logZ = log(x).minus(log(scale));
            return concentration.minus(1).times(logZ).minus(Density.growing(concentration.times(logZ), Np::exp)).plus(log(concentration).minus(log(scale)));
        });
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, Double.NEGATIVE_INFINITY, v -> Density.ofPositive(v, 0, x -> hazard(x).unaryMinus()));
    }

    /// `(x/λ)^k`, the cumulative hazard. To an engine an exponential, as in the density, whose relative error is `k |log(x/λ)|` times that of a power
    /// and which compiles to a loop that HotSpot vectorises.
    private NDArray hazard(NDArray x) {
        return Cancellation.matters()
                ? Density.growing(x.div(scale), z -> z.pow(concentration))
                : Density.growing(concentration.times(log(x).minus(log(scale))), Np::exp);
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return scale.times(log1p(q.unaryMinus()).unaryMinus().pow(reciprocal(concentration)));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return scale.times(log(q).unaryMinus().pow(reciprocal(concentration)));
    }

    @Override
    public NDArray entropy() {
        NDArray inverse = reciprocal(concentration);
        return subtract(1, inverse).times(Constants.EULER).plus(log(scale.times(inverse))).plus(1.0);
    }
}
