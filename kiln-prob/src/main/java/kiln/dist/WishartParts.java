package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraints;
import kiln.func.Pytree;

/// What the Wishart family shares: parameters, Bartlett's decomposition, and determinants.
final class WishartParts {
    private WishartParts() {}

    /// {@return the degrees of freedom, floating}
    ///
    /// @throws DomainException if they are known and not above p − 1
    /// @throws kiln.array.ShapeException if they do not broadcast with the batch of the scale matrix
    static NDArray checkedConcentration(NDArray concentration, NDArray scaleTril, Class<?> owner) {
        if (Pytree.isRebuilding()) {
            return concentration;
        }
        NDArray checked = Check.in(Constraints.positive, "concentration", concentration, owner);
        Check.broadcasts(owner, "concentration and scaleTril", checked.shape(), scaleTril.shape().dropLast(2));
        return Check.in(Constraints.greaterThan(scaleTril.size(-1) - 1), "concentration", checked, owner);
    }

    static NDArray factor(NDArray scaleMatrix, Class<?> owner) {
        return cholesky(Check.in(Constraints.positiveDefinite, "scaleMatrix", scaleMatrix, owner));
    }

    static NDArray factorOfInverse(NDArray rateMatrix) {
        return MultivariateNormal.precision(zeros(rateMatrix.size(-1)), rateMatrix).scaleTril();
    }

    /// {@return Cholesky factors of Wishart matrices, `shape + [p, p]`, by Bartlett's decomposition in NumPyro's steps}
    static NDArray bartlett(PRNGKey key, NDArray concentration, NDArray scaleTril, Shape shape) {
        PRNGKey[] keys = key.split(2);
        int p = scaleTril.size(-1);
        NDArray df = expandDims(concentration, -1).minus(arange(p));
        NDArray diagonal = sqrt(keys[0].chisquare(broadcastTo(df, shape.then(Shape.of(p))), shape.then(Shape.of(p))));
        NDArray latent = diag(diagonal);
        if (p > 1) {
            NDArray normal = keys[1].normal(shape.then(Shape.of(p * (p - 1) / 2)));
            NDArray below = new LowerTriangle(p - 1).fill(normal);
            latent = latent.plus(pad(below, LowerTriangle.corner(below.rank())));
        }
        return scaleTril.matmul(latent);
    }

    /// {@return the inverse of a lower triangular matrix}
    static NDArray inverse(NDArray lower) {
        return solveTriangular(lower, broadcastTo(eye(lower.size(-1)), lower.shape()), false);
    }

    /// {@return `|A⁻¹ B|²`, the sum of the squares of all entries}
    static NDArray ratio(NDArray lower, NDArray other) {
        Shape batch = Shape.broadcast(lower.shape().dropLast(2), other.shape().dropLast(2));
        NDArray a = broadcastTo(lower, batch.then(lower.shape().last(2)));
        NDArray b = broadcastTo(other, batch.then(other.shape().last(2)));
        return square(solveTriangular(a, b, false)).sum(-1, -2);
    }

    /// {@return [#ratio] of a factor that may be anything in its domain}
    ///
    /// Where it is infinite the factor is left out of the derivative, in which infinities would meet.
    static NDArray ratioOrInfinity(NDArray lower, NDArray other) {
        NDArray far = logicalNot(isfinite(ratio(lower.stopGradient(), other)));
        if (Density.isAllFalse(far)) {
            return ratio(lower, other);
        }
        NDArray near = where(Density.trailing(far, 2), eye(lower.size(-1)), lower);
        return where(far, Double.POSITIVE_INFINITY, ratio(near, other));
    }

    /// {@return `ν p/2 log 2 + log Γ_p(ν/2)`}
    static NDArray norm(NDArray concentration, int p) {
        return concentration.times(0.5 * p * Constants.LOG_2).plus(multigammaln(concentration.times(0.5), p));
    }

    /// {@return `Σ ψ((ν − i)/2)`, i from 0 to p − 1: `E log det W − log det V − p log 2` of a Wishart matrix W}
    static NDArray digammas(NDArray concentration, int p) {
        return digamma(expandDims(concentration, -1).minus(arange(p)).times(0.5)).sum(-1);
    }

    /// {@return what a factor's entropy is less than that of its matrix: the mean of [#logJacobian]}
    ///
    /// @param chi      degrees of freedom of the chi variables on the diagonal of the standard factor, `[…, p]`
    /// @param exponent 1, or −1 if the diagonal is divided by them
    static NDArray meanLogJacobian(NDArray scaleTril, NDArray chi, int exponent) {
        int p = scaleTril.size(-1);
        NDArray logChi = digamma(chi.times(0.5)).plus(Constants.LOG_2).times(0.5 * exponent);
        return log(diagonal(scaleTril)).plus(logChi).times(flip(arange(p)).plus(1)).sum(-1).plus(p * Constants.LOG_2);
    }

    /// {@return `log |∂(L Lᵀ)/∂L|` for lower triangles}
    static NDArray logJacobian(NDArray lower) {
        int p = lower.size(-1);
        return log(diagonal(lower)).times(flip(arange(p)).plus(1)).sum(-1).plus(p * Constants.LOG_2);
    }

    /// {@return the matrices of the products `Vᵢᵢ Vⱼⱼ`}
    static NDArray diagonals(NDArray matrix) {
        NDArray d = diagonal(matrix);
        return expandDims(d, -1).times(expandDims(d, -2));
    }

    /// {@return the sums of what stands to the right in its row}
    static NDArray sumsRight(NDArray matrix) {
        return flip(cumsum(flip(matrix, -1), -1), -1).minus(matrix);
    }

    /// {@return the columns of a lower factor, each scaled}
    static NDArray scaledColumns(NDArray lower, NDArray factors) {
        return lower.times(expandDims(factors, -2));
    }
}
