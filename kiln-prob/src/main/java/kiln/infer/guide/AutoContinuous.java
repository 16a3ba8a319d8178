package kiln.infer.guide;

import static kiln.model.Primitives.infer;
import static kiln.model.Primitives.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.Delta;
import kiln.dist.Distribution;
import kiln.infer.InitStrategy;
import kiln.infer.LatentSite;
import kiln.infer.UnconstrainedModel;
import kiln.infer.UnconstrainedModel.Placed;
import kiln.model.Handlers;
import kiln.model.Infer;
import kiln.model.Model;
import kiln.model.PlateFrame;

/// A distribution of all positions together, in one vector on unconstrained space.
///
/// ```
/// _auto_latent = x ~ q,   site_i = bijection_i(x_i),   log q(site_i) = −log |det bijection_i|
/// ```
///
/// The positions lie in the vector in the order of the model. Supports may depend on other sites: the model is run at every draw. There
/// is one vector for all data, so no plate with latent sites can be subsampled.
public abstract sealed class AutoContinuous extends AutoGuide
        permits AutoDiagonalNormal, AutoMultivariateNormal, AutoLowRankMultivariateNormal, AutoLaplaceApproximation {
    AutoContinuous(Model model, String prefix, InitStrategy initLoc) {
        super(model, prefix, initLoc);
    }

    @Override
    void check(UnconstrainedModel free, PRNGKey key) {
        for (LatentSite site : free.sites()) {
            if (site.plates().stream().anyMatch(PlateFrame::isSubsampled)) {
                throw unfit(
                        getClass().getSimpleName(),
                        site,
                        "a guide of one vector has a place for every copy, but the plate of this site is subsampled",
                        "use AutoNormal or AutoDelta, or leave subsampleSize out.");
            }
        }
    }

    @Override
    public final void run() {
        Prototype p = prototype();
        Distribution q = latent(start(p));
        NDArray x = sample("_" + prefix() + "_latent", q, null, infer(Infer.NONE.auxiliary(true)));
        var placed = new LinkedHashMap<String, Placed>();
        // The run of the model inside is no business of the handlers around the guide.
        Handlers.handle(() -> placed.putAll(p.free().placed(p.free().unflatten(x))), Handlers.block()).run();
        for (LatentSite site : p.free().sites()) {
            Placed own = Objects.requireNonNull(placed.get(site.name()));
            sample(site.name(), new Delta(own.value(), own.logJacobian().unaryMinus(), site.support().eventDim()));
        }
    }

    /// States the parameters and gives the distribution of the vector.
    ///
    /// @param start where its location starts
    abstract Distribution latent(NDArray start);

    /// {@return the distribution of the vector}
    ///
    /// @param params of the guide; others are left alone
    public abstract Distribution getPosterior(Map<String, NDArray> params);

    static NDArray start(Prototype p) {
        return p.free().flatten(p.start());
    }

    /// {@return the number of coordinates}
    final int dimension() {
        return prototype().free().dimension();
    }

    final String name(String what) {
        return prefix() + "_" + what;
    }

    @Override
    public final SequencedMap<String, NDArray> median(Map<String, NDArray> params) {
        return at(getPosterior(params), 0);
    }

    /// {@return quantiles of the elements of each latent site, `[q] + shape of the site`, by name}
    ///
    /// They are those of the coordinates, mapped to the supports: exact where the bijections map element by element.
    ///
    /// @param params of the guide; others are left alone
    /// @param q      probabilities, in (0, 1)
    public final SequencedMap<String, NDArray> quantiles(Map<String, NDArray> params, double... q) {
        Distribution posterior = getPosterior(params);
        return stacked(q, z -> at(posterior, z));
    }

    private SequencedMap<String, NDArray> at(Distribution posterior, double z) {
        NDArray x = posterior.mean().plus(Np.sqrt(posterior.variance()).times(z));
        UnconstrainedModel free = known().free();
        var out = new LinkedHashMap<String, NDArray>();
        free.placed(free.unflatten(x)).forEach((name, p) -> out.put(name, p.value()));
        return out;
    }
}
