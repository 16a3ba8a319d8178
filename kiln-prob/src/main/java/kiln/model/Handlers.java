package kiln.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.dist.Distribution;
import kiln.model.handler.Block;
import kiln.model.handler.Condition;
import kiln.model.handler.Intervene;
import kiln.model.handler.Lift;
import kiln.model.handler.Mask;
import kiln.model.handler.NameScope;
import kiln.model.handler.Reparametrize;
import kiln.model.handler.Replay;
import kiln.model.handler.Scale;
import kiln.model.handler.Seed;
import kiln.model.handler.Substitute;
import kiln.model.handler.Uncondition;

/// The effect handlers, to be imported statically, and what runs a model under them.
///
/// Handlers are listed from the model outwards. The first one sees a statement first, so `trace(model, condition(d), seed(0))`
/// spends no key on the sites in `d`, and `trace(model, seed(0), substitute(d))` does.
public final class Handlers {
    private Handlers() {}

    /// Runs a model once and keeps its sites.
    ///
    /// @param handlers listed from the model outwards; the trace is outside them all
    /// @return the sites, as they are after all handlers
    /// @throws HandlerException if two sites have the same name, or the model leaves a plate open
    public static Trace trace(Model model, Handler... handlers) {
        var recorder = new Trace.Recorder();
        List<Handler> all = new ArrayList<>(List.of(handlers));
        all.add(() -> recorder);
        Scope.run(model, all);
        return recorder.trace();
    }

    /// {@return the model with handlers around it, which start afresh in every run}
    ///
    /// @param handlers listed from the model outwards
    public static Model handle(Model model, Handler... handlers) {
        List<Handler> all = List.of(handlers);
        return () -> Scope.run(model, all);
    }

    /// {@return a handler that draws: it splits a key for each random variable that has no value}
    ///
    /// @param seed any number; every run starts from it again
    public static Seed seed(long seed) {
        return new Seed(PRNGKey.key(seed), Set.of());
    }

    /// {@return a handler that draws: it splits a key for each random variable that has no value}
    ///
    /// @param key every run starts from it again
    public static Seed seed(PRNGKey key) {
        return new Seed(key, Set.of());
    }

    /// {@return a handler that observes: it gives values to random variables and marks them as data}
    ///
    /// @param data name of the site and its value
    public static Condition condition(Map<String, ? extends Number> data) {
        return Condition.of(data);
    }

