package kiln.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;

/// One row of the op table: on which operands an operation is tried, what it should give there, and what is special about it.
///
/// @param <O> the operation
final class OpCase<O extends Op> {
    /// What a plain loop gives for the element at `index` of the result.
    @FunctionalInterface
    interface Reference<O> {
        double at(O op, List<Nd> in, int[] index);
    }

    /// The `i`-th of `n` elements of an operand.
    @FunctionalInterface
    interface Values {
        double next(RandomGenerator random, int i, int n);
    }

    /// An operand: its element type, its shape, and its elements.
    record Operand(DType dtype, Shape shape, Values values) {
        Dense draw(RandomGenerator random) {
            double[] x = new double[shape.size()];
            Arrays.setAll(x, i -> values.next(random, i, x.length));
            return Nd.dense(dtype, shape, x);
        }
    }

    /// An operation with the operands on which it is tried and the type it should have.
    record Instance<O>(O op, DType dtype, Shape result, List<Operand> operands, int derivatives) {
        List<Dense> draw(RandomGenerator random) {
            return operands.stream().map(o -> o.draw(random)).toList();
        }
    }

    private final Class<?> type;
    private final Reference<O> reference;
    private final List<Instance<O>> instances = new ArrayList<>();
    private double tolerance;
    private int derivatives = 2;
    private boolean exactVmap = true;
    private boolean symmetric;
    private double[] specials = {};
    private boolean specialReference = true;

    OpCase(Class<O> type, Reference<O> reference) {
        this.type = type;
        this.reference = reference;
    }

    /// Tries the operation on operands; it should give the shape.
    OpCase<O> on(O op, Shape result, Operand... operands) {
        // The last operand of a choice and the first of everything else have the type of the result, unless it is said.
        return on(op, op instanceof Select ? operands[2].dtype() : operands[0].dtype(), result, operands);
    }

    OpCase<O> on(O op, DType dtype, Shape result, Operand... operands) {
        instances.add(new Instance<>(op, dtype, result, List.of(operands), 2));
        return this;
    }

    /// Tries the operation at points where fewer derivatives exist, or where differences are too coarse to see them.
    OpCase<O> on(int derivatives, O op, Shape result, Operand... operands) {
        instances.add(new Instance<>(op, operands[0].dtype(), result, List.of(operands), derivatives));
        return this;
    }

    /// The largest error against the reference, relative to the largest element; 0 unless said.
    OpCase<O> within(double relative) {
        tolerance = relative;
        return this;
    }

    /// How often the operation can be differentiated at the points where it is tried: 0 if it has no derivative, 1 or 2.
    OpCase<O> derivatives(int times) {
        derivatives = times;
        return this;
    }

    /// Vectorising changes the order of additions, so that a slice differs from the loop by rounding.
    OpCase<O> roundsUnderVmap() {
        exactVmap = false;
        return this;
    }

    /// The derivative is that of a function of symmetric matrices: directions are symmetrised before differences are taken.
    OpCase<O> symmetric() {
        symmetric = true;
        return this;
    }

    /// Tries every combination of these values.
    OpCase<O> specials(double... points) {
        specials = points;
        return this;
    }

    /// At special points only compiled code and interpreter are compared: the reference is not defined there.
    OpCase<O> specialsWithoutReference(double... points) {
        specialReference = false;
        return specials(points);
    }

    Class<?> type() {
        return type;
    }

    List<Instance<O>> instances() {
        return instances;
    }

    double tolerance() {
        return tolerance;
    }

    boolean differentiable(Instance<?> instance, int times) {
        return Math.min(derivatives, instance.derivatives()) >= times;
    }

    boolean exactVmap() {
        return exactVmap;
    }

    boolean isSymmetric() {
        return symmetric;
    }

    double[] specials() {
        return specials;
    }

    boolean hasSpecialReference() {
        return specialReference;
    }

    /// {@return what the reference gives, in row order}
    double[] expected(O op, Shape result, List<Dense> in) {
        List<Nd> operands = in.stream().map(Nd::of).toList();
        return IntStream.range(0, result.size())
                .mapToDouble(i -> reference.at(op, operands, Nd.index(result, i)))
                .toArray();
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
