package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.Storage;
import org.jspecify.annotations.Nullable;

/// Largest or smallest element over axes; NaN if one is. Elements that tie share the derivative equally.
///
/// @param axes    the axes that disappear; none of them empty
/// @param largest whether the maximum is taken, else the minimum
public record Extremum(Axes axes, boolean largest) implements Reduction {
    @Override
    public Aval type(List<Aval> in) {
        Reduction.requireElements(label(), in.getFirst(), axes);
        return in.getFirst().withShape(in.getFirst().shape().drop(axes));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        return Reduction.lines(in.getFirst(), axes, in.getFirst().dtype().isFloating() ? this::doubles : this::longs);
    }

    private void doubles(Object in, int offset, int n, Object out, int at) {
        double best = Storage.getDouble(in, offset);
        for (int i = 1; i < n; i++) {
            double x = Storage.getDouble(in, offset + i);
            best = largest ? Math.max(best, x) : Math.min(best, x);
        }
        Storage.setDouble(out, at, best);
    }

    private void longs(Object in, int offset, int n, Object out, int at) {
        long best = Storage.getLong(in, offset);
        for (int i = 1; i < n; i++) {
            long x = Storage.getLong(in, offset + i);
            best = largest ? Math.max(best, x) : Math.min(best, x);
        }
        Storage.setLong(out, at, best);
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray t = dx.getFirst();
        return t == null ? null : t.times(share(x.getFirst(), y)).sum(axes.toArray());
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        Shape kept = x.getFirst().shape().keep(axes);
        return Arrays.asList(share(x.getFirst(), y).times(ct.reshape(kept)));
    }

    private NDArray share(NDArray x, NDArray y) {
        Shape kept = x.shape().keep(axes);
        NDArray attained = x.eq(y.reshape(kept)).astype(x.dtype());
        return axes.count() == 0 ? attained : attained.div(attained.sum(axes.toArray()).reshape(kept));
    }

    @Override
    public Reduction batched() {
        return new Extremum(axes.shifted(1), largest);
    }

    @Override
    public String label() {
        return largest ? "max" : "min";
    }
}
