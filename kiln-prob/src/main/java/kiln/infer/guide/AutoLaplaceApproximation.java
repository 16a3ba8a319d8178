package kiln.infer.guide;

import static kiln.model.Primitives.param;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Delta;
import kiln.dist.Distribution;
import kiln.dist.MultivariateNormal;
import kiln.func.Functions;
import kiln.infer.InitStrategy;
import kiln.infer.UnconstrainedModel;
import kiln.model.Model;

/// A normal distribution around the mode, with the curvature there.
///
/// ```
/// x ~ MultivariateNormal(auto_loc, H⁻¹),   H = −∂²/∂x² log joint(x) at auto_loc
/// ```
///
/// SVI looks for the mode of the density on unconstrained space, Jacobians included; the Hessian matrix is computed when the
/// posterior is asked for.
///
/// Source: Tierney and Kadane (1986).
public final class AutoLaplaceApproximation extends AutoContinuous {
    /// Starts at a random place in (−2, 2).
    public AutoLaplaceApproximation(Model model) {
        this(model, "auto", InitStrategy.initToUniform());
    }

    /// @param model   the model
    /// @param prefix  what the names of the parameters begin with
    /// @param initLoc where the location starts
    public AutoLaplaceApproximation(Model model, String prefix, InitStrategy initLoc) {
        super(model, prefix, initLoc);
    }

    @Override
    Distribution latent(NDArray start) {
        return new Delta(param(name("loc"), start), NDArray.as(0.0), 1);
    }

    /// {@return the normal distribution of the vector}
    ///
    /// @param params of the guide; others are left alone
    /// @throws kiln.array.DomainException if the location is no maximum, so that the Hessian matrix is not negative definite
    @Override
    public Distribution getPosterior(Map<String, NDArray> params) {
        UnconstrainedModel free = known().free();
        NDArray loc = given(params, name("loc"));
        NDArray hessian = Functions.hessian((NDArray x) -> free.logJoint(free.unflatten(x))).apply(loc);
        return MultivariateNormal.precision(loc, hessian.unaryMinus());
    }

    /// {@return draws of the normal distribution, mapped to the latent sites}
    @Override
    public SequencedMap<String, NDArray> samplePosterior(PRNGKey key, Map<String, NDArray> params, int numSamples) {
        UnconstrainedModel free = known().free();
        NDArray draws = getPosterior(params).sample(key, Shape.of(numSamples));
        var out = new LinkedHashMap<String, NDArray>();
        Functions.<NDArray, Map<String, NDArray>>vmap(x -> {
                    var values = new LinkedHashMap<String, NDArray>();
                    free.placed(free.unflatten(x)).forEach((name, p) -> values.put(name, p.value()));
                    return values;
                })
                .apply(draws)
                .forEach(out::put);
        return out;
    }
}
