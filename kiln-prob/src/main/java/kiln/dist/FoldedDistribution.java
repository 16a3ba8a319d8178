package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.function.UnaryOperator;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// The absolute value of a variable on the real line.
///
/// ```
/// log p(x) = log(p_base(x) + p_base(−x)),  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** those of the base
/// - **moments** from those of the base and the part of its mean below 0, by quadrature of its quantile, as the entropy
/// - **gradient of a draw** as the base
///
/// Source: Leone, Nelson and Nottingham, *The folded normal distribution* (1961).
///
/// @param baseDist a univariate distribution on the real line
public record FoldedDistribution(Distribution baseDist) implements Distribution {
    /// @throws DomainException if the base is a distribution of counts
    /// @throws ShapeException if the base has vectors for draws
    public FoldedDistribution {
        Check.wraps(FoldedDistribution.class, baseDist, "");
        if (!Pytree.isRebuilding() && baseDist.isDiscrete()) {
            throw new DomainException(new Diagnosis("FoldedDistribution", "baseDist must have a density")
                    .expected("a distribution on the real line")
                    .got(Check.named(baseDist))
                    .at(UserCode.line())
                    .fix("sum the masses of the two counts: logaddexp(d.logProb(k), d.logProb(k.unaryMinus()))."));
        }
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return baseDist.batchShape();
    }

    @Override
    public boolean hasRsample() {
        return baseDist.hasRsample();
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return abs(baseDist.sample(key, sampleShape));
    }

    /// `∫ x p_base(x) dx` below 0
    private NDArray negativePart() {
        return Expectation.below(baseDist, baseDist.cdf(NDArray.as(0.0)), x -> x);
    }

    @Override
    public NDArray mean() {
        return baseDist.mean().minus(negativePart().times(2));
    }

    @Override
    public NDArray variance() {
        NDArray part = negativePart();
        return baseDist.variance().plus(part.times(baseDist.mean().minus(part)).times(4));
    }

    /// In pieces between the median of the base and its mirror image, where the density may have corners.
    @Override
    public NDArray entropy() {
        NDArray corner = abs(baseDist.icdf(full(batchShape(), 0.5)));
        NDArray below = baseDist.cdf(corner.unaryMinus());
        NDArray above = baseDist.sf(corner);
        UnaryOperator<NDArray> f = this::folded;
        return Expectation.below(baseDist, below, f)
                .plus(Expectation.between(baseDist, below, above, f))
                .plus(Expectation.above(baseDist, above, f))
                .unaryMinus();
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.onHalfLine(nonnegative, value, this::folded);
    }

    private NDArray folded(NDArray x) {
        NDArray above = baseDist.logProb(x);
        NDArray below = baseDist.logProb(x.unaryMinus());
        return Cancellation.matters() ? aroundZero(above, below) : logaddexp(above, below);
    }

    /// The logarithm of the sum: where both are alike, by their mean and what they differ, since of the slope at 0 the slopes of both leave nothing.
    private static NDArray aroundZero(NDArray above, NDArray below) {
        NDArray alike = abs(above.minus(below)).lt(1);
        NDArray first = where(alike, above, 0.0);
        NDArray second = where(alike, below, 0.0);
        NDArray mean = first.plus(second).times(0.5).plus(Constants.LOG_2);
        return where(alike, mean.plus(Density.logCosh(first.minus(second).times(0.5))), logaddexp(above, below));
    }

    @Override
    public NDArray cdf(NDArray value) {
        NDArray x = Density.fromZero(value);
        return where(value.lt(0), 0.0, baseDist.cdf(x).minus(Atoms.below(baseDist, x.unaryMinus())));
    }

    @Override
    public NDArray sf(NDArray value) {
        NDArray x = Density.fromZero(value);
        return where(value.lt(0), 1.0, baseDist.sf(x).plus(Atoms.below(baseDist, x.unaryMinus())));
    }
}
