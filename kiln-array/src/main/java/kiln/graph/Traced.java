package kiln.graph;

import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.TracedValueException;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// A value inside a function that is being traced: its type is known, its numbers are not, unless the trace is one of a path.
@SuppressWarnings("serial")
public final class Traced extends NDArray {
    private final Tracer tracer;
    private final Node node;

    Traced(Tracer tracer, Node node) {
        this.tracer = tracer;
        this.node = node;
    }

    /// {@return the trace it belongs to}
    public Tracer tracer() {
        return tracer;
    }

    /// {@return its node in the graph}
    public Node node() {
        return node;
    }

    @Override
    public Aval aval() {
        return node.aval();
    }

    @Override
    public boolean isKnown() {
        return false;
    }

    @Override
    public Dense known() {
        tracer.requireRunning(this);
        Dense atArguments = tracer.read(this);
        if (atArguments != null) {
            return atArguments;
        }
        throw new TracedValueException(
                new Diagnosis("reading a traced value", "its numbers are not known while " + tracer.purpose() + " traces the function")
                        .got(toString())
                        .at(UserCode.line())
                        .fix("choose both ways with where(condition, a, b), or run the function without " + tracer.purpose() + "."),
                this);
    }

    @Override
    public String toString() {
        return "traced " + description(node);
    }

    /// {@return type and origin of a node, for messages: `bool[] made by greater, Model.java:12`}
    static String description(Node node) {
        String made = switch (node) {
            case Node.Parameter p -> ", argument " + p.index() + " of the traced function";
            case Node.Constant _ -> ", a constant";
            case Node.Apply a -> made(a.op().label(), a.origin());
            case Node.Result r -> made(r.call().op().label(), r.call().origin());
        };
        return node.aval() + made;
    }

    private static String made(String label, UserCode.@Nullable Place origin) {
        String line = origin == null ? "" : origin.line();
        return " made by " + label + (line.isEmpty() ? "" : ", " + line);
    }
}
