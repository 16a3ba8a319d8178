package kiln.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.compile.Slot;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;

/// A log density that was traced, differentiated and compiled: what a user could have written by hand.
///
/// The position is a vector in which the arrays of the function lie one after the other.
final class CompiledDensity implements LogDensity {
    private final int dimension;
    private final Executable executable;
    private final ThreadLocal<double[]> value = ThreadLocal.withInitial(() -> new double[1]);

    private CompiledDensity(int dimension, Executable executable) {
        this.dimension = dimension;
        this.executable = executable;
    }

    /// Compiles a function of arrays.
    ///
    /// @param purpose the method that asks, for messages
    /// @param shapes  shapes of the arrays, in the order in which they lie in the position
    /// @param density the log density, a scalar
    static CompiledDensity of(String purpose, List<Shape> shapes, Function<List<NDArray>, NDArray> density) {
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
        return new CompiledDensity(offset, Executable.compile(Derivatives.valueAndGrad(value), in, out));
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        double[] result = value.get();
        executable.run(position, gradient, result);
        return result[0];
    }

    @Override
    public String explain() {
        return executable.explain();
    }
}
