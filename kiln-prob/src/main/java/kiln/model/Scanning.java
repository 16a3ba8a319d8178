package kiln.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Diagnosis;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Validation;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.func.Pytree;
import org.jspecify.annotations.Nullable;

/// One scan of a model.
///
/// The first step is run to see which of its sites get values from the handlers around the scan, and for how many steps. As long as every
/// site does, the body is traced once and the loop is an operation of the graph. Steps in which one has to be drawn are run one after the
/// other: all of them, or in a forecast those behind the data.
///
/// @param <C> the carry
/// @param <X> what a step reads
/// @param <Y> what a step returns
final class Scanning<C, X, Y> {
    private final Scope scope;
    private final BiFunction<C, X, Carried<C, Y>> body;
    private final C init;
    private final X xs;
    private final int length;
    private final Control.Steps steps;

    Scanning(Scope scope, BiFunction<C, X, Carried<C, Y>> body, C init, X xs, int length, Control.Steps steps) {
        this.scope = scope;
        this.body = body;
        this.init = init;
        this.xs = xs;
        this.length = length;
        this.steps = steps;
    }

    /// What a step did: its result, its sites with what is known of each, and whether something was drawn.
    record Run<C, Y>(Carried<C, Y> result, List<Site> sites, boolean drew) {
        /// {@return the arrays of all sites, one list for the step}
        List<NDArray> arrays() {
            return sites.stream().flatMap(s -> s.arrays().stream()).toList();
        }
    }

    /// A site of a step with the arrays that are stacked.
    ///
    /// @param message what the step made
    /// @param arrays  of a random variable its value, densities, mask and parameters; of a deterministic site its value
    record Site(Message message, List<NDArray> arrays) {}

    Carried<C, Y> run() {
        PRNGKey key = scope.key().orElse(null);
        PRNGKey[] keys = new PRNGKey[length];
        if (key != null) {
            for (int t = 0; t < length; t++) {
                PRNGKey[] both = key.split(2);
                key = both[0];
                keys[t] = both[1];
            }
        }
        var known = new ScanStep.Known(position(0), length);
        Run<C, Y> first = step(init, slice(0), keys[0], known);
        int given = first.drew() ? 0 : known.series().stream().mapToInt(s -> s.size(0)).reduce(length, Math::min);
        if (given < 2) {
            return finish(first, new Head<>(first.result().carry(), 0, null, List.of(), List.of()), List.of(first), keys);
        }
        return finish(first, traced(known.series(), given), List.of(), keys);
    }

    /// The steps that were traced.
    ///
    /// @param carry   behind them
    /// @param count   how many
    /// @param traced  the step as it was traced; null if there was none
    /// @param arrays  of the sites, one after the other as in a step, of all these steps
    /// @param outputs leaves of what the steps returned
    private record Head<C, Y>(C carry, int count, @Nullable Run<C, Y> traced, List<NDArray> arrays, List<NDArray> outputs) {}

    private int position(int t) {
        return steps.reverse() ? length - 1 - t : t;
    }

    private X slice(int t) {
        return Pytree.withLeaves(xs, Pytree.leaves(xs).stream().map(x -> x.get(position(t))).toList());
    }

    // ---- the steps

    private Run<C, Y> step(C carry, X x, @Nullable PRNGKey key, ScanStep step) {
        var recorder = new Recorder(scope, step);
        List<Carried<C, Y>> result = new ArrayList<>();
        Scope.step(() -> result.add(body.apply(carry, x)), key, recorder);
        return new Run<>(result.getFirst(), recorder.sites(), recorder.drew);
    }

    /// Takes values from the handlers around the scan and keeps the sites of a step.
    static final class Recorder implements Interceptor {
        private final Scope around;
        private final ScanStep step;
        private final List<Message> found = new ArrayList<>();
        private boolean drew;

        Recorder(Scope around, ScanStep step) {
            this.around = around;
            this.step = step;
        }

        /// Runs after `seed`, which gives every site of a step a key, as in NumPyro.
        @Override
        public Message process(Message m) {
            switch (m) {
                case Message.Sample s -> {
                    int asked = step.asked();
                    Message.Sample given = around.given(s, step);
                    boolean ofThisStepAlone = given.value() != null && s.value() == null && step.asked() == asked;
                    drew |= (given.value() == null && !given.isObserved()) || ofThisStepAlone;
                    return given;
                }
                case Message.Key _ -> drew = true;
                case Message.Plate p -> drew |= p.value() == null;
                case Message.Param _, Message.Mutable _ ->
                    throw new HandlerException(new Diagnosis(m.label(), "a scan cannot learn anything in its steps")
                            .expected("sample, deterministic, factor and plate inside a scan")
                            .at(m.place())
                            .fix("move the statement in front of the scan and use its value inside."));
                case Message.Deterministic _, Message.Request _ -> {}
            }
            return m;
        }

