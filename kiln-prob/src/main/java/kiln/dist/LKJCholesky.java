package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.List;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Cholesky factors of correlation matrices whose density is a power of the determinant.
///
/// ```
/// log p(L) = Σᵢ (d − i + 2 concentration − 2) log Lᵢᵢ − log c,  d = dimension
/// c = Π_{k=1}^{d − 1} π^(k/2) Γ(concentration + (d − 1 − k)/2) / Γ(concentration + (d − 1)/2)
/// ```
///
/// - **support** Cholesky factors of correlation matrices
/// - **shapes** batch = shape of `concentration`, event = `[dimension, dimension]`
/// - **moments** from those of beta variables, the squared lengths of the rows left of the diagonal
/// - **gradient of a draw** implicit (see [PRNGKey#beta])
///
/// Source: Lewandowski, Kurowicka and Joe, *Generating random correlation matrices based on vines and extended onion method* (2009).
///
/// @param dimension     size d of the matrix; ≥ 2
/// @param concentration 1 is uniform over correlation matrices, more favours small correlations; > 0
/// @param sampleMethod  how draws are made; the onion method unless said otherwise
public record LKJCholesky(int dimension, NDArray concentration, SampleMethod sampleMethod) implements Distribution {
    /// How draws are made; both methods have the same distribution.
    public enum SampleMethod {
        /// Row by row, a uniform direction and a beta length.
        ONION,
        /// Independent beta partial correlations on a C-vine.
        CVINE
    }

    /// @throws DomainException if a known parameter lies outside its domain
    public LKJCholesky {
        concentration = Check.in(positive, "concentration", concentration, LKJCholesky.class);
    }

    /// With draws by the onion method.
    public LKJCholesky(int dimension, Number concentration) {
        this(dimension, NDArray.as(concentration), SampleMethod.ONION);
    }

    /// {@return a copy whose draws are made by another method}
    public LKJCholesky sampleMethod(SampleMethod method) {
        return new LKJCholesky(dimension, concentration, method);
    }

    @Override
    public Constraint support() {
        return corrCholesky;
    }

    @Override
    public Shape batchShape() {
        return concentration.shape();
    }

    @Override
    public Shape eventShape() {
        return Shape.of(dimension, dimension);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    /// On the diagonal `E Lᵢᵢ`; the directions of the rows are uniform.
    @Override
    public NDArray mean() {
        return broadcastTo(diag(withFirst(diagonalMean())), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        NDArray own = rest().div(total()).minus(square(diagonalMean()));
        NDArray below = Density.trailing(reciprocal(total()).times(0.5), 1).times(tril(ones(dimension, dimension), -1));
        return diag(concatenate(List.of(full(own.shape().dropLast(1).then(Shape.of(1)), 0), own), -1)).plus(below);
    }

    @Override
    public NDArray entropy() {
        return logNormalizer(dimension, concentration).minus(power().times(meanLogDiagonal()).sum(-1));
    }

    /// `1 − Lᵢᵢ²` has a beta distribution with parameters (i − 1)/2 and these, i from 2.
    private NDArray rest() {
        return expandDims(concentration, -1).plus(flip(arange(dimension - 1)).times(0.5));
    }

    /// The sum of both parameters.
    private NDArray total() {
        return expandDims(concentration.plus(0.5 * (dimension - 1)), -1);
    }

    private NDArray diagonalMean() {
        NDArray ratio = lgamma(rest().plus(0.5)).minus(lgamma(rest())).minus(lgamma(total().plus(0.5))).plus(lgamma(total()));
        return exp(ratio);
    }

    /// `E log Lᵢᵢ`, i from 2.
    NDArray meanLogDiagonal() {
        return digamma(rest()).minus(digamma(total())).times(0.5);
    }

    private NDArray power() {
        return expandDims(concentration, -1).minus(1).times(2).plus(flip(arange(dimension - 1)));
    }

    private static NDArray withFirst(NDArray rest) {
        return concatenate(List.of(full(rest.shape().dropLast(1).then(Shape.of(1)), 1), rest), -1);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return switch (sampleMethod) {
            case ONION -> onion(key, sampleShape);
            case CVINE -> vine(key, sampleShape);
        };
    }

    /// Partial correlations of column j, from 0, have a symmetric beta distribution with parameter η + (d − 2 − j)/2 on (−1, 1); each takes its
    /// part of what the row has left of its length 1. The steps are those of NumPyro.
    private NDArray vine(PRNGKey key, Shape sampleShape) {
        int m = dimension - 1;
        NDArray columns = new LowerTriangle(m).columns();
        NDArray b = expandDims(concentration.plus(0.5 * (dimension - 2)), -1).minus(columns.times(0.5));
        NDArray partial = new Beta(b, b).sample(key, sampleShape).times(2).minus(1);
        NDArray rows = new LowerTriangle(m).fill(partial);
        NDArray below = pad(rows, LowerTriangle.corner(rows.rank()));
        NDArray left = cumprod(subtract(1, square(below)), -1).get(Index.DOTS, Index.slice(0, m));
        return below.plus(eye(dimension)).times(sqrt(withFirst(left)));
    }

    /// The onion method: a uniform direction and a beta length for every row; the steps are those of NumPyro.
    private NDArray onion(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        int m = dimension - 1;
        Shape shape = sampleShape.then(batchShape());
        NDArray offset = arange(m).times(0.5);
        NDArray marginal = expandDims(concentration.plus(0.5 * (dimension - 2)), -1);
        NDArray length = new Beta(offset.plus(0.5), marginal.minus(offset)).sample(keys[0], sampleShape);
        NDArray normal = keys[1].normal(shape.then(Shape.of(dimension * m / 2)));
        NDArray rows = new LowerTriangle(m).fill(normal);
        NDArray direction = rows.div(expandDims(sqrt(square(rows).sum(-1)), -1));
        NDArray w = expandDims(sqrt(length), -1).times(direction);
        NDArray body = pad(w, LowerTriangle.corner(w.rank()));
        NDArray last = sqrt(subtract(1, length));
        return body.plus(diag(withFirst(last)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray logs = log(diagonal(x).get(Index.DOTS, Index.slice(1, null)));
            return power().times(logs).sum(-1).minus(logNormalizer(dimension, concentration));
        });
    }

    /// The integral of `det(R)^(concentration − 1)` over correlation matrices: formula (16) of the source.
    static NDArray logNormalizer(int dimension, NDArray concentration) {
        NDArray k = arange(dimension - 1).plus(1);
        NDArray rest = subtract(dimension, k);
        NDArray eta = expandDims(concentration, -1);
        NDArray b = eta.plus(rest.minus(1).times(0.5));
        NDArray twos = eta.times(2).minus(2).plus(rest).times(rest).times(Constants.LOG_2);
        return twos.plus(rest.times(betaln(b, b))).sum(-1);
    }
}
