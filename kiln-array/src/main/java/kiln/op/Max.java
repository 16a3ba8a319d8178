package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// The larger of two values; NaN if one of them is. At a tie each operand gets half of the derivative.
public record Max() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Math.max(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Math.max(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return share(i == 0 ? a.gt(b) : b.gt(a), a.eq(b), t);
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Math.class, "max");
    }

    /// A choice and no product, because the loser gets nothing of an infinite derivative either.
    static NDArray share(NDArray wins, NDArray ties, NDArray t) {
        return Np.where(wins, t, Np.where(ties, t.times(0.5), Np.zerosLike(t)));
    }
}
