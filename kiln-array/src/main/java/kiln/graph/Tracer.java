package kiln.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.TracedValueException;
import kiln.array.UserCode;
import kiln.op.BroadcastTo;
import kiln.op.Op;
import kiln.op.TupleOp;
import org.jspecify.annotations.Nullable;

/// Runs a function on traced arguments and records what it does as a [Graph].
///
/// Traces nest: a transform inside a traced function traces its own argument one level deeper. Values of an outer trace that
/// the inner function captures become further parameters of the inner graph, so every graph is closed.
///
/// A trace may know at which arguments the function is to be run: [#traceAt]. There the function may branch on its values; the graph is
/// that of one path, and every value that decided about it is reported as a [Guard].
public final class Tracer {
    private static final ScopedValue<Tracer> RUNNING = ScopedValue.newInstance();
    /// Elements from which on a repeated number is not kept as an array.
    private static final int LARGE = 1024;

    private final int level;
    private final String purpose;
    private final boolean recordsOrigin;
    private final List<Node.Parameter> parameters = new ArrayList<>();
    private final List<NDArray> captured = new ArrayList<>();
    private final Map<Object, Node> lifted = new IdentityHashMap<>();
    private final @Nullable Readings readings;
    private boolean finished;

    private Tracer(int level, String purpose, boolean recordsOrigin, @Nullable Readings readings) {
        this.level = level;
        this.purpose = purpose;
        this.recordsOrigin = recordsOrigin;
        this.readings = readings;
    }

    /// The result of tracing a function.
    ///
    /// @param graph    the function; its parameters are those of the function, then one per captured value
    /// @param captured values of outer traces that the function uses
    public record Closure(Graph graph, List<NDArray> captured) {
        /// {@return the arguments for the graph: the given ones, then the captured values}
        public List<NDArray> arguments(List<? extends NDArray> own) {
            var all = new ArrayList<NDArray>(own);
            all.addAll(captured);
            return all;
        }
    }

    /// Traces a function of the user.
    ///
    /// @param purpose  the transform that asks, for messages: `jit`, `grad`, …
    /// @param types    types of the arguments
    /// @param function the function, run once on traced arguments
    /// @return the function as a graph
    public static Closure trace(String purpose, List<Aval> types, Function<List<NDArray>, List<NDArray>> function) {
        return trace(purpose, types, function, true, null);
    }

    /// Traces a function of the user along the path that it takes at given arguments.
    ///
    /// @param purpose   the transform that asks, for messages
    /// @param types     types of the arguments
    /// @param arguments where the function is to be run; they may be traced values of an outer trace
    /// @param onRead    is told every value that the function reads, before it goes on; nested transforms report to the outermost
    ///                  trace whose values they read
    /// @param function  the function, run once on traced arguments
    /// @return the path as a graph: right for all arguments at which the values that were read are the same
    public static Closure traceAt(
            String purpose,
            List<Aval> types,
            List<? extends NDArray> arguments,
            BiConsumer<Guard, Traced> onRead,
            Function<List<NDArray>, List<NDArray>> function) {
        return trace(purpose, types, function, true, new Readings(List.copyOf(arguments), onRead));
    }

    /// Builds a graph from rules; the lines of the rules are nobody's origin.
    ///
    /// @param types    types of the arguments
    /// @param function the rules, of their arguments alone
    /// @throws DomainException if they use other values: a user's derivative rule has captured one of a function that is traced around it
    public static Graph build(List<Aval> types, Function<List<NDArray>, List<NDArray>> function) {
        Closure closure = closure(types, function);
        if (!closure.captured.isEmpty()) {
            throw new DomainException(new Diagnosis("a derivative rule", "it uses a value that the function around it computes")
                    .got(closure.captured.getFirst().toString())
                    .at(UserCode.line())
                    .fix("pass the value as part of the argument of the function that has the rule."));
        }
        return closure.graph;
    }

    /// Builds a graph from rules that may use values of the traces around.
    ///
    /// @param types    types of the arguments
    /// @param function the rules
    /// @return the graph with what it captured
    public static Closure closure(List<Aval> types, Function<List<NDArray>, List<NDArray>> function) {
        return trace("a transform", types, function, false, null);
    }

