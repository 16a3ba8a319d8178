package kiln.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.Expanded;
import kiln.dist.Unit;
import kiln.func.Pytree;
import kiln.graph.Traced;
import kiln.graph.Tracer;

/// Integrates latent variables out of a model whose data is conjugate to them, see [Handlers#collapse].
///
/// A first run of the model finds the variables. In the run proper their values are symbols, so whatever is computed from them is known:
/// an observed site with such a variable as its parameter is replaced by the log evidence of its data, everything else that depends on
/// one is an error.
final class Collapse {
    private static final String WHO = "collapse";

    private Collapse() {}

    static void run(Model model, List<String> names) {
        List<Message.Sample> variables = variables(model, names);
        List<Aval> types = variables.stream()
                .map(s -> new Aval(s.requireValue().dtype(), s.requireValue().shape()))
                .toList();
        Tracer.closure(types, symbols -> {
            Map<String, Traced> values = new LinkedHashMap<>();
            for (int i = 0; i < symbols.size(); i++) {
                if (symbols.get(i) instanceof Traced symbol) {
                    values.put(variables.get(i).name(), symbol);
                }
            }
            Scope.run(model, List.of(() -> new Run(values)));
            return List.of();
        });
    }

    /// The variables to integrate out, from a run that nobody outside sees.
    private static List<Message.Sample> variables(Model model, List<String> names) {
        var recorder = new Trace.Recorder();
        Handler any = Handlers.substitute(m -> m instanceof Message.Sample s && s.value() == null && !s.isObserved() && s.key() != null
                ? Optional.of(s.anyValue(s.key()))
                : Optional.empty());
        Scope.run(model, List.of(Handlers.seed(PRNGKey.key(0)), any, () -> recorder, Handlers.block()));
        Map<String, Message.Sample> latent = new LinkedHashMap<>();
        recorder.trace().samples().forEach((name, s) -> {
            if (!s.isObserved()) {
                latent.put(name, s);
            }
        });
        List<String> unknown = names.stream().filter(n -> !latent.containsKey(n)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "a name is not that of a latent site")
                    .expected("names among " + Names.list(latent.keySet()))
                    .got(Names.list(unknown))
                    .fix(Names.remedy(unknown, latent.keySet(), "leave the name out") + "."));
        }
        List<Message.Sample> out = new ArrayList<>();
        for (Message.Sample s : latent.values()) {
            if (names.isEmpty() || names.contains(s.name())) {
                belief(s);
                out.add(s);
            }
        }
        return out;
    }

    private static Belief belief(Message.Sample s) {
        return Belief.of(core(s.distribution()), s.distribution().batchShape())
                .orElseThrow(() -> new HandlerException(new Diagnosis(WHO, "no data is conjugate to the distribution of " + s.label())
                        .expected("Beta, Gamma, Normal or Dirichlet")
                        .got(Sites.describe(s.distribution()))
                        .at(s.place())
                        .fix("name the sites to integrate out: collapse(model, \"…\").")));
    }

    private static Distribution core(Distribution d) {
        return d instanceof Expanded e ? core(e.baseDist()) : d;
    }

    /// The part in the run proper.
    private static final class Run implements Interceptor {
        private final Map<String, Traced> symbols;
        private final Map<String, Belief> beliefs = new HashMap<>();
        private final Map<String, List<PlateFrame>> plates = new HashMap<>();

        Run(Map<String, Traced> symbols) {
            this.symbols = symbols;
        }

        @Override
        public Message process(Message m) {
            Traced symbol = symbols.get(m.name());
            if (m instanceof Message.Sample s && symbol != null) {
                if (depends(Pytree.leaves(s.distribution()))) {
                    throw refused(s, "the distribution of a collapsed site depends on another one");
                }
                beliefs.put(s.name(), belief(s));
                plates.put(s.name(), s.plates());
                return s.withValue(symbol).withStopped();
            }
            List<NDArray> uses = switch (m) {
                case Message.Sample s -> Pytree.leaves(s.distribution());
                case Message.Deterministic d -> List.of(d.value());
                case Message.Param _, Message.Plate _, Message.Mutable _, Message.Request _ -> List.of();
            };
            if (!depends(uses)) {
                return m;
            }
            return m instanceof Message.Sample s && s.isObserved()
                    ? evidence(s)
                    : refused(m);
        }

        private boolean depends(List<NDArray> values) {
            return values.stream().anyMatch(v -> v instanceof Traced t && symbols.values().stream().anyMatch(s -> s.tracer() == t.tracer()));
        }

        private Message.Sample evidence(Message.Sample s) {
            if (s.scale() != Message.Sample.ONE) {
                throw refused(s, "the density of an observed site is scaled, so it is not conjugate to a collapsed one");
            }
            Distribution likelihood = core(s.distribution());
            NDArray data = s.requireValue();
            Shape batch = data.shape().dropLast(s.distribution().eventShape().rank());
            NDArray weight = s.mask() == null ? Np.full(batch, 1.0) : Np.broadcastTo(Np.where(s.mask(), 1.0, 0.0), batch);
            for (var entry : symbols.entrySet()) {
                Belief before = beliefs.get(entry.getKey());
                Predicate<NDArray> isVariable = x -> x instanceof Traced t && t.node() == entry.getValue().node();
                Optional<Belief.Update> update = before == null || dependsOnMore(likelihood)
                        ? Optional.empty()
                        : before.observe(likelihood, isVariable, data, weight);
                if (update.isPresent()) {
                    beliefs.put(entry.getKey(), update.get().belief());
                    NDArray log = update.get().logEvidence();
                    return new Message.Sample(
                            s.name(), new Unit(log), Np.full(log.shape().then(Shape.of(0)), 0), true, null, Message.Sample.ONE, null,
                            s.infer(), Objects.requireNonNull(plates.get(entry.getKey())), false, s.origin());
                }
            }
            throw refused(s, "an observed site is not conjugate to the collapsed one that it depends on");
        }

        /// Whether more than one parameter depends on collapsed sites.
        private boolean dependsOnMore(Distribution likelihood) {
            return Pytree.leaves(likelihood).stream().filter(x -> depends(List.of(x))).count() > 1;
        }

        private Message refused(Message m) {
            throw refused(m, "a site that is not observed depends on a collapsed one");
        }

        private HandlerException refused(Message m, String what) {
            String expected = beliefs.entrySet().stream()
                    .map(b -> "for \"" + b.getKey() + "\" " + b.getValue().conjugate())
                    .collect(Collectors.joining("\n"));
            return new HandlerException(new Diagnosis(m.label(), what)
                    .expected(expected.isEmpty() ? "no site between" : expected)
                    .got(m instanceof Message.Sample s ? Sites.describe(s.distribution()) : m.label())
                    .at(m.place())
                    .fix("name the sites to integrate out, without those that are used otherwise: collapse(model, \"…\")."));
        }
    }
}
