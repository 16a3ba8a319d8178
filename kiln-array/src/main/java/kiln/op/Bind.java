package kiln.op;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.graph.Traced;
import kiln.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// Where every operation goes through: computed at once if all operands are known, else recorded in the innermost trace.
public final class Bind {
    private Bind() {}

    /// {@return the result of an operation}
    public static NDArray apply(Op op, NDArray... in) {
        return apply(op, List.of(in));
    }

    /// {@return the result of an operation}
    public static NDArray apply(Op op, List<NDArray> in) {
        Tracer tracer = innermost(in);
        if (tracer != null) {
            return tracer.record(op, in);
        }
        NDArray repeated = op instanceof BroadcastTo b ? Tracer.repeated(b, in) : null;
        if (repeated != null) {
            return repeated;
        }
        var known = new ArrayList<Dense>(in.size());
        for (NDArray x : in) {
            known.add(x.known());
        }
        return op.eval(known);
    }

    /// {@return the results of an operation with several}
    public static List<NDArray> apply(TupleOp op, List<NDArray> in) {
        Tracer tracer = innermost(in);
        if (tracer != null) {
            return tracer.record(op, in);
        }
        return List.copyOf(op.eval(in.stream().map(NDArray::known).toList()));
    }

    private static @Nullable Tracer innermost(List<NDArray> in) {
        Tracer found = null;
        for (NDArray x : in) {
            if (x instanceof Traced t && (found == null || t.tracer().level() > found.level())) {
                found = t.tracer();
            }
        }
        return found;
    }
}