    /// {@return a handler that observes the values that a function gives}
    ///
    /// @param data the value of a site, or empty to leave the site alone
    public static Handler condition(Function<Message.Sample, Optional<NDArray>> data) {
        return () -> new Interceptor() {
            @Override
            public Message process(Message m) {
                return m instanceof Message.Sample s && !s.isSeries() ? data.apply(s).map(s::withObserved).orElse(s) : m;
            }

            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                return data.apply(s).map(value -> step.withObserved(s, value)).orElse(s);
            }
        };
    }

    /// {@return a handler that gives values to sites without marking them as data}
    ///
    /// @param data name of the site and its value; sample, param, deterministic and plate sites
    public static Substitute substitute(Map<String, ? extends Number> data) {
        return Substitute.of(data);
    }

    /// {@return a handler that gives sites the values of a function, without marking them as data}
    ///
    /// @param data the value of a site, or empty to leave the site alone
    public static Handler substitute(Function<Message, Optional<NDArray>> data) {
        return () -> new Interceptor() {
            @Override
            public Message process(Message m) {
                return m instanceof Message.Sample s && s.isSeries() ? m : data.apply(m).map(m::withValue).orElse(m);
            }

            @Override
            public Message.Sample inScan(Message.Sample s, ScanStep step) {
                return data.apply(s).map(value -> step.with(s, value)).orElse(s);
            }
        };
    }

    /// {@return a handler that hides all sites, or the named ones, from the handlers outside it}
    public static Block block(String... names) {
        if (names.length == 0) {
            return new Block(_ -> true);
        }
        Set<String> hidden = Set.of(names);
        return new Block(m -> hidden.contains(m.name()));
    }

    /// {@return a handler that hides the sites for which the condition holds from the handlers outside it}
    public static Block block(Predicate<Message> hides) {
        return new Block(hides);
    }

    /// {@return a handler that hides all sites but the named ones from the handlers outside it}
    public static Block expose(String... names) {
        Set<String> shown = Set.of(names);
        return new Block(m -> !shown.contains(m.name()));
    }

    /// {@return a handler that hides all sites but those of some kinds from the handlers outside it}
    ///
    /// @param types such as `Set.of(Message.Param.class)`
    public static Block exposeTypes(Set<Class<? extends Message>> types) {
        Set<Class<? extends Message>> shown = Set.copyOf(types);
        return new Block(m -> !shown.contains(m.getClass()));
    }

    /// {@return a handler that takes the values of random variables and plates from an earlier run; data stays as it is}
    public static Replay replay(Trace trace) {
        return new Replay(trace);
    }

    /// {@return a handler that switches the log density of its sites on or off; values are drawn all the same}
    public static Mask mask(boolean mask) {
        return new Mask(Np.scalar(mask));
    }

    /// {@return a handler that switches elements of the log density of its sites on or off; values are drawn all the same}
    ///
    /// @param mask truth values; broadcasts to the batch of every site inside
    public static Mask mask(NDArray mask) {
        return new Mask(mask);
    }

    /// {@return a handler that multiplies the log density of its sites}
    ///
    /// @param factor > 0; broadcasts to the batch of every site inside
    /// @throws kiln.array.DomainException if a known factor is not > 0
    public static Scale scale(Number factor) {
        return new Scale(NDArray.as(factor));
    }

    /// {@return a handler that turns all parameters into random variables}
    ///
    /// @param prior expanded to the shape of each parameter
    public static Lift lift(Distribution prior) {
        return new Lift(_ -> Optional.of(prior));
    }

    /// {@return a handler that turns the named parameters into random variables}
    ///
    /// @param priors name of the parameter and its prior, which is expanded to its shape
    public static Lift lift(Map<String, ? extends Distribution> priors) {
        Map<String, Distribution> all = Map.copyOf(priors);
        return new Lift(name -> Optional.ofNullable(all.get(name)));
    }

    /// {@return a handler that writes the named latent sites as functions of others}
    ///
    /// @param config name of the site and how
    public static Reparametrize reparam(Map<String, ? extends Reparam> config) {
        Map<String, Reparam> all = Map.copyOf(config);
        return new Reparametrize(s -> Optional.ofNullable(all.get(s.name())));
    }

    /// {@return a handler that writes latent sites as functions of others}
    ///
    /// @param config the strategy of a site, or empty to leave it alone
    public static Reparametrize reparam(Function<Message.Sample, Optional<? extends Reparam>> config) {
        return new Reparametrize(config);
    }

    /// {@return a handler that puts `prefix/` before the names of sites and plates}
    public static NameScope scope(String prefix) {
        return new NameScope(prefix, "/", Set.of());
    }

    /// {@return a handler that intervenes: what follows from a site sees a constant in place of its value (NumPyro's `do`)}
    ///
    /// @param data name of the site and the constant
    public static Intervene doIntervene(Map<String, ? extends Number> data) {
        return Intervene.of(data);
    }

    /// {@return a handler that draws observed random variables again}
    public static Uncondition uncondition() {
        return new Uncondition();
    }

    /// {@return a handler that changes what algorithms are told about random variables}
    ///
    /// @param config the new hints of a site: `s -> s.infer().enumerate(NEVER)`
    public static Handler inferConfig(Function<Message.Sample, Infer> config) {
        return () -> new Interceptor() {
            @Override
            public Message process(Message m) {
                return m instanceof Message.Sample s ? s.withInfer(config.apply(s)) : m;
            }
        };
    }

    /// {@return a model without some latent variables, which are integrated out}
    ///
    /// ```
    /// p(data) = ∫ p(data | z) p(z) dz,    in closed form
    /// ```
    ///
    /// Pairs: Beta with Bernoulli and Binomial, Gamma with Poisson, Normal with the loc of a Normal, Dirichlet with Categorical and
    /// Multinomial. Several observed sites may depend on one variable, inside plates or not, masked or not. An observed site becomes a
    /// factor under its own name: the log evidence of its data given the sites before. Runs of the model throw a [HandlerException] if
    /// anything else depends on such a variable.
    ///
    /// @param names the variables; none: all latent sites
    public static Model collapse(Model model, String... names) {
        List<String> which = List.of(names);
        return () -> Collapse.run(model, which);
    }
}
