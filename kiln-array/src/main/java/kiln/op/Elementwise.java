package kiln.op;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.Diagnosis;
import org.jspecify.annotations.Nullable;

/// An operation that works element by element on operands of one shape; broadcasting is an operation of its own.
///
/// Floating operands are computed in double precision and rounded once to the element type of the result; integers and truth
/// values are computed as `long` and wrapped. Compiled code does the same.
public sealed interface Elementwise extends Op permits Unary, Binary, Ternary, Select {
    /// {@return the number of operands}
    int arity();

    /// {@return the element type of the result}
    ///
    /// @param in element types of the operands
    DType dtype(List<DType> in);

    /// The value of one element of floating operands.
    double evalDouble(double[] x);

    /// The value of one element of integer or truth-valued operands.
    ///
    /// @throws UnsupportedOperationException if the operation has no meaning for integers; the front end converts first
    default long evalLong(long[] x) {
        throw new UnsupportedOperationException(label() + " is not defined on integers");
    }

    /// {@return `t · ∂y/∂xᵢ`, which serves the forward and the reverse derivative alike; null where it is zero}
    ///
    /// @param i which operand
    /// @param x the operands
    /// @param y the result
    /// @param t tangent or cotangent
    @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t);

    /// {@return whether a partial derivative may be infinite where all operands are finite, at a pole of it}
    default boolean hasPole() {
        return false;
    }

    /// {@return whether a partial derivative may be exactly 0 where all operands count, so that what stands behind it has no part in the result}
    default boolean hides() {
        return false;
    }

    /// Writes the code of one element.
    void emit(Emitter e);

    @Override
    default Aval type(List<Aval> in) {
        Shape shape = in.getFirst().shape();
        boolean weak = true;
        var dtypes = new ArrayList<DType>(in.size());
        for (Aval a : in) {
            dtypes.add(a.dtype());
            if (!a.shape().equals(shape)) {
                throw new ShapeException(new Diagnosis(label(), "the operands do not have one shape")
                        .got(in.toString()));
            }
            weak &= a.weak();
        }
        DType dtype = dtype(dtypes);
        return new Aval(dtype, shape, weak && dtype != DType.BOOL);
    }

    @Override
    default Dense eval(List<Dense> in) {
        return Interpreter.elementwise(this, in);
    }

    @Override
    default @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray sum = null;
        for (int i = 0; i < x.size(); i++) {
            NDArray t = dx.get(i);
            NDArray term = t == null ? null : timesPartial(i, x, y, t);
            if (term != null) {
                sum = sum == null ? term : sum.plus(term);
            }
        }
        return sum;
    }

    @Override
    default List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        var out = new ArrayList<@Nullable NDArray>();
        for (int i = 0; i < x.size(); i++) {
            out.add(x.get(i).dtype().isFloating() ? timesPartial(i, x, y, ct) : null);
        }
        return out;
    }

    @Override
    default NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        Shape shape = Shape.SCALAR;
        for (int i = 0; i < in.size(); i++) {
            if (batched[i]) {
                shape = in.get(i).shape();
            }
        }
        var operands = new NDArray[in.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = batched[i] ? in.get(i) : Np.broadcastTo(in.get(i), shape);
        }
        return Bind.apply(this, operands);
    }
}
