package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Choice by element: the first of two values where a condition holds, else the second.
///
/// The operands are condition (truth values), value if true, value if false. The derivative flows only to the chosen value, so
/// it is finite if the chosen branch's is; a NaN derivative *inside* the branch that was not chosen still spreads
/// (`0 · ∞`): choose the argument as well, as in `where(ok, f(where(ok, x, 1)), 0)`.
public record Select() implements Elementwise {
    @Override
    public int arity() {
        return 3;
    }

    @Override
    public DType dtype(List<DType> in) {
        return in.get(1);
    }

    /// The condition has no say in whether the result is weakly typed: a choice between Java numbers gives way to an array's type.
    @Override
    public Aval type(List<Aval> in) {
        Aval type = Elementwise.super.type(in);
        return new Aval(type.dtype(), type.shape(), in.get(1).weak() && in.get(2).weak());
    }

    @Override
    public double evalDouble(double[] x) {
        return x[0] != 0 ? x[1] : x[2];
    }

    @Override
    public long evalLong(long[] x) {
        return x[0] != 0 ? x[1] : x[2];
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray condition = x.getFirst();
        NDArray zero = Np.zerosLike(t);
        return switch (i) {
            case 1 -> Np.where(condition, t, zero);
            case 2 -> Np.where(condition, zero, t);
            default -> null;
        };
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public void emit(Emitter e) {
        e.select(0, 1, 2);
    }
}
