package kiln.infer.guide;

import static kiln.model.Primitives.param;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.LowRankMultivariateNormal;
import kiln.dist.constraint.Constraints;
import kiln.infer.InitStrategy;
import kiln.model.Model;

/// A normal vector with a covariance of low rank and a diagonal.
///
/// ```
/// x ~ Normal(auto_loc, S (F Fᵀ + I) S),   F = auto_cov_factor [d, rank],   S = diag(auto_scale)
/// ```
public final class AutoLowRankMultivariateNormal extends AutoContinuous {
    private final double initScale;
    private final int rank;

    /// Starts at a random place in (−2, 2), with independent scales of 0.1; rank `round(√d)`.
    public AutoLowRankMultivariateNormal(Model model) {
        this(model, "auto", InitStrategy.initToUniform(), 0.1, 0);
    }

    /// @param model     the model
    /// @param prefix    what the names of the parameters begin with
    /// @param initLoc   where the location starts
    /// @param initScale where the scales start; > 0
    /// @param rank      columns of the factor; 0 for `round(√d)`
    public AutoLowRankMultivariateNormal(Model model, String prefix, InitStrategy initLoc, double initScale, int rank) {
        super(model, prefix, initLoc);
        this.initScale = initScale;
        this.rank = rank;
    }

    @Override
    Distribution latent(NDArray start) {
        int d = start.size();
        int columns = rank > 0 ? rank : Math.max(1, (int) Math.rint(Math.sqrt(d)));
        return of(
                param(name("loc"), start),
                param(name("cov_factor"), Np.zeros(d, columns)),
                param(name("scale"), Np.full(Shape.of(d), initScale), Constraints.softplusPositive));
    }

    private static Distribution of(NDArray loc, NDArray factor, NDArray scale) {
        return new LowRankMultivariateNormal(loc, factor.times(Np.expandDims(scale, -1)), Np.square(scale));
    }

    @Override
    public Distribution getPosterior(Map<String, NDArray> params) {
        return of(given(params, name("loc")), given(params, name("cov_factor")), given(params, name("scale")));
    }
}
