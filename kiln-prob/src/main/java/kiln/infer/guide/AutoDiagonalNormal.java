package kiln.infer.guide;

import static kiln.model.Primitives.param;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.infer.InitStrategy;
import kiln.model.Model;

/// Independent normal coordinates.
///
/// ```
/// x ~ Normal(auto_loc, auto_scale)
/// ```
public final class AutoDiagonalNormal extends AutoContinuous {
    private final double initScale;

    /// Starts at a random place in (−2, 2), with scales of 0.1.
    public AutoDiagonalNormal(Model model) {
        this(model, "auto", InitStrategy.initToUniform(), 0.1);
    }

    /// @param model     the model
    /// @param prefix    what the names of the parameters begin with
    /// @param initLoc   where the location starts
    /// @param initScale where the scales start; > 0
    public AutoDiagonalNormal(Model model, String prefix, InitStrategy initLoc, double initScale) {
        super(model, prefix, initLoc);
        this.initScale = initScale;
    }

    @Override
    Distribution latent(NDArray start) {
        NDArray loc = param(name("loc"), start);
        return new Normal(loc, param(name("scale"), Np.full(start.shape(), initScale), Constraints.softplusPositive)).toEvent(1);
    }

    @Override
    public Distribution getPosterior(Map<String, NDArray> params) {
        return new Normal(given(params, name("loc")), given(params, name("scale"))).toEvent(1);
    }
}
