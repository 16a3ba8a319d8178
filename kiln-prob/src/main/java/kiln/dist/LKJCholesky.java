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
/// log p(L) = Σ_{i≥2} (d − i + 2 concentration − 2) log Lᵢᵢ − log c(d, concentration)
/// ```
///
/// - **support** Cholesky factors of correlation matrices
/// - **shapes** batch = shape of `concentration`, event = `[dimension, dimension]`
/// - **gradient of a draw** none
///
/// Source: Lewandowski, Kurowicka and Joe, *Generating random correlation matrices based on vines and extended onion method* (2009).
///
/// @param dimension     size d of the matrix; ≥ 2
/// @param concentration 1 is uniform over correlation matrices, more favours small correlations; > 0
public record LKJCholesky(int dimension, NDArray concentration) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    public LKJCholesky {
        concentration = Check.in(positive, "concentration", concentration, LKJCholesky.class);
    }

    /// The same parameter everywhere.
    public LKJCholesky(int dimension, Number concentration) {
        this(dimension, NDArray.as(concentration));
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

    /// The onion method: a uniform direction and a beta length for every row; the steps are those of NumPyro.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
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
        NDArray diagonal = concatenate(List.of(full(shape.then(Shape.of(1)), 1), last), -1);
        return body.plus(diag(diagonal));
    }

    @Override
    public NDArray logProb(NDArray value) {
        return Density.within(support(), value, x -> {
            NDArray power = expandDims(concentration, -1).minus(1).times(2).plus(flip(arange(dimension - 1)));
            NDArray logs = log(diagonal(x).get(Index.DOTS, Index.slice(1, null)));
            return power.times(logs).sum(-1).minus(logNormalizer(dimension, concentration));
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
