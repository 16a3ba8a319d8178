package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Cholesky factors of Wishart matrices, see [Wishart].
///
/// ```
/// log p(X) = log p_Wishart(X Xᵀ) + p log 2 + Σᵢ (p − i + 1) log Xᵢᵢ
/// ```
///
/// - **support** lower triangular matrices with a positive diagonal
/// - **shapes** batch = broadcast(concentration, batch of scaleTril), event = `[p, p]`
/// - **moments** from those of chi variables, column by column
/// - **gradient of a draw** pathwise in `scaleTril`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Gupta and Nagar, *Matrix Variate Distributions* (2000), ch. 3.
///
/// @param concentration degrees of freedom ν; > p − 1
/// @param scaleTril     Cholesky factor of the scale matrix, `[…, p, p]`; lower triangular with a positive diagonal
public record WishartCholesky(NDArray concentration, NDArray scaleTril) implements WishartFamily {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public WishartCholesky {
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, WishartCholesky.class);
        concentration = WishartParts.checkedConcentration(concentration, scaleTril, WishartCholesky.class);
    }

    /// {@return the distribution with a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param scaleMatrix   `[…, p, p]`; symmetric and positive definite
    public static WishartCholesky scale(Number concentration, NDArray scaleMatrix) {
        return new WishartCholesky(NDArray.as(concentration), WishartParts.factor(scaleMatrix, WishartCholesky.class));
    }

    /// {@return the distribution with the inverse of a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param rateMatrix    `[…, p, p]`; symmetric and positive definite
    public static WishartCholesky rate(Number concentration, NDArray rateMatrix) {
        return new WishartCholesky(NDArray.as(concentration), WishartParts.factorOfInverse(rateMatrix));
    }

    /// Scalars and arrays in any mix.
    public WishartCholesky(Number concentration, NDArray scaleTril) {
        this(NDArray.as(concentration), scaleTril);
    }

    @Override
    public Constraint support() {
        return lowerCholesky;
    }

    @Override
    public NDArray mean() {
        return WishartParts.scaledColumns(scaleTril, chiMean(df()));
    }

    @Override
    public NDArray variance() {
        // The entry (i, j) is a sum over l = j … i of Tᵢₗ times a chi variable (l = j) or a standard normal one.
        NDArray square = square(scaleTril);
        NDArray right = WishartParts.sumsRight(square);
        NDArray own = WishartParts.scaledColumns(square, df().minus(square(chiMean(df()))));
        return tril(right.plus(own));
    }

    @Override
    public NDArray entropy() {
        return new Wishart(concentration, scaleTril).entropy().minus(WishartParts.meanLogJacobian(scaleTril, df(), 1));
    }

    /// Degrees of freedom of the chi variables on the diagonal.
    private NDArray df() {
        return expandDims(concentration, -1).minus(arange(eventShape().dim(0)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return WishartParts.bartlett(key, concentration, scaleTril, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            int p = eventShape().dim(0);
            NDArray norm = WishartParts.norm(concentration, p).plus(concentration.times(Quadratic.halfLogDet(scaleTril)));
            NDArray power = concentration.minus(p + 1).times(Quadratic.halfLogDet(x));
            return power.minus(WishartParts.ratio(scaleTril, x).times(0.5)).minus(norm).plus(WishartParts.logJacobian(x));
        });
    }

    /// The mean of a chi variable, `√2 Γ((k + 1)/2) / Γ(k/2)`.
    private static NDArray chiMean(NDArray df) {
        NDArray half = df.times(0.5);
        return exp(lgamma(half.plus(0.5)).minus(lgamma(half))).times(Math.sqrt(2));
    }
}
