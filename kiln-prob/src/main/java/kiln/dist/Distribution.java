package kiln.dist;

import java.util.function.Supplier;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;

/// A probability distribution over arrays, with a batch of parameter sets.
///
/// A draw has shape `sample + batch + event`, a log density `sample + batch`. Implementations are records, so that they can be
/// passed through `grad`, `vmap` and `jit`.
public interface Distribution {
    /// {@return the shape of the batch of independent, differently parametrised copies}
    Shape batchShape();

    /// {@return the shape of one draw of one copy; a scalar unless the distribution is multivariate}
    default Shape eventShape() {
        return Shape.SCALAR;
    }

    /// {@return the set of values whose density is not zero; it may depend on the parameters}
    Constraint support();

    /// {@return whether the density is a probability mass function}
    default boolean isDiscrete() {
        return support().isDiscrete();
    }

    /// {@return whether draws can be differentiated by every parameter (pathwise gradients)}
    default boolean hasRsample() {
        return false;
    }

    /// {@return the expectation, of shape `batch + event`}
    ///
    /// Where the support is finite and [#enumerateSupport] lists it, the sum over it: of a category, of its number.
    ///
    /// @throws UnsupportedOperationException if it has no closed form
    default NDArray mean() {
        if (hasEnumerateSupport() && eventShape().rank() == 0) {
            return Enumeration.expectation(this, x -> x);
        }
        throw unsupported("mean()");
    }

    /// {@return the variance of each element, of shape `batch + event`}
    ///
    /// Where the support is finite and [#enumerateSupport] lists it, the sum over it.
    ///
    /// @throws UnsupportedOperationException if it has no closed form
    default NDArray variance() {
        if (hasEnumerateSupport() && eventShape().rank() == 0) {
            NDArray mean = mean();
            return Enumeration.expectation(this, x -> Np.square(x.minus(mean)));
        }
        throw unsupported("variance()");
    }

    /// {@return independent draws, `sampleShape + batch + event`}
    ///
    /// @param key         source of randomness; the same key gives the same draws
    /// @param sampleShape how many
    NDArray sample(PRNGKey key, Shape sampleShape);

    /// {@return one draw, `batch + event`}
    default NDArray sample(PRNGKey key) {
        return sample(key, Shape.SCALAR);
    }

    /// {@return independent draws, `sampleDims + batch + event`}
    default NDArray sample(PRNGKey key, int... sampleDims) {
        return sample(key, Shape.of(sampleDims));
    }

    /// A draw together with its log density.
    ///
    /// @param value   the draw, `sample + batch + event`
    /// @param logProb its log density, `sample + batch`
    record Draw(NDArray value, NDArray logProb) {}

    /// {@return independent draws with their log densities}
    ///
    /// A distribution that is made by transforms computes the density on the way, where `logProb` would have to come back from the value;
    /// so it is exact to the last digits, and exists for transforms without an inverse (NumPyro's `sample_with_intermediates`).
    ///
    /// @param key         source of randomness; the draws are those of [#sample(PRNGKey, Shape)]
    /// @param sampleShape how many
    default Draw sampleWithLogProb(PRNGKey key, Shape sampleShape) {
        NDArray x = sample(key, sampleShape);
        return new Draw(x, logProb(x));
    }

    /// {@return the logarithm of the density or mass at a value, of shape `sample + batch`; −∞ outside the support, NaN of NaN}
    ///
    /// @param value `sample + batch + event`; axes broadcast with the batch
    NDArray logProb(NDArray value);

    /// {@return the log density at a Java number}
    default NDArray logProb(Number value) {
        return logProb(NDArray.as(value));
    }

    /// {@return the probability of a value ≤ `value`}
    ///
    /// Where the support is finite and [#enumerateSupport] lists it, the sum of the probabilities up to the value.
    ///
    /// @throws UnsupportedOperationException if it has no closed form or the distribution is multivariate
    default NDArray cdf(NDArray value) {
        if (hasEnumerateSupport() && eventShape().rank() == 0) {
            Check.value(this, value);
            return Enumeration.sumUpTo(this, value);
        }
        throw unsupported("cdf(value)");
    }

    /// {@return the quantile, the inverse of [#cdf]: the least value whose distribution function reaches `q`}
    ///
    /// Where there is no formula, but a distribution function, it is searched for, as exactly as that is computed, and differentiated by the
    /// implicit function theorem, `dx = (dq − ∂F/∂θ dθ) / p(x)`; a count comes exactly, `icdf(cdf(k)) = k`, and has the derivative 0, an atom
    /// beside a density that of its place. At 0 and 1 it is the end of the support.
    ///
    /// @param q probability, in [0, 1], `sample + batch`; of other numbers the result is NaN
    /// @throws UnsupportedOperationException if there is no [#cdf] or the distribution is multivariate
    default NDArray icdf(NDArray q) {
        if (eventShape().rank() > 0) {
            throw unsupported("icdf(q)");
        }
        Check.probability(this, q);
        return searched("icdf(q)", () -> Atoms.held(QuantileSearch.icdf(this, q), this));
    }

