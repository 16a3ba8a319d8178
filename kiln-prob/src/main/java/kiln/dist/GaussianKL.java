package kiln.dist;

import static kiln.array.Np.*;

import java.util.Optional;
import kiln.array.NDArray;
import kiln.array.Shape;
import org.jspecify.annotations.Nullable;

/// Divergences of Gaussian vectors, matrices and walks.
final class GaussianKL {
    private GaussianKL() {}

    private record Pair(Distribution p, Distribution q) {}

    static Optional<NDArray> rule(Distribution p, Distribution q) {
        return Optional.ofNullable(
                switch (new Pair(p, q)) {
                    case Pair(CirculantNormal a, CirculantNormal b) ->
                        circulant(a, b, a.covarianceRfft().div(b.covarianceRfft()).times(a.multiplicity()).sum(-1));
                    // The diagonal of the inverse of a circulant matrix is the mean of the inverses of its eigenvalues.
                    case Pair(Independent(Normal n, int k), CirculantNormal b) when k == 1 ->
                        circulant(p, b, n.variance().sum(-1)
                                .times(reciprocal(b.covarianceRfft()).times(b.multiplicity()).sum(-1).div(b.eventShape().dim(0))));
                    case Pair(MatrixNormal a, MatrixNormal b) -> matrix(a, b);
                    case Pair(GaussianRandomWalk a, GaussianRandomWalk b) when a.eventShape().equals(b.eventShape()) ->
                        scales(a.scale(), b.scale(), a.eventShape().dim(0));
                    case Pair(ZeroSumNormal a, ZeroSumNormal b) when a.eventShape().equals(b.eventShape()) ->
                        scales(a.scale(), b.scale(), freedom(a.eventShape()));
                    case Pair(GaussianStateSpace a, GaussianStateSpace b) when a.eventShape().equals(b.eventShape()) -> paths(a, b);
                    default -> vectors(dense(p), dense(q));
                });
    }

    private static @Nullable NDArray vectors(@Nullable MultivariateNormal p, @Nullable MultivariateNormal q) {
        return p == null || q == null ? null : vector(p, q);
    }

    /// `½ (tr Σ_q⁻¹ Σ_p + |L_q⁻¹ (μ_p − μ_q)|² − n) + log |L_q| − log |L_p|`
    private static NDArray vector(MultivariateNormal p, MultivariateNormal q) {
        NDArray trace = WishartParts.ratio(q.scaleTril(), p.scaleTril());
        NDArray distance = Quadratic.form(q.scaleTril(), p.loc().minus(q.loc()));
        NDArray logs = Quadratic.halfLogDet(q.scaleTril()).minus(Quadratic.halfLogDet(p.scaleTril()));
        return trace.plus(distance).minus(p.loc().size(-1)).times(0.5).plus(logs);
    }

    private static @Nullable MultivariateNormal dense(Distribution d) {
        return switch (d) {
            case MultivariateNormal m -> m;
            case LowRankMultivariateNormal l -> MultivariateNormal.covariance(
                    l.loc(), l.covFactor().matmul(matrixTranspose(l.covFactor())).plus(diag(l.covDiag())));
            case CAR c -> c.dense();
            case Independent(Normal n, int k) when k == 1 -> new MultivariateNormal(n.mean(), diag(broadcastTo(n.scale(), n.batchShape())));
            default -> null;
        };
    }

    /// By `E log q = log q(μ_p) − ½ tr Σ_q⁻¹ Σ_p`.
    private static NDArray circulant(Distribution p, CirculantNormal q, NDArray trace) {
        return trace.times(0.5).minus(q.logProb(p.mean())).minus(p.entropy());
    }

    private static NDArray matrix(MatrixNormal p, MatrixNormal q) {
        int rows = p.scaleTrilRow().size(-1);
        int columns = p.scaleTrilColumn().size(-1);
        NDArray trace = WishartParts.ratio(q.scaleTrilRow(), p.scaleTrilRow())
                .times(WishartParts.ratio(q.scaleTrilColumn(), p.scaleTrilColumn()));
        NDArray half = solved(q.scaleTrilRow(), p.loc().minus(q.loc()));
        NDArray distance = square(solved(q.scaleTrilColumn(), matrixTranspose(half))).sum(-1, -2);
        NDArray logs = Quadratic.halfLogDet(q.scaleTrilRow()).minus(Quadratic.halfLogDet(p.scaleTrilRow())).times(columns)
                .plus(Quadratic.halfLogDet(q.scaleTrilColumn()).minus(Quadratic.halfLogDet(p.scaleTrilColumn())).times(rows));
        return trace.plus(distance).minus(rows * columns).times(0.5).plus(logs);
    }

    /// Step by step: the noises have a divergence, and the next states of the two differ by `A − B` times a state of p, whose mean and
    /// covariance are known.
    private static NDArray paths(GaussianStateSpace p, GaussianStateSpace q) {
        int steps = p.eventShape().dim(0);
        int n = p.eventShape().dim(1);
        NDArray logs = Quadratic.halfLogDet(q.scaleTril()).minus(Quadratic.halfLogDet(p.scaleTril()));
        NDArray sum = WishartParts.ratio(q.scaleTril(), p.scaleTril()).minus(n).times(0.5).plus(logs).times(steps);
        sum = sum.plus(Quadratic.form(q.scaleTril(), next(p, p.initialValue()).minus(next(q, q.initialValue()))).times(0.5));
        NDArray apart = p.transitionMatrix().minus(q.transitionMatrix());
        NDArray white = solved(q.scaleTril(), apart);
        NDArray noise = p.scaleTril().matmul(matrixTranspose(p.scaleTril()));
        NDArray covariance = noise;
        NDArray mean = next(p, p.initialValue());
        for (int t = 1; t < steps; t++) {
            NDArray moved = squeeze(white.matmul(expandDims(mean, -1)), -1);
            sum = sum.plus(square(moved).sum(-1).plus(white.matmul(covariance).times(white).sum(-1, -2)).times(0.5));
            covariance = p.transitionMatrix().matmul(covariance).matmul(matrixTranspose(p.transitionMatrix())).plus(noise);
            mean = next(p, mean);
        }
        return sum;
    }

    private static NDArray next(GaussianStateSpace d, NDArray state) {
        return squeeze(d.transitionMatrix().matmul(expandDims(state, -1)), -1);
    }

    private static NDArray solved(NDArray lower, NDArray b) {
        Shape batch = Shape.broadcast(lower.shape().dropLast(2), b.shape().dropLast(2));
        return solveTriangular(
                broadcastTo(lower, batch.then(lower.shape().last(2))), broadcastTo(b, batch.then(b.shape().last(2))), false);
    }

    private static NDArray scales(NDArray p, NDArray q, int dimensions) {
        return ContinuousKL.normal(zerosLike(p), p, q).times(dimensions);
    }

    private static int freedom(Shape event) {
        int n = 1;
        for (int a = 0; a < event.rank(); a++) {
            n *= event.dim(a) - 1;
        }
        return n;
    }
}
