package kiln.infer;

import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.diagnostics.LOO;
import kiln.diagnostics.PredictiveCheck;
import kiln.diagnostics.WAIC;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;

/// What a fitted model says about its data, and how well it predicts: one call each, to be imported statically.
///
/// ```
/// loo(() -> model(x, y), posterior)
/// Comparison.of(…)                                       several of them
/// predictiveCheck(() -> model(x, y), posterior, "y", key(1)).check(y -> max(y))
/// ```
public final class ModelChecks {
    private ModelChecks() {}

    /// Leave-one-out cross-validation; every element of every observed site is an observation.
    ///
    /// @param model     the model with its data
    /// @param posterior its posterior
    /// @throws HandlerException if the model observes nothing
    public static LOO loo(Model model, Posterior posterior) {
        return LOO.of(pointwise("loo", model, posterior));
    }

    /// The widely applicable information criterion, see [#loo], which is better.
    ///
    /// @param model     the model with its data
    /// @param posterior its posterior
    /// @throws HandlerException if the model observes nothing
    public static WAIC waic(Model model, Posterior posterior) {
        return WAIC.of(pointwise("waic", model, posterior));
    }

    private static double[][][] pointwise(String who, Model model, Posterior posterior) {
        SequencedMap<String, NDArray> sites = LogLikelihood.logLikelihood(model, byChain(posterior), true, 2);
        if (sites.isEmpty()) {
            throw new HandlerException(new Diagnosis(who, "the model observes nothing")
                    .expected("at least one site with data")
                    .at(UserCode.line())
                    .fix("pass the model with its data: sample(\"y\", …, y)."));
        }
        NDArray first = sites.firstEntry().getValue();
        double[][][] out = new double[first.size(0)][first.size(1)][0];
        for (NDArray site : sites.values()) {
            double[][][] values = Posterior.nested(site);
            for (int c = 0; c < out.length; c++) {
                for (int i = 0; i < out[c].length; i++) {
                    double[] before = out[c][i];
                    out[c][i] = Arrays.copyOf(before, before.length + values[c][i].length);
                    System.arraycopy(values[c][i], 0, out[c][i], before.length, values[c][i].length);
                }
            }
        }
        return out;
    }

    private static Map<String, NDArray> byChain(Posterior posterior) {
        var out = new java.util.LinkedHashMap<String, NDArray>();
        posterior.names().forEach(name -> out.put(name, posterior.samplesByChain(name)));
        return out;
    }

    /// The data of a site beside data drawn from the posterior predictive distribution, one replicate for each draw.
    ///
    /// @param model     the model with its data
    /// @param posterior its posterior
    /// @param site      name of an observed site
    /// @param key       source of the replicates
    /// @throws HandlerException if the model observes no such site, or the posterior has no draws
    public static PredictiveCheck predictiveCheck(Model model, Posterior posterior, String site, PRNGKey key) {
        SequencedMap<String, NDArray> samples = posterior.samples();
        var run = Handlers.trace(model, Handlers.seed(key));
        if (!(run.contains(site) && run.site(site) instanceof Message.Sample s && s.isObserved())) {
            throw new HandlerException(new Diagnosis("predictiveCheck", "the model observes no site \"" + site + "\"")
                    .expected("one of " + Names.list(run.samples().values().stream().filter(Message.Sample::isObserved)
                            .map(Message.Sample::name).toList()))
                    .at(UserCode.line())
                    .fix("name a site that has data, and pass the model with its data."));
        }
        if (samples.firstEntry().getValue().size(0) == 0) {
            throw new HandlerException(new Diagnosis("predictiveCheck", "the posterior has no draws")
                    .expected("a replicate of the data for each draw")
                    .at(UserCode.line())
                    .fix("keep some draws: numSamples above 0; after a warm-up alone, run(posterior.lastState())."));
        }
        Model free = Handlers.handle(model, Handlers.uncondition());
        NDArray replicated = java.util.Objects.requireNonNull(new Predictive(free, samples).returnSites(site).run(key).get(site));
        int draws = replicated.size(0);
        double[] flat = replicated.toDoubleArray();
        double[][] rows = new double[draws][];
        for (int i = 0; i < draws; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * flat.length / draws, (i + 1) * flat.length / draws);
        }
        return PredictiveCheck.of(run.value(site).toDoubleArray(), rows);
    }
}
