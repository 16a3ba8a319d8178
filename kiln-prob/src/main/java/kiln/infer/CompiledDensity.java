package kiln.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.compile.Guards;
import kiln.compile.Options;
import kiln.compile.Slot;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// A log density that was traced, differentiated and compiled: what a user could have written by hand.
///
/// The position is a vector in which the arrays of the function lie one after the other.
final class CompiledDensity implements LogDensity {
    private final int dimension;
    private final Executable executable;
    private final ThreadLocal<Evaluation> evaluation;

    private CompiledDensity(int dimension, Executable executable, @Nullable Supplier<Executable> guarded) {
        this.dimension = dimension;
        this.executable = executable;
        this.evaluation = ThreadLocal.withInitial(() -> new Evaluation(executable.worker(), guarded));
    }

    /// What one thread computes with.
    private static final class Evaluation {
        private final Executable.Worker worker;
        private final @Nullable Supplier<Executable> guarded;
        private final double[] value = new double[1];
        private Executable.@Nullable Worker careful;

        Evaluation(Executable.Worker worker, @Nullable Supplier<Executable> guarded) {
            this.worker = worker;
            this.guarded = guarded;
        }

        double at(double[] position, double[] gradient) {
            worker.run(position, gradient, value);
            if (Double.isNaN(value[0]) && guarded != null) {
                if (careful == null) {
                    careful = guarded.get().worker();
                }
                careful.run(position, gradient, value);
            }
            return value[0];
        }
    }

    /// Compiles a function of arrays.
    ///
    /// @param purpose the method that asks, for messages
    /// @param shapes  shapes of the arrays, in the order in which they lie in the position
    /// @param density the log density, a scalar
    /// @param options what the compiler may do
    static CompiledDensity of(String purpose, List<Shape> shapes, Function<List<NDArray>, NDArray> density, Options options) {
        List<Aval> types = shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList();
        Graph value = Tracer.trace(purpose, types, x -> List.of(density.apply(x).astype(DType.FLOAT64))).graph();
        List<Slot> in = new ArrayList<>();
        List<Slot> out = new ArrayList<>();
        out.add(new Slot(2, 0));
        int offset = 0;
        for (Shape shape : shapes) {
            in.add(new Slot(0, offset));
            out.add(new Slot(1, offset));
            offset += shape.size();
        }
        Optional<Graph> unguarded = Guards.remove(value);
        return new CompiledDensity(
                offset,
                Executable.compile(Derivatives.valueAndGrad(unguarded.orElse(value)), in, out, options),
                unguarded.isEmpty() ? null : new Lazy(() -> Executable.compile(Derivatives.valueAndGrad(value), in, out, options)));
    }

    /// The density with all its guards, compiled when it is first needed.
    private static final class Lazy implements Supplier<Executable> {
        private final Supplier<Executable> maker;
        private @Nullable Executable made;

        Lazy(Supplier<Executable> maker) {
            this.maker = maker;
        }

        @Override
        public synchronized Executable get() {
            if (made == null) {
                made = maker.get();
            }
            return made;
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        return evaluation.get().at(position, gradient);
    }

    @Override
    public String explain() {
        return executable.explain();
    }
}
