package kiln.model;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.TracedValueException;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Unit;
import kiln.dist.constraint.Constraint;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.model.handler.Seed;
import org.jspecify.annotations.Nullable;

/// One run of a model under some handlers: the context in which its statements are carried out.
///
/// Scopes nest: the messages of an inner scope travel on through the plates and handlers of the outer one. A thread that the
/// model starts has no scope; it has to run a model of its own.
public final class Scope {
    private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();

    private final @Nullable Scope outer;
    private final List<Interceptor> interceptors;
    /// Open plates, the innermost first.
    private final Deque<Plate> plates = new ArrayDeque<>();
    /// The first plate of every name in this run: opened again, it looks at the same copies.
    private final Map<String, Plate> opened = new HashMap<>();
    /// The random variables of this run so far, to name a value that was read while it is being traced.
    private final List<Message.Sample> drawn = new ArrayList<>();

    /// Whether it is a step of a scan.
    private final boolean isStep;

    private Scope(@Nullable Scope outer, List<Interceptor> interceptors, boolean isStep) {
        this.outer = outer;
        this.interceptors = interceptors;
        this.isStep = isStep;
    }

    /// Runs a model once.
    ///
    /// @param handlers listed from the model outwards
    /// @throws HandlerException if the model leaves a plate open
    static void run(Model model, List<Handler> handlers) {
        List<Interceptor> interceptors = handlers.stream().map(Handler::open).toList();
        new Scope(CURRENT.isBound() ? CURRENT.get() : null, interceptors, false).run(model::run);
        interceptors.forEach(Interceptor::finish);
    }

    private void run(Runnable program) {
        ScopedValue.where(CURRENT, this).run(() -> {
            try {
                program.run();
            } catch (TracedValueException e) {
                throw TracedReads.named(e, drawn);
            }
        });
        checkClosed();
    }

    /// {@return the scope of the model that is running}
    ///
    /// @throws HandlerException if no model is running under handlers
    public static Scope current() {
        return current("a statement of a model");
    }

    static Scope current(String statement) {
        if (!CURRENT.isBound()) {
            throw new HandlerException(new Diagnosis(statement, "there is no handler around the model, so nothing says what to do")
                    .at(UserCode.line())
                    .fix("run the model under handlers, trace(model, seed(0)), or pass it to an algorithm, new NUTS(model)."));
        }
        return CURRENT.get();
    }

    // ---- the statements

    /// See [Primitives#sample(String, Distribution, Number, SampleOption...)].
    public NDArray sample(String name, Distribution distribution, @Nullable Number obs, SampleOption... options) {
        Distribution d = distribution;
        Infer infer = Infer.NONE;
        PRNGKey key = null;
        NDArray seen = null;
        for (SampleOption option : options) {
            switch (option) {
                case SampleOption.ObsMask(NDArray mask) -> seen = mask.dtype() == DType.BOOL ? mask : mask.ne(0);
                case SampleOption.Hints(Infer hints) -> infer = hints;
                case SampleOption.SampleShape(Shape shape) -> d = d.expand(shape.then(d.batchShape()));
                case SampleOption.Key(PRNGKey own) -> key = own;
            }
        }
        NDArray value = obs == null ? null : NDArray.as(obs);
        if (seen == null) {
            return statement(name, d, value, null, infer, key);
        }
        NDArray observed = statement(name + "_observed", d, value, seen, infer, key);
        NDArray unobserved = statement(name + "_unobserved", d, null, Np.logicalNot(seen), infer, key);
        int[] ones = new int[d.eventShape().rank()];
        Arrays.fill(ones, 1);
        NDArray elements = seen.reshape(seen.shape().then(Shape.of(ones)));
        return deterministic(name, Np.where(elements, observed, unobserved));
    }

    private NDArray statement(
            String name, Distribution d, @Nullable NDArray value, @Nullable NDArray mask, Infer infer, @Nullable PRNGKey key) {
        return apply(new Message.Sample(
                        name, d, value, value != null, key, Message.Sample.ONE, mask, infer, List.of(), false, origin()))
                .requireValue();
    }

