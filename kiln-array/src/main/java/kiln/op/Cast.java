package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Conversion to another element type: truncation towards zero to integers, "not zero" to truth values.
///
/// @param from element type of the operand
/// @param to   element type of the result
/// @param weak whether the result is weakly typed: the kind of it came from a Java number
public record Cast(DType from, DType to, boolean weak) implements Identity {
    /// A conversion to an array like any other.
    public Cast(DType from, DType to) {
        this(from, to, false);
    }

    @Override
    public DType dtype(List<DType> in) {
        return to;
    }

    @Override
    public Aval type(List<Aval> in) {
        return new Aval(to, in.getFirst().shape(), weak);
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return to.isFloating() && from.isFloating() ? Np.asNDArray(1) : null;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return to.isFloating() && from.isFloating() ? t.astype(t.dtype() == to ? from : to) : null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).convert(from, to);
    }
}
