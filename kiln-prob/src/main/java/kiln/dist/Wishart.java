package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Wishart distribution of the sum of ν outer products of normal vectors with covariance `V = L Lᵀ`, `L = scaleTril`.
///
/// ```
/// log p(X) = (ν − p − 1)/2 log det X − ½ tr(V⁻¹ X) − ν p/2 log 2 − ν/2 log det V − log Γ_p(ν/2),  V = L Lᵀ, L = scaleTril, ν = concentration
/// ```
///
/// - **support** positive definite matrices
/// - **shapes** batch = broadcast(concentration, batch of scaleTril), event = `[p, p]`
/// - **moments** mean = ν V, varianceᵢⱼ = ν (Vᵢⱼ² + Vᵢᵢ Vⱼⱼ)
/// - **gradient of a draw** pathwise in `scaleTril`, implicit in `concentration` (see [PRNGKey#gamma])
///
/// Source: Gupta and Nagar, *Matrix Variate Distributions* (2000), ch. 3.
///
/// @param concentration degrees of freedom ν; > p − 1
/// @param scaleTril     Cholesky factor of the scale matrix, `[…, p, p]`; lower triangular with a positive diagonal
public record Wishart(NDArray concentration, NDArray scaleTril) implements WishartFamily {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Wishart {
        scaleTril = Check.in(lowerCholesky, "scaleTril", scaleTril, Wishart.class);
        concentration = WishartParts.checkedConcentration(concentration, scaleTril, Wishart.class);
    }

    /// {@return the distribution with a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param scaleMatrix   `[…, p, p]`; symmetric and positive definite
    public static Wishart scale(Number concentration, NDArray scaleMatrix) {
        return new Wishart(NDArray.as(concentration), WishartParts.factor(scaleMatrix, Wishart.class));
    }

    /// {@return the distribution with the inverse of a given scale matrix}
    ///
    /// @param concentration degrees of freedom; > p − 1
    /// @param rateMatrix    `[…, p, p]`; symmetric and positive definite
    public static Wishart rate(Number concentration, NDArray rateMatrix) {
        return new Wishart(NDArray.as(concentration), WishartParts.factorOfInverse(rateMatrix));
    }

    /// Scalars and arrays in any mix.
    public Wishart(Number concentration, NDArray scaleTril) {
        this(NDArray.as(concentration), scaleTril);
    }

    @Override
    public Constraint support() {
        return positiveDefinite;
    }

    @Override
    public NDArray mean() {
        return Density.trailing(concentration, 2).times(scaleMatrix());
    }

    @Override
    public NDArray variance() {
        NDArray v = scaleMatrix();
        return Density.trailing(concentration, 2).times(square(v).plus(WishartParts.diagonals(v)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray factor = WishartParts.bartlett(key, concentration, scaleTril, sampleShape.then(batchShape()));
        return factor.matmul(matrixTranspose(factor));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray factor = cholesky(x);
            int p = eventShape().dim(0);
            NDArray norm = WishartParts.norm(concentration, p).plus(concentration.times(Quadratic.halfLogDet(scaleTril)));
            NDArray power = concentration.minus(p + 1).times(Quadratic.halfLogDet(factor));
            return power.minus(WishartParts.ratio(scaleTril, factor).times(0.5)).minus(norm);
        });
    }

    @Override
    public NDArray entropy() {
        int p = eventShape().dim(0);
        NDArray half = concentration.times(0.5);
        NDArray spread = WishartParts.digammas(concentration, p);
        NDArray norm = Quadratic.halfLogDet(scaleTril).times(p + 1).plus(multigammaln(half, p))
                .plus(0.5 * p * (p + 1) * Constants.LOG_2);
        return norm.minus(concentration.minus(p + 1).times(0.5).times(spread)).plus(half.times(p));
    }
}