        @Override
        public Message postprocess(Message m) {
            if (m.isSite()) {
                found.add(m);
            }
            return m;
        }

        List<Site> sites() {
            return found.stream().map(m -> new Site(m, arrays(m))).toList();
        }

        private static List<NDArray> arrays(Message m) {
            if (!(m instanceof Message.Sample s)) {
                return List.of(m.requireValue());
            }
            NDArray checked = s.logProb();
            List<NDArray> out = new ArrayList<>(List.of(s.requireValue(), checked));
            out.add(s.isObserved() ? checked : Validation.without(s::logProb));
            NDArray mask = s.mask();
            out.add(mask == null ? Np.scalar(true) : mask);
            out.add(s.scale());
            out.addAll(Pytree.leaves(s.distribution()));
            return out;
        }
    }

    // ---- all steps

    /// Runs what is left of the steps and joins all of them.
    ///
    /// @param first the first step with its values
    /// @param head  the steps that were traced, none or from the first one on
    /// @param begun steps that were run already
    private Carried<C, Y> finish(Run<C, Y> first, Head<C, Y> head, List<Run<C, Y>> begun, PRNGKey[] keys) {
        List<Run<C, Y>> runs = new ArrayList<>(begun);
        C carry = head.carry();
        for (int t = head.count() + begun.size(); t < length; t++) {
            runs.add(step(carry, slice(t), keys[t], new ScanStep.Known(position(t), length)));
            checkSites(first, runs.getLast(), t);
            carry = runs.getLast().result().carry();
        }
        // Where all steps were traced, the parameters of their distributions may be.
        Run<C, Y> template = head.traced() == null || !runs.isEmpty() ? first : head.traced();
        List<Run<C, Y>> inOrder = steps.reverse() ? runs.reversed() : runs;
        List<NDArray> arrays = joined(head.arrays(), inOrder.stream().map(Run::arrays).toList());
        List<NDArray> outputs = joined(head.outputs(), inOrder.stream().map(r -> Pytree.leaves(r.result().output())).toList());
        List<Boolean> observed = IntStream.range(0, first.sites().size())
                .mapToObj(k -> Stream.concat(Stream.ofNullable(head.traced()), runs.stream()).anyMatch(r -> isObserved(r.sites().get(k))))
                .toList();
        emit(template.sites(), runs.isEmpty() ? first.sites() : runs.getLast().sites(), arrays, observed);
        return new Carried<>(carry, Pytree.withLeaves(template.result().output(), outputs));
    }

    private static boolean isObserved(Site s) {
        return s.message() instanceof Message.Sample m && m.isObserved();
    }

    /// {@return the arrays of steps that lie in one array each, and of those that lie in lists, along a leading axis of steps}
    private static List<NDArray> joined(List<NDArray> head, List<List<NDArray>> tail) {
        if (tail.isEmpty()) {
            return head;
        }
        List<NDArray> behind = stacked(tail);
        return head.isEmpty()
                ? behind
                : IntStream.range(0, behind.size()).mapToObj(k -> Np.concatenate(List.of(head.get(k), behind.get(k)), 0)).toList();
    }

    private static List<NDArray> stacked(List<List<NDArray>> steps) {
        return IntStream.range(0, steps.getFirst().size())
                .mapToObj(k -> Np.stack(steps.stream().map(s -> s.get(k)).toList(), 0))
                .toList();
    }

    private static <C, Y> void checkSites(Run<C, Y> first, Run<C, Y> now, int t) {
        List<String> before = first.sites().stream().map(s -> s.message().name()).toList();
        List<String> after = now.sites().stream().map(s -> s.message().name()).toList();
        if (!before.equals(after) || first.arrays().size() != now.arrays().size()) {
            throw new HandlerException(new Diagnosis("scan", "its steps do not have the same sites")
                    .expected(Names.list(before) + " as in step 0")
                    .got(Names.list(after) + " in step " + t)
                    .at(UserCode.line())
                    .fix("let every step make the same statements with the same distributions; mask those that do not count."));
        }
    }

