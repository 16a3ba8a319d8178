package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.func.Pytree;

/// Negative binomial distribution given by its mean and concentration, the likelihood of overdispersed counts.
///
/// ```
/// log p(k) = log C(k + c − 1, k) + c log(c / (c + mean)) + k log(mean / (c + mean)),  c = concentration
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(mean, concentration), event = `[]`
/// - **moments** mean = mean, variance = mean + mean² / concentration
/// - **gradient of a draw** none
///
/// @param mean          expectation; > 0; repeated to the batch
/// @param concentration the larger, the closer to a Poisson distribution; > 0
public record NegativeBinomial2(NDArray mean, NDArray concentration) implements GammaMixedPoisson {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public NegativeBinomial2 {
        mean = Check.in(positive, "mean", mean, NegativeBinomial2.class);
        concentration = Check.in(positive, "concentration", concentration, NegativeBinomial2.class);
        Check.broadcasts(NegativeBinomial2.class, "mean and concentration", mean.shape(), concentration.shape());
        if (!Pytree.isRebuilding()) {
            mean = broadcastTo(mean, Shape.broadcast(mean.shape(), concentration.shape()));
        }
    }

    /// Scalars and arrays in any mix.
    public NegativeBinomial2(Number mean, Number concentration) {
        this(NDArray.as(mean), NDArray.as(concentration));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(mean.shape(), concentration.shape());
    }

    @Override
    public NDArray size() {
        return concentration;
    }

    @Override
    public NDArray success() {
        return mean.div(mean.plus(concentration));
    }

    @Override
    public NDArray failure() {
        return concentration.div(mean.plus(concentration));
    }

    @Override
    public NDArray logSuccess() {
        return log1p(concentration.div(mean)).unaryMinus();
    }

    @Override
    public NDArray logFailure() {
        return log1p(mean.div(concentration)).unaryMinus();
    }

    @Override
    public NDArray odds() {
        return mean.div(concentration);
    }
}
