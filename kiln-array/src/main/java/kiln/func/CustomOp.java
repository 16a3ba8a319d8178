package kiln.func;

import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
import kiln.op.Bind;

/// An operation of the user's: what it computes on known arrays in plain Java, and the rules that the transforms need.
///
/// It works under every transform whose rule it has; `vmap` has a rule for all. Rules get traced values and are written with
/// operations on `NDArray`.
///
/// For what has to be computed in plain Java. A function that is written with operations on arrays and only needs another derivative
/// takes [Functions#customJvp] or [Functions#customVjp]: it stays open to the compiler and vectorises by itself.
public interface CustomOp {
    /// {@return the name under which it is printed}
    String name();

    /// {@return the type of the result}
    ///
    /// @param in types of the operands
    Aval type(List<Aval> in);

    /// {@return the result, of the type that [#type] gives}
    ///
    /// @param in the operands, known
    NDArray eval(List<NDArray> in);

    /// The forward derivative `Σᵢ ∂y/∂xᵢ · dxᵢ`.
    ///
    /// @param x  the operands
    /// @param y  the result
    /// @param dx a tangent for every operand, of its type
    /// @return the tangent of the result
    /// @throws DomainException if there is no such rule
    default NDArray jvp(List<NDArray> x, NDArray y, List<NDArray> dx) {
        throw new DomainException(new Diagnosis(name(), "the operation has no forward derivative")
                .at(UserCode.line())
                .fix("override CustomOp.jvp, or differentiate in reverse."));
    }

    /// The reverse derivative.
    ///
    /// @param x  the operands
    /// @param y  the result
    /// @param ct the cotangent of the result
    /// @return a cotangent for every operand, of its type
    /// @throws DomainException if there is no such rule
    default List<NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        throw new DomainException(new Diagnosis(name(), "the operation has no reverse derivative")
                .at(UserCode.line())
                .fix("override CustomOp.vjp, or differentiate forwards with jvp or jacfwd."));
    }

    /// The operation along axis 0 of some operands; unless overridden, lane by lane.
    ///
    /// @param in      the operands
    /// @param batched which of them have the new axis in front; at least one
    /// @param size    length of the new axis
    /// @return the result with the new axis in front
    default NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        if (size == 0) {
            Aval one = type(IntStream.range(0, in.size())
                    .mapToObj(i -> batched[i] ? in.get(i).aval().withShape(in.get(i).shape().slice(1, in.get(i).rank())) : in.get(i).aval())
                    .toList());
            return Np.full(kiln.array.Shape.of(0).then(one.shape()), 0, one.dtype());
        }
        List<NDArray> lanes = IntStream.range(0, size)
                .mapToObj(lane -> apply(IntStream.range(0, in.size())
                        .mapToObj(i -> batched[i] ? in.get(i).get(lane) : in.get(i))
                        .toArray(NDArray[]::new)))
                .toList();
        return Np.stack(lanes, 0);
    }

    /// {@return the result of the operation, in any transform}
    default NDArray apply(NDArray... operands) {
        return Bind.apply(new CustomOpCall(this), List.of(operands)).getFirst();
    }
}
