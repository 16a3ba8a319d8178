package kiln.infer.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.TracedValueException;
import kiln.array.UserCode;
import kiln.graph.Tracer;
import kiln.math.LogSumExp;
import kiln.model.HandlerException;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// Exact inference for discrete models of any shape: runs the model once for every combination of values that its latent sites can take
/// together, and weighs each by its joint density with the observations.
///
/// ```
/// p(path) = Π p(site | what comes before)        p(data) = Σ over paths of p(path, data)
/// ```
///
/// Which sites there are may depend on the values of others: the paths are found as they are run. A latent site with infinitely many
/// values (a normal, a Poisson) is integrated out exactly where nothing else depends on it, and refused otherwise. A value of
/// probability 0 ends a path. The work is the number of paths; where it is large because one structure repeats, sums over single sites
/// are cheaper.
///
/// @param model    the model
/// @param maxPaths the most paths; ≥ 1
public record PathEnumeration(Model model, int maxPaths) {
    private static final String WHO = "PathEnumeration";
    /// The most choices of one run: far more than can be enumerated, and few enough that a recursion of as many calls fits the stack.
    private static final int LONGEST = 1000;

    /// @throws kiln.array.DomainException if `maxPaths` is out of its range
    public PathEnumeration {
        Tasks.require(maxPaths >= 1, "maxPaths must be ≥ 1", maxPaths);
    }

    /// At most 100,000 paths.
    public PathEnumeration(Model model) {
        this(model, 100_000);
    }

    /// A copy with another [#maxPaths()].
    public PathEnumeration maxPaths(int v) {
        return new PathEnumeration(model, v);
    }

    /// A site on the current path: which of its values it has.
    private static final class Choice {
        private final String name;
        private final Message.Sample site;
        private final long count;
        private long index;

        Choice(Message.Sample site, long count) {
            this.name = site.name();
            this.site = site;
            this.count = count;
        }
    }

    private record Path(Execution execution, double logDensity) {
        static final Path IMPOSSIBLE = new Path(new Execution(new LinkedHashMap<>()), Double.NEGATIVE_INFINITY);
    }

