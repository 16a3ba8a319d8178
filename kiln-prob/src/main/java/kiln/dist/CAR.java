package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.List;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Conditional autoregressive prior for areas on a map: the precision is τ (D − α W) with the neighbours W and their numbers D.
///
/// ```
/// log p(x) = ½ (n log τ + log det(D − α W) − τ (x − loc)ᵀ (D − α W) (x − loc) − n log 2π)
/// α = correlation, τ = conditionalPrecision, W = adjMatrix
/// ```
///
/// Here D is the diagonal matrix of the numbers of neighbours.
///
/// - **support** real vectors
/// - **shapes** batch = broadcast(batch of loc, correlation, conditionalPrecision), event = `[n]`
/// - **moments** mean = loc, varianceᵢ = Sᵢᵢ with S = (τ (D − α W))⁻¹
/// - **gradient of a draw** pathwise, in `loc`, `correlation` and `conditionalPrecision`
///
/// Source: Jin, Carlin and Banerjee, *Generalized hierarchical multivariate CAR models* (2005).
///
/// @param loc                  mean, `[…, n]`; any finite values; a number, or a last axis of size 1, stands for all n
/// @param correlation          α; in (−1, 1)
/// @param conditionalPrecision τ; > 0
/// @param adjMatrix            W, `[n, n]`; symmetric, 1 (or a positive weight) for neighbours and else 0, every area has one
/// @param isSparse             whether the density visits the pairs of neighbours only, which a known W allows; otherwise it multiplies by W
public record CAR(
        NDArray loc, NDArray correlation, NDArray conditionalPrecision, NDArray adjMatrix, boolean isSparse) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast, or `adjMatrix` is no square matrix of their size
    public CAR {
        loc = Check.in(realVector, "loc", Check.location(CAR.class, loc, "adjMatrix", adjMatrix), CAR.class);
        correlation = Check.in(openInterval(-1, 1), "correlation", correlation, CAR.class);
        conditionalPrecision = Check.in(positive, "conditionalPrecision", conditionalPrecision, CAR.class);
        if (!Pytree.isRebuilding()) {
            Check.broadcasts(
                    CAR.class,
                    "loc, correlation and conditionalPrecision",
                    loc.shape().dropLast(1), correlation.shape(), conditionalPrecision.shape());
            Check.sizes(CAR.class, adjMatrix.rank() == 2, "loc and adjMatrix", "one adjMatrix [n, n] for all", loc.shape(), adjMatrix.shape());
            checkNeighbours(adjMatrix, loc.size(-1));
        }
    }

    private static void checkNeighbours(NDArray w, int n) {
        if (!Validation.isOn() || !(w instanceof Dense)) {
            return;
        }
        double[] weight = w.toDoubleArray();
        for (int i = 0; i < n; i++) {
            boolean alone = true;
            for (int j = 0; j < n; j++) {
                double there = weight[i * n + j];
                double back = weight[j * n + i];
                if (!(there >= 0) || there != back) {
                    throw neighbours("adjMatrix[%d, %d] = %s and adjMatrix[%d, %d] = %s".formatted(i, j, there, j, i, back));
                }
                alone &= there == 0;
            }
            if (alone) {
                throw neighbours("area " + i + " has no neighbour");
            }
        }
    }

    private static DomainException neighbours(String got) {
        return new DomainException(new Diagnosis("CAR", "adjMatrix must be symmetric and ≥ 0, with a neighbour for every area")
                .got(got)
                .at(UserCode.line())
                .fix("list each pair of neighbours in both directions, and give areas without neighbours a prior of their own."));
    }

    /// The same correlation and precision for all.
    public CAR(NDArray loc, Number correlation, Number conditionalPrecision, NDArray adjMatrix) {
        this(loc, NDArray.as(correlation), NDArray.as(conditionalPrecision), adjMatrix, false);
    }

    /// The same mean, correlation and precision for all.
    public CAR(Number loc, Number correlation, Number conditionalPrecision, NDArray adjMatrix) {
        this(NDArray.as(loc), correlation, conditionalPrecision, adjMatrix);
    }

    /// {@return a copy whose density visits the pairs of neighbours only, or not}
    public CAR isSparse(boolean sparse) {
        return new CAR(loc, correlation, conditionalPrecision, adjMatrix, sparse);
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape().dropLast(1), correlation.shape(), conditionalPrecision.shape());
    }

    @Override
    public Shape eventShape() {
        return loc.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return dense().variance();
    }

    @Override
    public NDArray entropy() {
        return dense().entropy();
    }

    /// {@return the same distribution with its covariance written out}
    MultivariateNormal dense() {
        return MultivariateNormal.precision(loc, precisionMatrix());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return dense().sample(key, sampleShape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray d = value.minus(loc);
        NDArray degrees = adjMatrix.sum(-1);
        NDArray root = reciprocal(sqrt(degrees));
        NDArray scaled = adjMatrix.times(expandDims(root, -1)).times(root);
        NDArray spread = log1p(expandDims(correlation, -1).times(Linalg.eigvalsh(scaled)).unaryMinus()).sum(-1);
        NDArray own = square(d).times(degrees).sum(-1);
        NDArray shared = isSparse && adjMatrix instanceof Dense ? overNeighbours(d) : d.times(d.matmul(adjMatrix)).sum(-1);
        NDArray form = conditionalPrecision.times(own.minus(correlation.times(shared)));
        int n = eventShape().dim(0);
        NDArray norm = log(conditionalPrecision).times(n).plus(log(degrees).sum()).plus(spread).minus(2 * n * Constants.HALF_LOG_2PI);
        return norm.minus(form).times(0.5);
    }

    /// `dᵀ W d`, by the entries of W that are not 0.
    private NDArray overNeighbours(NDArray d) {
        List<NDArray> at = nonzero(adjMatrix);
        NDArray weights = take(ravel(adjMatrix), flatnonzero(adjMatrix), 0);
        return take(d, at.getFirst(), -1).times(take(d, at.get(1), -1)).times(weights).sum(-1);
    }

    /// {@return the precision matrix, `batch + [n, n]`}
    public NDArray precisionMatrix() {
        NDArray alpha = Density.trailing(correlation, 2);
        return Density.trailing(conditionalPrecision, 2).times(diag(adjMatrix.sum(-1)).minus(alpha.times(adjMatrix)));
    }
}
