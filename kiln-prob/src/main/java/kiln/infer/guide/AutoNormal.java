package kiln.infer.guide;

import static kiln.model.Primitives.eventDim;
import static kiln.model.Primitives.param;
import static kiln.model.Primitives.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.Normal;
import kiln.dist.TransformedDistribution;
import kiln.dist.constraint.Constraints;
import kiln.infer.InitStrategy;
import kiln.infer.LatentSite;
import kiln.infer.UnconstrainedModel;
import kiln.model.Model;

/// Independent normal distributions on unconstrained space, site by site (mean field).
///
/// ```
/// site = bijection(x),   x ~ Normal(site_auto_loc, site_auto_scale)
/// ```
///
/// Subsampled plates are allowed: every copy has its own parameters.
///
/// Source: Kucukelbir et al., *Automatic differentiation variational inference* (2017).
public final class AutoNormal extends AutoGuide {
    private final double initScale;

    /// Starts at random places in (−2, 2), with scales of 0.1.
    public AutoNormal(Model model) {
        this(model, "auto", InitStrategy.initToUniform(), 0.1);
    }

    /// @param model     the model
    /// @param prefix    part of the names of the parameters
    /// @param initLoc   where the locations start
    /// @param initScale where the scales start; > 0
    public AutoNormal(Model model, String prefix, InitStrategy initLoc, double initScale) {
        super(model, prefix, initLoc);
        this.initScale = initScale;
    }

    /// {@return a copy that starts elsewhere}
    public AutoNormal initLoc(InitStrategy v) {
        return new AutoNormal(model(), prefix(), v, initScale);
    }

    /// The bijection of a support that depends on other sites is another one in every run; here it is that of the first.
    @Override
    void check(UnconstrainedModel free, PRNGKey key) {
        var position = free.unflatten(key.uniform(Shape.of(free.dimension()), -2, 2));
        var placed = free.placed(position);
        for (LatentSite site : free.sites()) {
            NDArray expected = site.support().bijection().call(Objects.requireNonNull(position.get(site.name())));
            NDArray found = Objects.requireNonNull(placed.get(site.name())).value();
            if (!Np.all(found.eq(expected)).isTrue()) {
                throw unfit(
                        "AutoNormal",
                        site,
                        "the support of a site depends on other sites, so it cannot have a distribution of its own",
                        "use AutoDiagonalNormal, or sample a variable with a fixed support and compute this one from it.");
            }
        }
    }

    @Override
    public void run() {
        Prototype p = prototype();
        for (LatentSite site : p.free().sites()) {
            NDArray start = Objects.requireNonNull(p.start().get(site.name()));
            int event = eventOf(site);
            inPlates(site.plates(), () -> {
                NDArray all = repeated(start, site, event);
                NDArray loc = param(name(site, "loc"), all, Constraints.real, eventDim(event));
                NDArray scale = param(name(site, "scale"), Np.full(all.shape(), initScale), Constraints.softplusPositive, eventDim(event));
                Distribution q = new Normal(loc, scale).toEvent(event);
                sample(site.name(), site.support().isUnconstrained() ? q : new TransformedDistribution(q, site.support().bijection()));
            });
        }
    }

    /// How many axes of the position belong to one copy.
    private static int eventOf(LatentSite site) {
        return site.unconstrainedShape().rank() - (site.shape().rank() - site.support().eventDim());
    }

    private String name(LatentSite site, String what) {
        return site.name() + "_" + prefix() + "_" + what;
    }

    @Override
    public SequencedMap<String, NDArray> median(Map<String, NDArray> params) {
        return at(params, 0);
    }

    /// {@return quantiles of the elements of each latent site, `[q] + shape of the site`, by name}
    ///
    /// They are those of the positions, mapped to the support: exact where the bijection maps element by element.
    ///
    /// @param params of the guide; others are left alone
    /// @param q      probabilities, in (0, 1)
    public SequencedMap<String, NDArray> quantiles(Map<String, NDArray> params, double... q) {
        return stacked(q, z -> at(params, z));
    }

    private SequencedMap<String, NDArray> at(Map<String, NDArray> params, double z) {
        var out = new LinkedHashMap<String, NDArray>();
        for (LatentSite s : known().free().sites()) {
            NDArray x = given(params, name(s, "loc")).plus(given(params, name(s, "scale")).times(z));
            out.put(s.name(), s.support().bijection().call(x));
        }
        return out;
    }
}
