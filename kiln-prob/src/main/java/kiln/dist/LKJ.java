package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Correlation matrices whose density is a power of the determinant.
///
/// ```
/// log p(R) = (concentration − 1) log det R − log c,  d = dimension
/// c = Π_{k=1}^{d − 1} π^(k/2) Γ(concentration + (d − 1 − k)/2) / Γ(concentration + (d − 1)/2)
/// ```
///
/// - **support** correlation matrices
/// - **shapes** batch = shape of `concentration`, event = `[dimension, dimension]`
/// - **moments** meanᵢⱼ = [i = j], varianceᵢⱼ = (1 − [i = j]) / (2 concentration + d − 1)
/// - **gradient of a draw** implicit (see [PRNGKey#beta])
///
/// Source: Lewandowski, Kurowicka and Joe, *Generating random correlation matrices based on vines and extended onion method* (2009).
///
/// @param dimension     size d of the matrix; ≥ 2
/// @param concentration 1 is uniform, more favours small correlations; > 0
/// @param sampleMethod  how draws are made; the onion method unless said otherwise
public record LKJ(int dimension, NDArray concentration, LKJCholesky.SampleMethod sampleMethod) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    public LKJ {
        concentration = Check.in(positive, "concentration", concentration, LKJ.class);
    }

    /// With draws by the onion method.
    public LKJ(int dimension, Number concentration) {
        this(dimension, NDArray.as(concentration), LKJCholesky.SampleMethod.ONION);
    }

    /// {@return a copy whose draws are made by another method}
    public LKJ sampleMethod(LKJCholesky.SampleMethod method) {
        return new LKJ(dimension, concentration, method);
    }

    @Override
    public Constraint support() {
        return corrMatrix;
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

    @Override
    public NDArray mean() {
        return broadcastTo(eye(dimension), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return subtract(1, eye(dimension)).div(Density.trailing(concentration.times(2).plus(dimension - 1), 2));
    }

    @Override
    public NDArray entropy() {
        NDArray meanLogDet = new LKJCholesky(dimension, concentration, sampleMethod).meanLogDiagonal().sum(-1).times(2);
        return LKJCholesky.logNormalizer(dimension, concentration).minus(concentration.minus(1).times(meanLogDet));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray factor = new LKJCholesky(dimension, concentration, sampleMethod).sample(key, sampleShape);
        return factor.matmul(matrixTranspose(factor));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray logDet = Quadratic.halfLogDet(cholesky(x)).times(2);
            return concentration.minus(1).times(logDet).minus(LKJCholesky.logNormalizer(dimension, concentration));
        });
    }
}