    /// The first steps, whose sites all have values, as one operation.
    private Head<C, Y> traced(List<NDArray> series, int count) {
        List<NDArray> whole = new ArrayList<>();
        Stream.concat(Pytree.leaves(xs).stream(), series.stream())
                .forEach(x -> whole.add(x.size(0) == count ? x : x.get(Index.slice(0, count))));
        int own = whole.size() - series.size();
        List<Run<C, Y>> last = new ArrayList<>();
        List<List<NDArray>> slices = new ArrayList<>();
        Carried<C, List<NDArray>> out = Control.scan(
                (C c, List<NDArray> read) -> {
                    X x = Pytree.withLeaves(xs, read.subList(0, own));
                    Run<C, Y> run = step(c, x, null, new ScanStep.Any(read.subList(own, read.size()), length));
                    last.add(run);
                    slices.add(read);
                    List<NDArray> written = new ArrayList<>(run.arrays());
                    written.addAll(Pytree.leaves(run.result().output()));
                    return new Carried<>(run.result().carry(), written);
                },
                init,
                whole,
                steps);
        Run<C, Y> run = last.getLast();
        List<NDArray> inStep = run.arrays();
        List<NDArray> stacked = new ArrayList<>(out.output().subList(0, inStep.size()));
        for (int k = 0; k < stacked.size(); k++) {
            int read = slices.getLast().indexOf(inStep.get(k));
            if (read >= 0) {
                // What a step read is there already.
                stacked.set(k, whole.get(read));
            }
        }
        return new Head<>(out.carry(), count, run, stacked, out.output().subList(inStep.size(), out.output().size()));
    }

    /// Sends the sites, now of all steps, to the handlers around the scan.
    ///
    /// @param others the sites of another step, to compare the supports
    private void emit(List<Site> sites, List<Site> others, List<NDArray> stacked, List<Boolean> observed) {
        var plates = new LinkedHashMap<String, Message>();
        int at = 0;
        for (int k = 0; k < sites.size(); k++) {
            Message m = sites.get(k).message();
            List<NDArray> own = stacked.subList(at, at + sites.get(k).arrays().size());
            at += own.size();
            switch (m) {
                case Message.Sample s -> scope.emit(series(s, (Message.Sample) others.get(k).message(), own, observed.get(k)));
                case Message.Deterministic d -> scope.emit(d.withValue(own.getFirst()));
                case Message.Plate p -> {
                    if (plates.putIfAbsent(p.name(), p) == null) {
                        scope.emit(p);
                    }
                }
                case Message.Param _, Message.Mutable _, Message.Request _ -> throw new IllegalStateException(m.label());
            }
        }
    }

    /// {@return whether both have the same known support}
    private static boolean sameSupport(Distribution a, Distribution b) {
        List<NDArray> x = Pytree.leaves(a.support());
        List<NDArray> y = Pytree.leaves(b.support());
        boolean same = x.size() == y.size();
        for (int k = 0; same && k < x.size(); k++) {
            same = x.get(k) == y.get(k)
                    || (x.get(k).isKnown() && y.get(k).isKnown() && Arrays.equals(x.get(k).toDoubleArray(), y.get(k).toDoubleArray()));
        }
        return same;
    }

    /// {@return a mask or scale of the steps, with the axes of the batch of a step}
    private static NDArray spread(NDArray x, Distribution step) {
        int[] dims = new int[1 + step.batchShape().rank()];
        Arrays.fill(dims, 1);
        dims[0] = x.size(0);
        for (int a = 1; a < x.rank(); a++) {
            dims[dims.length - a] = x.size(-a);
        }
        return x.reshape(Shape.of(dims));
    }

    private Message.Sample series(Message.Sample s, Message.Sample other, List<NDArray> arrays, boolean isObserved) {
        Distribution d = s.distribution();
        NDArray mask = s.mask() == null ? null : spread(arrays.get(3), d);
        NDArray scale = s.scale() == Message.Sample.ONE ? null : spread(arrays.get(4), d);
        var computed = new SeriesDistribution.Computed(arrays.get(0), arrays.get(1), arrays.get(2), mask, scale,
                sameSupport(d, other.distribution()) ? d.support() : null, d.isDiscrete());
        Distribution steps = Pytree.withLeaves(d, arrays.subList(5, arrays.size()));
        return new Message.Sample(
                s.name(),
                new SeriesDistribution(steps, length, d.batchShape(), d.eventShape(), computed),
                arrays.get(0),
                isObserved,
                null,
                Message.Sample.ONE,
                null,
                s.infer(),
                s.plates(),
                false,
                s.origin());
    }
}
