package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Multivariate Student t distribution located at `loc` with scale matrix `L Lᵀ`, `L = scaleTril`.
///
/// ```
/// log p(x) = log Γ((ν + n)/2) − log Γ(ν/2) − n/2 log(νπ) − Σᵢ log Lᵢᵢ − (ν + n)/2 log(1 + |L⁻¹ (x − loc)|² / ν),  L = scaleTril, ν = df
/// ```
///
/// - **support** real vectors
/// - **shapes** batch = broadcast of the batches, event = `[n]`
/// - **moments** mean = loc for ν > 1, else NaN; varianceᵢ = ν / (ν − 2) Σⱼ Lᵢⱼ² for ν > 2, ∞ for 1 < ν ≤ 2, else NaN
/// - **gradient of a draw** pathwise in `loc` and `scaleTril`, implicit in `df` (see [PRNGKey#gamma])
///
/// Source: Kotz and Nadarajah, *Multivariate t Distributions and Their Applications* (2004).
///
/// @param df        degrees of freedom, `[…]`; > 0
/// @param loc       location, `[…, n]`; any finite values; a number, or a last axis of size 1, stands for all n
/// @param scaleTril `[…, n, n]`; lower triangular with a positive diagonal
public record MultivariateStudentT(NDArray df, NDArray loc, NDArray scaleTril) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public MultivariateStudentT {
        df = Check.in(positive, "df", df, MultivariateStudentT.class);
        NDArray vectors = Check.location(MultivariateStudentT.class, loc, "scaleTril", scaleTril);
        loc = Check.in(realVector, "loc", vectors, MultivariateStudentT.class);
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, MultivariateStudentT.class);
        if (!Pytree.isRebuilding()) {
            Check.broadcasts(
                    MultivariateStudentT.class,
                    "df, loc and scaleTril",
                    df.shape(), loc.shape().dropLast(1), scaleTril.shape().dropLast(2));
        }
    }

    /// The same degrees of freedom for all vectors.
    public MultivariateStudentT(Number df, NDArray loc, NDArray scaleTril) {
        this(NDArray.as(df), loc, scaleTril);
    }

    /// The same location for all elements.
    public MultivariateStudentT(NDArray df, Number loc, NDArray scaleTril) {
        this(df, NDArray.as(loc), scaleTril);
    }

    /// The same degrees of freedom for all vectors, the same location for all elements.
    public MultivariateStudentT(Number df, Number loc, NDArray scaleTril) {
        this(NDArray.as(df), NDArray.as(loc), scaleTril);
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(df.shape(), loc.shape().dropLast(1), scaleTril.shape().dropLast(2));
    }

    @Override
    public Shape eventShape() {
        return scaleTril.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(where(expandDims(df, -1).gt(1), loc, Double.NaN), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        NDArray v = expandDims(df, -1);
        NDArray finite = v.div(maximum(v.minus(2), 0.0)).times(square(scaleTril).sum(-1));
        NDArray known = where(v.gt(2), finite, Double.POSITIVE_INFINITY);
        return broadcastTo(where(v.gt(1), known, Double.NaN), batchShape().then(eventShape()));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        Shape shape = sampleShape.then(batchShape());
        NDArray normal = keys[0].normal(shape.then(eventShape()));
        NDArray chi2 = new Chi2(broadcastTo(df, batchShape())).sample(keys[1], sampleShape);
        NDArray y = normal.times(expandDims(sqrt(df.div(chi2)), -1));
        return loc.plus(squeeze(scaleTril.matmul(expandDims(y, -1)), -1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        int n = eventShape().dim(0);
        NDArray length = Quadratic.form(scaleTril, value.minus(loc));
        return logPeak().minus(df.plus(n).times(0.5).times(log1p(length.div(df))));
    }

    /// The log density at `loc`. The ratio of the functions Γ is a product of n/2 factors, or (n − 1)/2 and the ratio of the distribution of
    /// one number, `Γ(h + m) / Γ(h) = Πᵢ (h + i)`: so nothing cancels for large ν.
    private NDArray logPeak() {
        int n = eventShape().dim(0);
        NDArray product = log1p(divide(steps(), expandDims(df.times(0.5), -1))).sum(-1);
        NDArray one = n % 2 == 0 ? NDArray.as(0.0) : StudentT.normalizer(df);
        return product.minus(n / 2 * 2 * Constants.HALF_LOG_2PI).minus(one).minus(Quadratic.halfLogDet(scaleTril));
    }

    /// What is added to ν/2 in the factors of [#logPeak].
    private NDArray steps() {
        int n = eventShape().dim(0);
        return arange(n / 2).plus(n % 2 == 0 ? 0.0 : 0.5);
    }

    @Override
    public NDArray entropy() {
        // E log(1 + length / df) is that of the F distribution, a difference of digammas.
        NDArray half = df.plus(eventShape().dim(0)).times(0.5);
        NDArray one = eventShape().dim(0) % 2 == 0 ? NDArray.as(0.0) : StudentT.digammaStep(df);
        NDArray sum = reciprocal(steps().plus(expandDims(df.times(0.5), -1))).sum(-1).plus(one);
        NDArray spread = half.times(sum);
        return broadcastTo(spread.minus(logPeak()), batchShape());
    }
}
