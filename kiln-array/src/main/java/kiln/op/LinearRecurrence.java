package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.Diagnosis;
import kiln.array.Storage;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// First-order linear recurrence along an axis, `y[k] = a[k] · y[k−1] + b[k]` from `y[−1] = 0`.
///
/// The operands are `a` and `b`, of one shape. Running products and decaying sums are of this form, and so are its own
/// derivatives, which therefore hold where an `a` is zero.
///
/// @param axis the axis along which it runs
public record LinearRecurrence(int axis) implements Indexing {
    @Override
    public Aval type(List<Aval> in) {
        if (!in.get(0).shape().equals(in.get(1).shape()) || in.get(0).dtype() != in.get(1).dtype()) {
            throw new ShapeException(new Diagnosis("linearRecurrence", "factors and terms differ in shape or element type")
                    .got(in.toString())
                    .at(UserCode.line()));
        }
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        boolean floating = in.getFirst().dtype().isFloating();
        return Kernel.alongAxis(
                in.getFirst().shape(), axis, floating ? LinearRecurrence::doubles : LinearRecurrence::longs);
    }

    private static void doubles(Object[] in, Object y, int start, int n, int step) {
        double value = 0;
        for (int k = 0, at = start; k < n; k++, at += step) {
            value = k == 0 ? Storage.getDouble(in[1], at) : Storage.getDouble(in[0], at) * value + Storage.getDouble(in[1], at);
            Storage.setDouble(y, at, value);
        }
    }

    private static void longs(Object[] in, Object y, int start, int n, int step) {
        long value = 0;
        for (int k = 0, at = start; k < n; k++, at += step) {
            value = Storage.getLong(in[0], at) * value + Storage.getLong(in[1], at);
            Storage.setLong(y, at, value);
        }
    }

    /// {@return the elements one place later along the axis, zero in front}
    private NDArray later(NDArray x) {
        return moved(x, 1, 0);
    }

    private NDArray moved(NDArray x, int low, int high) {
        int[] start = new int[x.rank()];
        int[] stop = x.shape().dims();
        int[] step = new int[x.rank()];
        Arrays.fill(step, 1);
        int[] before = new int[x.rank()];
        int[] after = new int[x.rank()];
        int n = x.size(axis);
        start[axis] = Math.min(n, high);
        stop[axis] = Math.max(start[axis], n - low);
        before[axis] = Math.min(n, low);
        after[axis] = Math.min(n, high);
        NDArray rest = Bind.apply(new Slice(Axes.of(start), Axes.of(stop), Axes.of(step)), x);
        return Bind.apply(new Pad(Axes.of(before), Axes.of(after), Axes.of(new int[x.rank()])), rest);
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray da = dx.get(0);
        NDArray db = dx.get(1);
        NDArray term = da == null ? null : da.times(later(y));
        NDArray drive = term == null ? db : db == null ? term : term.plus(db);
        return drive == null ? null : Bind.apply(this, x.get(0), drive);
    }

    /// The adjoint runs backwards: `c[k] = ct[k] + a[k+1] c[k+1]`.
    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        var flip = new Flip(Axes.of(axis));
        NDArray next = moved(x.get(0), 0, 1);
        NDArray c = Bind.apply(flip, Bind.apply(this, Bind.apply(flip, next), Bind.apply(flip, ct)));
        return Arrays.asList(c.times(later(y)), c);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray[] both = new NDArray[2];
        for (int i = 0; i < 2; i++) {
            NDArray x = in.get(i);
            both[i] = batched[i] ? x : Np.broadcastTo(x, Shape.of(size).then(x.shape()));
        }
        return Bind.apply(new LinearRecurrence(axis + 1), both);
    }
}
