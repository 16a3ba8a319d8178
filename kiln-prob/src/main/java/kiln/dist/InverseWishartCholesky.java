package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Cholesky factors of inverse Wishart matrices, see [InverseWishart].
///
/// ```
/// log p(X) = log p_InverseWishart(X Xᵀ) + p log 2 + Σᵢ (p − i + 1) log Xᵢᵢ
/// ```
///
/// - **support** lower triangular matrices with a positive diagonal
/// - **shapes** batch = broadcast(concentration, batch of scaleTril), event = `[p, p]`
/// - **moments** from those of inverse chi variables: mean for ν > p, variance for ν > p + 1, else NaN; NumPyro gives the factor of the mean
///   instead
/// - **gradient of a draw** pathwise in `scaleTril`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Gupta and Nagar, *Matrix Variate Distributions* (2000), ch. 3.
///
/// @param concentration degrees of freedom ν; > p − 1
/// @param scaleTril     Cholesky factor of the scale matrix, `[…, p, p]`; lower triangular with a positive diagonal
public record InverseWishartCholesky(NDArray concentration, NDArray scaleTril) implements WishartFamily {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public InverseWishartCholesky {
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, InverseWishartCholesky.class);
        concentration = WishartParts.checkedConcentration(concentration, scaleTril, InverseWishartCholesky.class);
    }

    /// {@return the distribution with a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param scaleMatrix   `[…, p, p]`; symmetric and positive definite
    public static InverseWishartCholesky scale(Number concentration, NDArray scaleMatrix) {
        return new InverseWishartCholesky(NDArray.as(concentration), WishartParts.factor(scaleMatrix, InverseWishartCholesky.class));
    }

    /// {@return the distribution with the inverse of a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param rateMatrix    `[…, p, p]`; symmetric and positive definite
    public static InverseWishartCholesky rate(Number concentration, NDArray rateMatrix) {
        return new InverseWishartCholesky(NDArray.as(concentration), WishartParts.factorOfInverse(rateMatrix));
    }

    /// Scalars and arrays in any mix.
    public InverseWishartCholesky(Number concentration, NDArray scaleTril) {
        this(NDArray.as(concentration), scaleTril);
    }

    @Override
    public Constraint support() {
        return lowerCholesky;
    }

    @Override
    public NDArray mean() {
        NDArray exists = Density.trailing(concentration, 2).gt(eventShape().dim(0));
        return where(exists, WishartParts.scaledColumns(scaleTril, inverseChiMean()), Double.NaN);
    }

    /// The standard factor has inverse chi variables on the diagonal; an entry below it in column j, a quotient, has the variance
    /// `1 / ((dⱼ − 2)(dⱼ − 1))` and is not correlated with the others of its column.
    @Override
    public NDArray variance() {
        NDArray less = maximum(df().minus(2), 1e-3);
        NDArray square = square(scaleTril);
        NDArray below = reciprocal(less.times(less.plus(1)));
        NDArray own = WishartParts.scaledColumns(square, reciprocal(less).minus(square(inverseChiMean())));
        NDArray variance = tril(WishartParts.scaledColumns(WishartParts.sumsRight(square), below).plus(own));
        return where(Density.trailing(concentration, 2).gt(eventShape().dim(0) + 1), variance, Double.NaN);
    }

    @Override
    public NDArray entropy() {
        return new InverseWishart(concentration, scaleTril).entropy().minus(WishartParts.meanLogJacobian(scaleTril, df(), -1));
    }

    /// Degrees of freedom of the chi variables by which the diagonal is divided.
    private NDArray df() {
        int p = eventShape().dim(0);
        return expandDims(concentration, -1).minus(p - 1).plus(arange(p));
    }

    private NDArray inverseChiMean() {
        NDArray half = maximum(df(), 1.0).times(0.5);
        return exp(lgamma(half.minus(0.5)).minus(lgamma(half))).times(Math.sqrt(0.5));
    }

    /// From a standard factor: if `A` is upper triangular with `A Aᵀ` standard Wishart, then `L A⁻ᵀ` is the factor.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        int p = eventShape().dim(0);
        Shape shape = sampleShape.then(batchShape());
        NDArray lower = WishartParts.bartlett(key, concentration, broadcastTo(eye(p), scaleTril.shape()), shape);
        NDArray upper = flip(lower, -1, -2);
        return scaleTril.matmul(WishartParts.inverse(matrixTranspose(upper)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            int p = eventShape().dim(0);
            NDArray norm = WishartParts.norm(concentration, p).minus(concentration.times(Quadratic.halfLogDet(scaleTril)));
            NDArray power = concentration.plus(p + 1).times(Quadratic.halfLogDet(x));
            return power.plus(WishartParts.ratioOrInfinity(x, scaleTril).times(0.5)).plus(norm).unaryMinus().plus(WishartParts.logJacobian(x));
        });
    }
}