    /// {@return the probability of a value > `value`, `1 − cdf(value)`}
    ///
    /// Where a distribution computes it directly it is accurate in the upper tail; the default is a difference.
    ///
    /// @throws UnsupportedOperationException if it has no closed form or the distribution is multivariate
    default NDArray sf(NDArray value) {
        return Np.subtract(1, cdf(value));
    }

    /// {@return the logarithm of [#cdf]}
    ///
    /// Where a distribution computes it directly it is finite and accurate far in the lower tail, where the probability itself is 0
    /// in double precision; the default is the logarithm, −∞ with derivative 0 where the probability is 0.
    ///
    /// @throws UnsupportedOperationException if it has no closed form or the distribution is multivariate
    default NDArray logCdf(NDArray value) {
        return Density.logOf(cdf(value), sf(value));
    }

    /// {@return the logarithm of [#sf], see [#logCdf]}
    ///
    /// @throws UnsupportedOperationException if it has no closed form or the distribution is multivariate
    default NDArray logSf(NDArray value) {
        return Density.logOf(sf(value), cdf(value));
    }

    /// {@return the value that is exceeded with probability `q`, the inverse of [#sf]}
    ///
    /// A count is the least one that is exceeded with no larger probability, `isf(sf(k)) = k`; otherwise the default is the quantile of `1 − q`.
    ///
    /// @param q probability, in [0, 1], `sample + batch`; of other numbers the result is NaN
    /// @throws UnsupportedOperationException if it has no closed form or the distribution is multivariate
    default NDArray isf(NDArray q) {
        if (!isDiscrete() || eventShape().rank() > 0) {
            return icdf(Np.subtract(1, q));
        }
        Check.probability(this, q);
        return searched("isf(q)", () -> QuantileSearch.isf(this, q));
    }

    /// {@return the entropy `−E log p`, of shape `batch`}
    ///
    /// Where the support is finite and [#enumerateSupport] lists it, the sum over it.
    ///
    /// @throws UnsupportedOperationException if it has no closed form
    default NDArray entropy() {
        if (hasEnumerateSupport() && eventShape().rank() == 0) {
            return Enumeration.entropy(this);
        }
        throw unsupported("entropy()");
    }

    /// {@return whether the support is finite and [#enumerateSupport] lists it}
    default boolean hasEnumerateSupport() {
        return false;
    }

    /// {@return all values of a finite support along a new leading axis: `[n] + batch + event`}
    ///
    /// @param expand whether the batch axes are repeated; otherwise they have size 1
    /// @throws UnsupportedOperationException if the support is not finite, or differs within the batch
    default NDArray enumerateSupport(boolean expand) {
        throw unsupported(
                "there is no list of the values: the support is not finite, or differs within the batch",
                "cut it where no mass is left: logProb(arange(n)) has the masses of 0, …, n − 1.");
    }

    /// {@return the distribution whose last batch axes belong to the event: their log densities are added}
    ///
    /// @param axes how many; 0 changes nothing
    default Distribution toEvent(int axes) {
        return axes == 0 ? this : new Independent(this, axes);
    }

    /// {@return the distribution with all batch axes made event axes}
    default Distribution toEvent() {
        return toEvent(batchShape().rank());
    }

    /// {@return the distribution repeated to a larger batch; the draws of the copies are independent}
    ///
    /// @param batchShape the new batch shape, to which the present one must broadcast
    default Distribution expand(Shape batchShape) {
        return batchShape.equals(batchShape()) ? this : new Expanded(this, batchShape);
    }

    /// {@return the distribution repeated to a larger batch, see [#expand(Shape)]}
    default Distribution expand(int... batchDims) {
        return expand(Shape.of(batchDims));
    }

    /// {@return the distribution with new batch axes in front}
    default Distribution expandBy(int... sampleDims) {
        return expand(Shape.of(sampleDims).then(batchShape()));
    }

    /// {@return the distribution whose log density is 0 where the mask is false}
    ///
    /// @param mask truth values; broadcasts with the batch
    default Distribution mask(NDArray mask) {
        return new Masked(this, mask);
    }

    /// {@return the distribution itself, or with a log density of 0 everywhere}
    default Distribution mask(boolean mask) {
        return mask ? this : new Masked(this, Np.scalar(false));
    }

    /// {@return a quantile that is searched for, by a distribution function that there may not be}
    private NDArray searched(String what, Supplier<NDArray> search) {
        try {
            return search.get();
        } catch (UnsupportedOperationException e) {
            throw unsupported(what);
        }
    }

    private UnsupportedOperationException unsupported(String what) {
        return unsupported(
                what + " is not available for this distribution", "estimate it from draws: d.sample(key, Shape.of(100_000)).");
    }

    private UnsupportedOperationException unsupported(String text, String fix) {
        String name = getClass().getSimpleName();
        return new UnsupportedOperationException(new Diagnosis(name, text)
                .got(Check.named(this))
                .at(UserCode.line())
                .fix(fix)
                .message());
    }
}