    /// See [Primitives#param(String, Number, Constraint, ParamOption...)].
    public NDArray param(String name, ParamInit init, Constraint constraint, ParamOption... options) {
        if (init instanceof ParamInit.Given(NDArray start)) {
            checkStart(name, start, constraint);
        }
        OptionalInt eventDim = OptionalInt.empty();
        for (ParamOption option : options) {
            eventDim = switch (option) {
                case ParamOption.EventDim(int dims) -> OptionalInt.of(dims);
            };
        }
        return apply(new Message.Param(name, init, constraint, eventDim, null, List.of(), false, origin())).requireValue();
    }

    private static void checkStart(String name, NDArray start, Constraint constraint) {
        if (start.isKnown() && !Np.all(constraint.check(start)).isTrue()) {
            throw new DomainException(new Diagnosis("param(\"" + name + "\")", "the initial value must be " + constraint.description())
                    .got(Sites.brief(start))
                    .at(UserCode.line())
                    .fix("start from a value inside the constraint, or leave the constraint out."));
        }
    }

    /// See [Primitives#mutable].
    public MutableState mutable(String name, Number init) {
        var made = apply(new Message.Mutable(name, new MutableState(NDArray.as(init)), List.of(), false, origin()));
        // A handler that turns it into something else fixes its value for this run.
        return made instanceof Message.Mutable m ? m.state() : new MutableState(made.requireValue());
    }

    /// See [Primitives#deterministic].
    public NDArray deterministic(String name, Number value) {
        return apply(new Message.Deterministic(name, NDArray.as(value), List.of(), false, origin())).requireValue();
    }

    /// See [Primitives#factor].
    public void factor(String name, Number logFactor) {
        Infer infer = Infer.NONE.auxiliary(true);
        apply(new Message.Sample(
                name, new Unit(logFactor), null, true, null, Message.Sample.ONE, null, infer, List.of(), false, origin()));
    }

    /// See [Primitives#getMask].
    public Optional<NDArray> getMask() {
        return apply(new Message.MaskInForce(null, origin())) instanceof Message.MaskInForce(NDArray mask, _)
                ? Optional.ofNullable(mask)
                : Optional.empty();
    }

    /// See [Primitives#subsample].
    public NDArray subsample(Number data, int eventDim) {
        NDArray rows = NDArray.as(data);
        for (Scope s = this; s != null; s = s.outer) {
            for (Plate p : s.plates) {
                rows = p.rows("subsample", rows, eventDim);
            }
        }
        return rows;
    }

    /// See [Primitives#prngKey].
    public PRNGKey prngKey() {
        if (apply(new Message.Key(null, origin())) instanceof Message.Key(PRNGKey key, _) && key != null) {
            return key;
        }
        throw new HandlerException(new Diagnosis("prngKey()", "no handler gives random keys")
                .at(UserCode.line())
                .fix("add seed(0) to the handlers: trace(model, seed(0))."));
    }

    /// See [Primitives#plate].
    @MustBeClosed
    @SuppressWarnings("exports") // the annotation is for the checker only
    public Plate plate(String name, int size, PlateOption... options) {
        Integer wished = null;
        int count = size;
        for (PlateOption option : options) {
            switch (option) {
                case PlateOption.Dim(int dim) -> wished = dim;
                case PlateOption.SubsampleSize(int n) -> count = n;
            }
        }
        String who = "plate(\"" + name + "\")";
        if (size < 1 || count < 1 || count > size || (wished != null && wished >= 0)) {
            throw new DomainException(new Diagnosis(who, "a plate cannot have these sizes or this axis")
                    .expected("size ≥ 1, subsample size from 1 to size, dim ≤ -1")
                    .got("size " + size + ", subsample size " + count + (wished == null ? "" : ", dim " + wished))
                    .at(UserCode.line()));
        }
        NDArray indices = count == size ? Np.arange(size) : null;
        Plate before = opened.get(name);
        if (before != null) {
            if (before.frame().size() != size || before.frame().subsampleSize() != count) {
                throw new HandlerException(new Diagnosis(who, "there is a plate of this name with another size already")
                        .expected("the sizes of " + before.described())
                        .got(new PlateFrame(name, -1, size, count).toString())
                        .at(UserCode.line())
                        .fix("give each its own name."));
            }
            indices = before.indices();
        }
        Message m = apply(new Message.Plate(name, size, count, indices, null, List.of(), false, origin()));
        int dim = wished != null ? wished : -1;
        for (boolean searching = true; searching; ) {
            searching = false;
            for (PlateFrame p : m.plates()) {
                if (p.dim() == dim && wished != null) {
                    throw new HandlerException(new Diagnosis(who, "the plate " + p + " has this axis already")
                            .got("dim(" + dim + ")")
                            .at(m.place())
                            .fix("choose another axis, or leave dim out to get the first free one."));
                }
                if (p.dim() == dim) {
                    dim--;
                    searching = true;
                }
            }
        }
        var plate = new Plate(this, new PlateFrame(name, dim, size, count), m);
        plates.push(plate);
        opened.putIfAbsent(name, plate);
        return plate;
    }

