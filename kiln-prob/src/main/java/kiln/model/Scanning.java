package kiln.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
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
/// The first step is run to see which of its sites get values for all steps from the handlers around the scan. If every site does, the
/// body is traced once and the loop is an operation of the graph. If one has to be drawn, the steps are run one after the other.
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
        boolean whole = known.series().stream().allMatch(s -> s.size(0) == length);
        return first.drew() || !whole ? loop(first, keys) : traced(known.series(), first.sites());
    }

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

    private Carried<C, Y> loop(Run<C, Y> first, PRNGKey[] keys) {
        List<Run<C, Y>> runs = new ArrayList<>(List.of(first));
        for (int t = 1; t < length; t++) {
            runs.add(step(runs.getLast().result().carry(), slice(t), keys[t], new ScanStep.Known(position(t), length)));
            checkSites(first, runs.getLast(), t);
        }
        List<Run<C, Y>> inOrder = steps.reverse() ? runs.reversed() : runs;
        List<NDArray> stacked = stacked(inOrder.stream().map(Run::arrays).toList());
        List<Boolean> observed = IntStream.range(0, first.sites().size())
                .mapToObj(k -> runs.stream().anyMatch(r -> r.sites().get(k).message() instanceof Message.Sample s && s.isObserved()))
                .toList();
        emit(first.sites(), runs.getLast().sites(), stacked, observed);
        Y y = first.result().output();
        List<NDArray> outputs = stacked(inOrder.stream().map(r -> Pytree.leaves(r.result().output())).toList());
        return new Carried<>(runs.getLast().result().carry(), Pytree.withLeaves(y, outputs));
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

    private Carried<C, Y> traced(List<NDArray> series, List<Site> first) {
        List<NDArray> whole = new ArrayList<>(Pytree.leaves(xs));
        int own = whole.size();
        whole.addAll(series);
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
        emit(run.sites(), first, stacked, run.sites().stream().map(s -> s.message() instanceof Message.Sample m && m.isObserved()).toList());
        return new Carried<>(
                out.carry(), Pytree.withLeaves(run.result().output(), out.output().subList(inStep.size(), out.output().size())));
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
