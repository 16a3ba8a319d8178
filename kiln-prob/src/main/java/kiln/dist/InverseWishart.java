package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Inverse Wishart distribution: the inverse of a Wishart matrix, a prior of covariance matrices; `Ψ = L Lᵀ`, `L = scaleTril`.
///
/// ```
/// log p(X) = ν/2 log det Ψ − ν p/2 log 2 − log Γ_p(ν/2) − (ν + p + 1)/2 log det X − ½ tr(Ψ X⁻¹),  Ψ = L Lᵀ, L = scaleTril, ν = concentration
/// ```
///
/// - **support** positive definite matrices
/// - **shapes** batch = broadcast(concentration, batch of scaleTril), event = `[p, p]`
/// - **moments** mean = Ψ / (ν − p − 1) for ν > p + 1, else NaN;
///   varianceᵢⱼ = ((ν − p + 1) Ψᵢⱼ² + (ν − p − 1) Ψᵢᵢ Ψⱼⱼ) / ((ν − p) (ν − p − 1)² (ν − p − 3)) for ν > p + 3, else NaN
/// - **gradient of a draw** pathwise in `scaleTril`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Gupta and Nagar, *Matrix Variate Distributions* (2000), ch. 3.
///
/// @param concentration degrees of freedom ν; > p − 1
/// @param scaleTril     Cholesky factor of the scale matrix, `[…, p, p]`; lower triangular with a positive diagonal
public record InverseWishart(NDArray concentration, NDArray scaleTril) implements WishartFamily {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public InverseWishart {
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, InverseWishart.class);
        concentration = WishartParts.checkedConcentration(concentration, scaleTril, InverseWishart.class);
    }

    /// {@return the distribution with a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param scaleMatrix   `[…, p, p]`; symmetric and positive definite
    public static InverseWishart scale(Number concentration, NDArray scaleMatrix) {
        return new InverseWishart(NDArray.as(concentration), WishartParts.factor(scaleMatrix, InverseWishart.class));
    }

    /// {@return the distribution with the inverse of a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param rateMatrix    `[…, p, p]`; symmetric and positive definite
    public static InverseWishart rate(Number concentration, NDArray rateMatrix) {
        return new InverseWishart(NDArray.as(concentration), WishartParts.factorOfInverse(rateMatrix));
    }

    /// Scalars and arrays in any mix.
    public InverseWishart(Number concentration, NDArray scaleTril) {
        this(NDArray.as(concentration), scaleTril);
    }

    @Override
    public Constraint support() {
        return positiveDefinite;
    }

    @Override
    public NDArray mean() {
        int p = eventShape().dim(0);
        NDArray nu = Density.trailing(concentration, 2);
        return where(nu.gt(p + 1), scaleMatrix().div(nu.minus(p + 1)), Double.NaN);
    }

    @Override
    public NDArray variance() {
        int p = eventShape().dim(0);
        NDArray nu = Density.trailing(concentration, 2);
        NDArray psi = scaleMatrix();
        NDArray less = nu.minus(p + 1);
        NDArray top = less.plus(2).times(square(psi)).plus(less.times(WishartParts.diagonals(psi)));
        NDArray bottom = less.plus(1).times(square(less)).times(less.minus(2));
        return where(nu.gt(p + 3), top.div(bottom), Double.NaN);
    }

    /// That of the inverse matrix, which is a Wishart matrix W, less `(p + 1) E log det W`.
    @Override
    public NDArray entropy() {
        int p = eventShape().dim(0);
        NDArray half = concentration.times(0.5);
        NDArray spread = WishartParts.digammas(concentration, p).times(concentration.plus(p + 1).times(0.5));
        return Quadratic.halfLogDet(scaleTril).times(p + 1).plus(multigammaln(half, p)).minus(0.5 * p * (p + 1) * Constants.LOG_2)
                .minus(spread).plus(half.times(p));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray factor = new InverseWishartCholesky(concentration, scaleTril).sample(key, sampleShape);
        return factor.matmul(matrixTranspose(factor));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray factor = cholesky(x);
            int p = eventShape().dim(0);
            NDArray norm = WishartParts.norm(concentration, p).minus(concentration.times(Quadratic.halfLogDet(scaleTril)));
            NDArray power = concentration.plus(p + 1).times(Quadratic.halfLogDet(factor));
            return power.plus(WishartParts.ratioOrInfinity(factor, scaleTril).times(0.5)).plus(norm).unaryMinus();
        });
    }
}
