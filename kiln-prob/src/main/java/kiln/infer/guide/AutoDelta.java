package kiln.infer.guide;

import static kiln.model.Primitives.eventDim;
import static kiln.model.Primitives.param;
import static kiln.model.Primitives.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import kiln.array.NDArray;
import kiln.dist.Delta;
import kiln.infer.InitStrategy;
import kiln.infer.LatentSite;
import kiln.model.Model;

/// A point for every latent site: with it SVI finds the mode of the posterior density (MAP) in the space of the values.
///
/// ```
/// site = site_auto_loc,   log q = 0
/// ```
///
/// Discrete sites are summed out: the mode is that of the marginal posterior of the others. The locations live in the supports of their
/// sites; subsampled plates are allowed.
public final class AutoDelta extends AutoGuide {
    /// Starts from the medians of the priors.
    public AutoDelta(Model model) {
        this(model, "auto", InitStrategy.initToMedian());
    }

    /// @param model   the model
    /// @param prefix  part of the names of the parameters
    /// @param initLoc where they start
    public AutoDelta(Model model, String prefix, InitStrategy initLoc) {
        super(model, prefix, initLoc);
    }

    @Override
    public void run() {
        Prototype p = prototype();
        for (LatentSite site : p.free().sites()) {
            int event = site.support().eventDim();
            NDArray start = site.support().bijection().call(Objects.requireNonNull(p.start().get(site.name())));
            inPlates(site.plates(), () -> {
                NDArray loc = param(name(site), repeated(start, site, event), site.support(), eventDim(event));
                sample(site.name(), new Delta(loc, NDArray.as(0.0), event));
            });
        }
    }

    private String name(LatentSite site) {
        return site.name() + "_" + prefix() + "_loc";
    }

    /// {@return the points}
    @Override
    public SequencedMap<String, NDArray> median(Map<String, NDArray> params) {
        var out = new LinkedHashMap<String, NDArray>();
        known().free().sites().forEach(s -> out.put(s.name(), given(params, name(s))));
        return out;
    }
}
