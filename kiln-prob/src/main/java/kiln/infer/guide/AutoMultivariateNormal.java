package kiln.infer.guide;

import static kiln.model.Primitives.param;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.dist.MultivariateNormal;
import kiln.dist.constraint.Constraints;
import kiln.infer.InitStrategy;
import kiln.model.Model;

/// A normal vector with any covariance.
///
/// ```
/// x ~ MultivariateNormal(auto_loc, L Lᵀ),   L = auto_scale_tril
/// ```
public final class AutoMultivariateNormal extends AutoContinuous {
    private final double initScale;

    /// Starts at a random place in (−2, 2), with independent scales of 0.1.
    public AutoMultivariateNormal(Model model) {
        this(model, "auto", InitStrategy.initToUniform(), 0.1);
    }

    /// @param model     the model
    /// @param prefix    what the names of the parameters begin with
    /// @param initLoc   where the location starts
    /// @param initScale where the standard deviations start; > 0
    public AutoMultivariateNormal(Model model, String prefix, InitStrategy initLoc, double initScale) {
        super(model, prefix, initLoc);
        this.initScale = initScale;
    }

    @Override
    Distribution latent(NDArray start) {
        NDArray loc = param(name("loc"), start);
        NDArray identity = Np.eye(start.size()).times(initScale);
        return new MultivariateNormal(loc, param(name("scale_tril"), identity, Constraints.scaledUnitLowerCholesky));
    }

    @Override
    public Distribution getPosterior(Map<String, NDArray> params) {
        return new MultivariateNormal(given(params, name("loc")), given(params, name("scale_tril")));
    }
}