    private static Closure trace(
            String purpose,
            List<Aval> types,
            Function<List<NDArray>, List<NDArray>> function,
            boolean recordsOrigin,
            @Nullable Readings readings) {
        int level = RUNNING.isBound() ? RUNNING.get().level + 1 : 0;
        var tracer = new Tracer(level, purpose, recordsOrigin, readings);
        List<NDArray> arguments = new ArrayList<>();
        for (Aval type : types) {
            arguments.add(new Traced(tracer, tracer.parameter(type)));
        }
        try {
            List<NDArray> results = ScopedValue.where(RUNNING, tracer).call(() -> function.apply(arguments));
            List<Node> outputs = Lists.map(results, tracer::lift);
            return new Closure(new Graph(tracer.parameters, outputs), List.copyOf(tracer.captured));
        } finally {
            tracer.finished = true;
        }
    }

    /// {@return how deep this trace is nested; the outermost is 0}
    public int level() {
        return level;
    }

    /// {@return the transform that traces, for messages}
    public String purpose() {
        return purpose;
    }

    /// Refuses a value whose function has returned: it was stored somewhere while the function was traced.
    ///
    /// @throws TracedValueException if the function that this traces has returned
    void requireRunning(NDArray value) {
        if (finished) {
            throw new TracedValueException(
                    new Diagnosis("using a traced value", "the function that " + purpose + " traced has returned")
                            .got(value.toString())
                            .at(UserCode.line())
                            .fix("return the value from the function instead of storing it."),
                    value);
        }
    }

    /// {@return the numbers of one of this trace's values at the arguments that it is traced at, or of one that depends on no argument;
    /// null if they are not known}
    @Nullable Dense read(Traced value) {
        if (readings != null) {
            return readings.read(value, parameters, captured);
        }
        var alone = new Graph(List.of(), List.of(value.node()));
        boolean isConstant = !(value.node() instanceof Node.Parameter)
                && alone.nodes().stream().flatMap(n -> n.operands().stream()).noneMatch(Node.Parameter.class::isInstance);
        return isConstant ? alone.eval(List.of()).getFirst() : null;
    }

    /// A number repeated in a large array while rules build a graph stays a number there: rules repeat thousands of zeros and ones.
    ///
    /// @return the traced array; null where it is to be made in memory
    public static @Nullable NDArray repeated(BroadcastTo op, List<NDArray> in) {
        boolean large = op.shape().size() >= LARGE && in.getFirst().size() == 1;
        return large && RUNNING.isBound() && !RUNNING.get().recordsOrigin ? RUNNING.get().record(op, in) : null;
    }

    /// Records an operation at least one of whose operands belongs to this trace.
    ///
    /// @return the traced result
    public NDArray record(Op op, List<NDArray> in) {
        for (NDArray x : in) {
            if (x instanceof Traced t && t.tracer() == this) {
                requireRunning(t);
            }
        }
        List<Node> inputs = Lists.map(in, this::lift);
        Aval type = op.type(Node.types(inputs));
        return new Traced(this, new Node.Apply(op, inputs, type, recordsOrigin ? new UserCode.Place() : null));
    }

    /// Records an operation with several results at least one of whose operands belongs to this trace.
    ///
    /// @return the traced results
    public List<NDArray> record(TupleOp op, List<NDArray> in) {
        List<Node> inputs = Lists.map(in, this::lift);
        List<Aval> types = op.types(Node.types(inputs));
        var call = new Node.Call(op, inputs, types, recordsOrigin ? new UserCode.Place() : null);
        return call.results().stream().<NDArray>map(r -> new Traced(this, r)).toList();
    }

    private Node.Parameter parameter(Aval type) {
        var p = new Node.Parameter(parameters.size(), type);
        parameters.add(p);
        return p;
    }

    private Node lift(NDArray x) {
        if (!(x instanceof Traced t)) {
            return constant(x.known());
        }
        if (t.tracer() == this) {
            return t.node();
        }
        return lifted.computeIfAbsent(t.node(), _ -> {
            t.tracer().requireRunning(t);
            captured.add(t);
            return parameter(t.aval());
        });
    }

    /// A large array of equal numbers, as a number becomes that meets an array, is kept as the number.
    private Node constant(Dense known) {
        Dense number = known.size() < LARGE ? null : known.repeated();
        return number == null
                ? lifted.computeIfAbsent(known, _ -> new Node.Constant(known))
                : new Node.Apply(new BroadcastTo(known.shape()), List.of(new Node.Constant(number)), known.aval(), null);
    }
}
