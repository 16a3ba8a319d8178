package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import kiln.array.NDArray;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// The log likelihood of the data at draws of a posterior, element by element: what LOO and WAIC start from.
public final class LogLikelihood {
    private static final String WHO = "logLikelihood";

    private LogLikelihood() {}

    /// The log likelihood at draws along the first axis, see [#logLikelihood(Model, Map, boolean, int)].
    ///
    /// @param posteriorSamples name and draws of the latent sites, `[draws, …]`; names that the model does not have are left alone
    public static SequencedMap<String, NDArray> logLikelihood(Model model, Map<String, NDArray> posteriorSamples) {
        return logLikelihood(model, posteriorSamples, false, 1);
    }

    /// The log likelihood at draws.
    ///
    /// ```
    /// where(mask, log p(data | latent sites of the draw), 0),    scales of plates and handlers left out
    /// ```
    ///
    /// Deterministic sites are computed, not taken from the draws.
    ///
    /// @param posteriorSamples name and draws of the latent sites; names that the model does not have are left alone
    /// @param parallel         whether the draws are computed on all processors; the values are the same
    /// @param batchNdims       how many axes in front are axes of draws; 2 for chains and draws
    /// @return by observed site, `axes of draws + batch of the site`
    /// @throws kiln.array.ShapeException if the draws differ in number
    /// @throws HandlerException if a latent site has no draws
    public static SequencedMap<String, NDArray> logLikelihood(
            Model model, Map<String, NDArray> posteriorSamples, boolean parallel, int batchNdims) {
        var given = GivenDraws.of(WHO, posteriorSamples, batchNdims);
        List<Map<String, NDArray>> densities = GivenDraws.map(given.count(), parallel, i -> {
            Trace run = Handlers.trace(model, given.at(i, false));
            Map<String, NDArray> out = new LinkedHashMap<>();
            for (Message.Sample s : run.samples().values()) {
                if (s.isObserved() && !s.isFactor()) {
                    out.put(s.name(), s.maskedLogProb());
                }
            }
            return out;
        });
        Map<String, List<NDArray>> all = new LinkedHashMap<>();
        densities.forEach(d -> d.forEach((name, x) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).add(x)));
        return GivenDraws.stacked(WHO, all, given.batch());
    }
}