    /// Ends a run that has come to a value of probability 0: beyond it a recursion may have no end.
    private static final class ImpossibleValue extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ImpossibleValue() {
            super(null, null, false, false);
        }
    }

    /// Runs all paths.
    ///
    /// @return every execution of positive probability with its joint density, in the order of the values; the evidence
    /// @throws HandlerException if there are more than `maxPaths` paths, if a site depends on one that cannot be enumerated, or if every
    ///                          path contradicts the observations
    public WeightedExecutions run() {
        List<Choice> choices = new ArrayList<>();
        List<Execution> executions = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int paths = 1; ; paths++) {
            if (paths > maxPaths) {
                throw tooMany(choices);
            }
            Path path = path(choices);
            if (path.logDensity() > Double.NEGATIVE_INFINITY) {
                executions.add(path.execution());
                weights.add(path.logDensity());
            }
            while (!choices.isEmpty() && choices.getLast().index == choices.getLast().count - 1) {
                choices.removeLast();
            }
            if (choices.isEmpty()) {
                double[] all = weights.stream().mapToDouble(w -> w).toArray();
                return new WeightedExecutions(WHO, executions, all, LogSumExp.of(all));
            }
            choices.getLast().index++;
        }
    }

    /// Runs one path: the choices made so far, then the first value of every further site.
    private Path path(List<Choice> choices) {
        List<Path> out = new ArrayList<>();
        Map<String, Message.Sample> open = new LinkedHashMap<>();
        try {
            // The values of sites that are integrated out are those of an argument that is never passed.
            Tracer.trace(WHO, List.of(new Aval(DType.FLOAT64, Shape.SCALAR)), x -> {
                Trace run = Runs.trace(model, () -> new Chooser(choices, open, x.getFirst()));
                out.add(new Path(Execution.of(run), logDensity(run, open)));
                return List.of();
            });
        } catch (ImpossibleValue e) {
            return Path.IMPOSSIBLE;
        } catch (TracedValueException e) {
            if (open.isEmpty()) {
                throw e;
            }
            Diagnosis d = e.diagnosis();
            var error = notFinite(open, d.at() == null ? "" : d.at(), "a branch on its value, " + d.got());
            error.initCause(e);
            throw error;
        }
        return out.getFirst();
    }

    private static double logDensity(Trace run, Map<String, Message.Sample> open) {
        double sum = 0;
        for (Message.Sample s : run.samples().values()) {
            boolean isOpen = open.containsKey(s.name());
            if (isOpen && s.mask() == null && s.scale().isKnown() && s.scale().size() == 1 && s.scale().item() == 1) {
                continue;
            }
            NDArray density = s.logProb().sum();
            if (!density.isKnown()) {
                throw notFinite(open, s.place(), isOpen ? s.label() + ", masked or scaled" : "the density of " + s.label());
            }
            sum += density.item();
        }
        return sum;
    }

    /// Gives every latent site its value on the path.
    private final class Chooser implements Interceptor {
        private final List<Choice> choices;
        private final Map<String, Message.Sample> open;
        private final NDArray unknown;
        private int reached;

        Chooser(List<Choice> choices, Map<String, Message.Sample> open, NDArray unknown) {
            this.choices = choices;
            this.open = open;
            this.unknown = unknown;
        }

        @Override
        public Message process(Message m) {
            if (!(m instanceof Message.Sample s) || s.isObserved() || s.value() != null) {
                return m;
            }
            if (!s.distribution().hasEnumerateSupport()) {
                open.put(s.name(), s);
                Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
                DType type = s.distribution().isDiscrete() ? DType.INT64 : DType.floating();
                return s.withValue(Np.broadcastTo(unknown, shape).astype(type));
            }
            NDArray support = s.distribution().enumerateSupport(true);
            int batch = s.distribution().batchShape().size();
            if (reached == choices.size()) {
                if (reached == LONGEST) {
                    throw endless(choices, s);
                }
                choices.add(new Choice(s, combinations(s, support.size(0), batch)));
            }
            Choice choice = choices.get(reached++);
            if (!choice.name.equals(s.name())) {
                throw new HandlerException(new Diagnosis(WHO, "the model reaches other sites in a second run with the same values")
                        .expected("\"" + choice.name + "\"")
                        .got("\"" + s.name() + "\"")
                        .at(s.place())
                        .fix("let the model depend on nothing but its sites: no random numbers and no state of its own."));
            }
            NDArray value = value(s, support, choice.index, batch);
            NDArray density = s.mask() == null ? s.distribution().logProb(value).sum() : Np.scalar(0.0);
            if (density.isKnown() && density.item() == Double.NEGATIVE_INFINITY) {
                throw new ImpossibleValue();
            }
            return s.withValue(value);
        }

        private long combinations(Message.Sample s, int values, int batch) {
            long count = 1;
            for (int i = 0; i < batch; i++) {
                count *= values;
                if (count > maxPaths) {
                    throw new HandlerException(new Diagnosis(s.label(), "the values of this site alone are too many paths")
                            .expected("at most " + maxPaths)
                            .got(values + " values for each of " + batch + " copies: " + values + "^" + batch)
                            .at(s.place())
                            .fix("raise maxPaths, or sum over the site by itself instead of enumerating it."));
                }
            }
            return count;
        }
    }

    /// The values of the copies of a site are the digits of the number of the choice, the last copy's changing first.
    private static NDArray value(Message.Sample s, NDArray support, long index, int batch) {
        Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
        int values = support.size(0);
        if (batch == 1) {
            return support.get((int) index).reshape(shape);
        }
        NDArray flat = support.reshape(Shape.of(values, batch).then(s.distribution().eventShape()));
        List<NDArray> parts = new ArrayList<>();
        long left = index;
        for (int j = batch - 1; j >= 0; j--) {
            parts.addFirst(flat.get((int) (left % values)).get(j));
            left /= values;
        }
        return Np.stack(parts, 0).reshape(shape);
    }

    private static HandlerException endless(List<Choice> choices, Message.Sample last) {
        String first = choices.stream().limit(4).map(c -> "\"" + c.name + "\"").collect(Collectors.joining(", "));
        return new HandlerException(new Diagnosis(WHO, "a run of the model does not come to an end")
                .expected("at most " + LONGEST + " choices in one run")
                .got(first + ", …, \"" + last.name() + "\"")
                .at(last.place())
                .fix("end the recursion at some depth, or use Importance, SingleSiteMH or SMC."));
    }

    private HandlerException tooMany(List<Choice> choices) {
        String path = choices.stream().map(c -> c.name + " (" + c.count + ")").limit(12).collect(Collectors.joining(", "));
        return new HandlerException(new Diagnosis(WHO, "the model has too many paths")
                .expected("at most " + maxPaths)
                .got("among others one of " + choices.size() + " choices, with the number of values: " + path)
                .at(choices.getLast().site.place())
                .fix("raise maxPaths, end the recursion at some depth, or use Importance, SingleSiteMH or SMC."));
    }

    private static HandlerException notFinite(Map<String, Message.Sample> open, String place, String needs) {
        String sites = open.values().stream()
                .map(s -> s.label() + ", " + s.distributionName() + s.origin().map(o -> ", " + UserCode.describe(o)).orElse(""))
                .collect(Collectors.joining("; "));
        return new HandlerException(new Diagnosis(WHO, "the model depends on the value of a site that has infinitely many")
                .expected("finitely many values at every latent site that others depend on")
                .got(sites + "\nneeded by " + needs)
                .at(place)
                .fix("observe the site with condition, or use Importance, SingleSiteMH or SMC."));
    }
}
