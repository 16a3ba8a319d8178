package kiln.compile;

import java.util.Optional;
import java.util.function.Supplier;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.graph.Node;
import kiln.math.KnownMatrix;
import kiln.op.Kernel;
import kiln.op.MatMul;

/// Kernels for products of a known matrix and a vector, which have it in the form that is fastest.
final class KnownFactors {
    private KnownFactors() {}

    /// {@return a kernel that does the same as that of the operation; empty where the operation's is as good}
    static Optional<Supplier<Kernel>> kernel(Node.Apply a) {
        if (!(a.op() instanceof MatMul) || !(a.inputs().getFirst() instanceof Node.Constant c)) {
            return Optional.empty();
        }
        Aval left = c.aval();
        Aval right = a.inputs().get(1).aval();
        boolean isOne = left.dtype() == DType.FLOAT64 && left.shape().rank() == 2 && right.shape().dim(-1) == 1;
        if (!isOne || !KnownMatrix.pays(left.shape().dim(0), left.shape().dim(1))) {
            return Optional.empty();
        }
        var matrix = new KnownMatrix((double[]) c.value().storage(), left.shape().dim(0), left.shape().dim(1));
        return Optional.of(() -> {
            double[][] scratch = matrix.scratch();
            return (in, out) -> matrix.times((double[]) in[1], (double[]) out, scratch);
        });
    }
}
