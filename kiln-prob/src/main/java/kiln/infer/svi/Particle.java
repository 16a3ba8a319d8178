package kiln.infer.svi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.infer.enumeration.DiscreteSite;
import kiln.infer.enumeration.Enumeration;
import kiln.infer.enumeration.Factor;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.ScanStep;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// One draw of the guide, and the model at it.
final class Particle {
    private static final int CHECKS = 3;

    private final Trace guide;
    private final Trace model;
    private final List<DiscreteSite> sites;
    private final Function<List<NDArray>, List<Factor>> factors;

    private Particle(Trace guide, Trace model, List<DiscreteSite> sites, Function<List<NDArray>, List<Factor>> factors) {
        this.guide = guide;
        this.model = model;
        this.sites = sites;
        this.factors = factors;
    }

    /// Runs the guide, then the model on its draws.
    ///
    /// @param who    the loss, for messages
    /// @param key    split into one for the model and one for the guide, as NumPyro does
    /// @param params values of parameters and mutable sites; names that a program does not have are left alone
    /// @throws HandlerException if the sites of guide and model do not fit
    static Particle of(String who, PRNGKey key, Map<String, NDArray> params, Model model, Model guide) {
        PRNGKey[] keys = key.split();
        Trace q = Handlers.trace(guide, Handlers.seed(keys[1]), Handlers.substitute(params).allowUnused());
        return of(who, keys[0], params, model, q);
    }

    /// Runs the model on a draw of the guide.
    ///
    /// @param key for the model
    static Particle of(String who, PRNGKey key, Map<String, NDArray> params, Model model, Trace guide) {
        Trace p = Handlers.trace(
                model, Handlers.seed(key), Handlers.replay(guide), Handlers.substitute(params).allowUnused(), AnyValue::new);
        List<DiscreteSite> sites = new ArrayList<>();
        for (Message.Sample s : p.samples().values()) {
            if (!s.isObserved() && !guide.contains(s.name()) && s.distribution().isDiscrete()) {
                sites.add(DiscreteSite.of(s));
            }
        }
        check(who, p, guide);
        Function<List<NDArray>, List<Factor>> factors = z -> {
            var values = new LinkedHashMap<>(params);
            for (int i = 0; i < sites.size(); i++) {
                values.put(sites.get(i).name(), z.get(i));
            }
            Trace run = Handlers.trace(
                    model, Handlers.seed(key), Handlers.replay(guide), Handlers.substitute(values).allowUnused());
            return Factor.of(run);
        };
        return new Particle(guide, p, List.copyOf(sites), factors);
    }

    /// Gives discrete sites that nobody has given a value one of their values: which one does not matter.
    private static final class AnyValue implements Interceptor {
        @Override
        public Message process(Message m) {
            return m instanceof Message.Sample s && isWanted(s) ? s.withValue(value(s, Shape.SCALAR)) : m;
        }

        @Override
        public Message.Sample inScan(Message.Sample site, ScanStep step) {
            // The values of all steps at once: then the scan is traced, not run step by step.
            return isWanted(site) ? step.with(site, value(site, Shape.of(step.length()))) : site;
        }

        private static boolean isWanted(Message.Sample s) {
            return !s.isObserved() && s.value() == null && s.distribution().isDiscrete();
        }

        /// @param steps axes in front of those of the site
        private static NDArray value(Message.Sample s, Shape steps) {
            Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
            return Np.broadcastTo(DiscreteSite.support(s).get(0), steps.then(shape));
        }
    }

    private static void check(String who, Trace model, Trace guide) {
        List<String> own = new ArrayList<>();
        for (Message.Sample s : guide.samples().values()) {
            if (s.isObserved() || s.infer().isAuxiliary()) {
                continue;
            }
            own.add(s.name());
            if (!s.distribution().hasRsample()) {
                throw new HandlerException(new Diagnosis(s.label(), "draws of this site of the guide have no derivative, so its parameters cannot be learned from them")
                        .expected("distributions with pathwise gradients, such as Normal, Gamma, Beta, Dirichlet")
                        .got(s.distributionName() + " with batch " + s.distribution().batchShape())
                        .at(s.place())
                        .fix(s.distribution().isDiscrete()
                                ? "leave the discrete site out of the guide: the loss sums it out."
                                : "write it as a transform of a distribution that has them."));
            }
        }
        List<String> latent = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        model.samples().values().forEach(s -> {
            if (!s.isObserved()) {
                latent.add(s.name());
                if (!guide.contains(s.name()) && !s.distribution().isDiscrete()) {
                    missing.add(s.name());
                }
            }
        });
        List<String> unknown = own.stream().filter(n -> !model.samples().containsKey(n)).toList();
        if (!unknown.isEmpty()) {
            throw misfit(who, "the guide has a site that the model lacks", latent, unknown, guide, unknown.getFirst());
        }
        if (!missing.isEmpty()) {
            throw misfit(who, "the guide lacks a latent site of the model", latent, own, model, missing.getFirst());
        }
    }

    private static HandlerException misfit(
            String who, String what, Collection<String> latent, Collection<String> own, Trace of, String odd) {
        return new HandlerException(new Diagnosis(who, what)
                .expected("the latent sites of the model, " + Names.list(latent))
                .got("a guide of " + Names.list(own) + "; " + of.site(odd).label()
                        + of.site(odd).origin().map(line -> " at " + UserCode.describe(line)).orElse(""))
                .at(UserCode.line())
                .fix("give both the same names; a site that only helps the guide is marked infer(Infer.NONE.auxiliary(true))."));
    }

    /// Checks that copies in plates do not look at the discrete sites of other copies; everything known.
    void verify(PRNGKey key) {
        if (!sites.isEmpty()) {
            Enumeration.verify(sites, factors, key.split(CHECKS));
        }
    }

    /// {@return the run of the guide}
    Trace guide() {
        return guide;
    }

    /// {@return the run of the model; discrete sites that are summed out have any of their values}
    Trace model() {
        return model;
    }

    /// {@return the first discrete site that is summed out, or null}
    Message.@Nullable Sample firstDiscrete() {
        return sites.isEmpty() ? null : model.sample(sites.getFirst().name());
    }

    /// {@return the terms of the log density of the model, discrete sites summed out, by site}
    SequencedMap<String, NDArray> modelTerms() {
        if (!sites.isEmpty()) {
            return Enumeration.of(sites, factors).terms();
        }
        var out = new LinkedHashMap<String, NDArray>();
        model.samples().forEach((name, s) -> out.put(name, density(s)));
        return out;
    }

    /// {@return the terms of the log density of the guide, by site}
    SequencedMap<String, NDArray> guideTerms() {
        var out = new LinkedHashMap<String, NDArray>();
        guide.samples().forEach((name, s) -> out.put(name, density(s)));
        return out;
    }

    /// {@return the log density of a site, [Factor#density], summed}
    static NDArray density(Message.Sample s) {
        return Factor.density(s).sum();
    }

    /// {@return log p − log q, a scalar}
    NDArray elbo() {
        return sum(modelTerms().values()).minus(sum(guideTerms().values()));
    }

    private static NDArray sum(Collection<NDArray> terms) {
        return terms.stream().reduce(NDArray::plus).orElse(Np.scalar(0.0));
    }

    /// {@return what the mutable sites of the model have at its end}
    SequencedMap<String, NDArray> mutable() {
        var out = new LinkedHashMap<String, NDArray>();
        model.sites().forEach((name, m) -> {
            if (m instanceof Message.Mutable v) {
                out.put(name, v.value());
            }
        });
        return out;
    }
}