    /// See [Primitives#plateStack].
    @MustBeClosed
    @SuppressWarnings({"exports", "MustBeClosedChecker"}) // the stack closes them
    public PlateStack plateStack(String prefix, int[] sizes, int rightmostDim) {
        List<Plate> open = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            open.add(plate(prefix + "_" + i, sizes[sizes.length - 1 - i], new PlateOption.Dim(rightmostDim - i)));
        }
        return new PlateStack(open);
    }

    private static Optional<StackWalker.StackFrame> origin() {
        return UserCode.frame();
    }

    // ---- scans

    /// See [Primitives#scan].
    <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs, int length, Control.Steps steps) {
        for (Scope s = this; s != null; s = s.outer) {
            if (s.isStep || !s.plates.isEmpty()) {
                throw new HandlerException(new Diagnosis("scan", s.isStep ? "a scan cannot stand inside a scan" : "a scan cannot stand inside a plate")
                        .got(s.isStep ? "a scan in a step of another" : "plate " + s.plates.getFirst().described())
                        .at(UserCode.line())
                        .fix(s.isStep
                                ? "write the inner loop as a Java for, or put its variables into one site of a step."
                                : "open the plate inside the scan, around the statements of a step."));
            }
        }
        return new Scanning<>(this, f, init, xs, length, steps).run();
    }

    /// {@return a fresh key from the handlers, if one of them gives keys}
    Optional<PRNGKey> key() {
        return apply(new Message.Key(null, origin())) instanceof Message.Key(PRNGKey key, _) ? Optional.ofNullable(key) : Optional.empty();
    }

    /// {@return a site of a step of a scan with what the handlers around the scan give it}
    Message.Sample given(Message.Sample site, ScanStep step) {
        Message.Sample m = site;
        for (Interceptor i : path()) {
            m = m.isStopped() ? m : i.inScan(m, step);
        }
        NDArray value = m.value();
        if (value == null) {
            return site.isObserved() && !m.isObserved() ? site.withoutObservation() : site;
        }
        return m.isObserved() ? site.withObserved(value) : site.withValue(value);
    }

    /// Runs a step of a scan, whose statements do not reach the handlers around the scan.
    static void step(Runnable body, @Nullable PRNGKey key, Interceptor recorder) {
        List<Interceptor> path = new ArrayList<>();
        if (key != null) {
            path.add(new Seed(key, Set.of()).open());
        }
        path.add(recorder);
        var scope = new Scope(null, path, true);
        scope.run(body);
    }

    /// Sends a site of all steps of a scan to the handlers around it.
    void emit(Message message) {
        apply(message);
    }

    // ---- messages

    private List<Interceptor> path() {
        List<Interceptor> path = new ArrayList<>();
        for (Scope s = this; s != null; s = s.outer) {
            for (Plate p : s.plates) {
                path.add(new InPlate(p));
            }
            path.addAll(s.interceptors);
        }
        return path;
    }

    /// Sends a message outwards until it is stopped, carries it out, and sends it back.
    private Message apply(Message message) {
        List<Interceptor> path = path();
        Message m = message;
        int visited = 0;
        while (visited < path.size() && !m.isStopped()) {
            m = path.get(visited++).process(m);
        }
        m = carriedOut(m, path.subList(visited, path.size()));
        for (int i = visited - 1; i >= 0; i--) {
            m = path.get(i).postprocess(m);
        }
        if (m instanceof Message.Sample s) {
            drawn.add(s);
        }
        return m;
    }

    private record InPlate(Plate plate) implements Interceptor {
        @Override
        public Message process(Message message) {
            return plate.process(message);
        }

        @Override
        public Message postprocess(Message message) {
            return plate.postprocess(message);
        }
    }

    private static Message carriedOut(Message message, List<Interceptor> beyond) {
        if (message instanceof Message.Sample s) {
            return drawn(s, beyond);
        }
        if (message instanceof Message.Plate p) {
            return indexed(p, beyond);
        }
        return message instanceof Message.Param p && p.value() == null ? p.withValue(started(p)) : message;
    }

    private static NDArray started(Message.Param p) {
        return switch (p.init()) {
            case ParamInit.Given(NDArray value) -> value;
            case ParamInit.Drawn(_, Supplier<NDArray> draw) -> {
                NDArray value = draw.get();
                checkStart(p.name(), value, p.constraint());
                yield value;
            }
        };
    }

    private static Message.Sample drawn(Message.Sample s, List<Interceptor> beyond) {
        Distribution d = s.distribution();
        Message.Sample out;
        if (s.value() != null) {
            Sites.checkShape(s, s.value().shape());
            out = s;
        } else if (s.isObserved()) {
            // A factor: its only value is the empty one.
            out = s.withValue(Np.full(d.batchShape().then(d.eventShape()), 0));
        } else {
            PRNGKey key = s.key() != null ? s.key() : keyFrom(beyond, s);
            if (key == null) {
                throw new HandlerException(new Diagnosis(s.label(), "there is neither a value nor a random key to draw one with")
                        .got(Sites.describe(d))
                        .at(s.place())
                        .fix("add seed(0) to the handlers, or give the value: condition(Map.of(\"" + s.name() + "\", …))."));
            }
            out = s.withValue(d.sample(key, Shape.SCALAR));
        }
        Sites.checkFactors(out);
        return out;
    }

    private static Message.Plate indexed(Message.Plate p, List<Interceptor> beyond) {
        if (p.value() != null) {
            if (!p.value().shape().equals(Shape.of(p.subsampleSize()))) {
                throw Sites.indexShape(p, p.value().shape());
            }
            return p;
        }
        PRNGKey key = p.key() != null ? p.key() : keyFrom(beyond, p);
        if (key == null) {
            throw new HandlerException(new Diagnosis(p.label(), "a subsampled plate needs a random key to draw its indices with")
                    .got("subsample size " + p.subsampleSize() + " of " + p.size())
                    .at(p.place())
                    .fix("add seed(0) to the handlers; NUTS and HMC need all the data, so leave subsampleSize out for them."));
        }
        return p.withValue(key.subset(p.size(), p.subsampleSize()));
    }

    /// A message that was stopped has not seen the handlers further out; a key it lacks comes from them all the same.
    private static @Nullable PRNGKey keyFrom(List<Interceptor> beyond, Message m) {
        Message request = new Message.Key(null, m.origin());
        for (Interceptor i : beyond) {
            request = i.process(request);
        }
        return request instanceof Message.Key(PRNGKey key, _) ? key : null;
    }

    // ---- plates

    void close(Plate plate) {
        if (plates.peek() != plate) {
            throw new HandlerException(new Diagnosis("plate(\"" + plate.frame().name() + "\")", "only the plate opened last can be closed")
                    .expected(plates.isEmpty() ? "no plate is open" : "plate " + plates.peek().frame() + " first")
                    .got("plate " + plate.frame())
                    .at(UserCode.line())
                    .fix("open plates in try (var _ = plate(…)) { … }, which closes them in order."));
        }
        plates.pop();
    }

    private void checkClosed() {
        if (!plates.isEmpty()) {
            PlateFrame p = plates.peek().frame();
            String open = plates.reversed().stream().map(Plate::described).collect(Collectors.joining(", "));
            throw new HandlerException(new Diagnosis(
                            "the model", plates.size() + (plates.size() == 1 ? " plate was" : " plates were") + " left open")
                    .got(open)
                    .at(UserCode.line())
                    .fix("open it for a block: try (var _ = plate(\"" + p.name() + "\", " + p.size() + ")) { … }."));
        }
    }
}
