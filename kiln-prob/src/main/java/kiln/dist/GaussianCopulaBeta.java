package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;
import kiln.func.Pytree;

/// Beta variables coupled by the correlations of a normal vector, see [GaussianCopula].
///
/// ```
/// GaussianCopula(Beta(concentration1, concentration0), correlationCholesky)
/// ```
///
/// - **support** vectors of numbers in [0, 1]
/// - **shapes** batch = broadcast of the batches, event = `[n]`
/// - **moments** those of [Beta]
/// - **gradient of a draw** implicit, through the quantile of [Beta]
///
/// @param concentration1      weight of 1; > 0; the last axis, if any, is that of the vector
/// @param concentration0      weight of 0; > 0; broadcasts with `concentration1`
/// @param correlationCholesky `[…, n, n]`; Cholesky factor of a correlation matrix
public record GaussianCopulaBeta(NDArray concentration1, NDArray concentration0, NDArray correlationCholesky) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public GaussianCopulaBeta {
        concentration1 = Check.in(positive, "concentration1", concentration1, GaussianCopulaBeta.class);
        concentration0 = Check.in(positive, "concentration0", concentration0, GaussianCopulaBeta.class);
        correlationCholesky = Check.in(corrCholesky, "correlationCholesky", correlationCholesky, GaussianCopulaBeta.class);
        if (!Pytree.isRebuilding()) {
            Check.broadcasts(
                    GaussianCopulaBeta.class,
                    "concentration1, concentration0 and correlationCholesky",
                    concentration1.shape(), concentration0.shape());
        }
    }

    /// {@return the distribution with a given correlation matrix}
    ///
    /// @param concentration1    weight of 1; > 0
    /// @param concentration0    weight of 0; > 0
    /// @param correlationMatrix `[…, n, n]`; symmetric, positive definite, ones on the diagonal
    public static GaussianCopulaBeta correlation(NDArray concentration1, NDArray concentration0, NDArray correlationMatrix) {
        NDArray r = Check.in(corrMatrix, "correlationMatrix", correlationMatrix, GaussianCopulaBeta.class);
        return new GaussianCopulaBeta(concentration1, concentration0, cholesky(r));
    }

    @Override
    public Distribution equivalent() {
        return new GaussianCopula(new Beta(concentration1, concentration0), correlationCholesky);
    }
}
