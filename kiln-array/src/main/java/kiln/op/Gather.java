package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// Elements taken along an axis at integer positions: `y[a…, i…, b…] = x[a…, index[i…], b…]`.
///
/// The operands are the array and the positions, each from 0 to the size of the axis − 1.
///
/// @param axis the axis of the array that the axes of the positions replace
public record Gather(int axis) implements Indexing, LinearMap {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.get(0).shape();
        Shape index = in.get(1).shape();
        return in.getFirst().withShape(x.slice(0, axis).then(index).then(x.slice(axis + 1, x.rank())));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.get(0).shape();
        int outer = x.slice(0, axis).size();
        int n = x.dim(axis);
        int inner = x.slice(axis + 1, x.rank()).size();
        int count = in.get(1).shape().size();
        return (from, to) -> {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < count; i++) {
                    int at = position(from[1], i, n);
                    System.arraycopy(from[0], (o * n + at) * inner, to, (o * count + i) * inner, inner);
                }
            }
        };
    }

    static int position(Object index, int i, int n) {
        long at = Storage.getLong(index, i);
        if (at < 0 || at >= n) {
            throw new DomainException(new Diagnosis("take", "a position lies outside the axis")
                    .expected("integers from " + -n + " to " + (n - 1))
                    .got("positions[" + i + "] = " + (at < 0 ? at - n : at))
                    .at(UserCode.line()));
        }
        return (int) at;
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(Bind.apply(new ScatterAdd(axis, x.getFirst().shape().dim(axis)), ct, x.get(1)), null);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray x = in.get(0);
        NDArray index = in.get(1);
        if (!batched[1]) {
            return Bind.apply(new Gather(axis + 1), x, index);
        }
        if (!batched[0]) {
            NDArray taken = Bind.apply(this, x, index);
            return Np.moveaxis(taken, axis, 0);
        }
        // Both: the batches are laid one after the other along the axis, and each row of positions is moved to its batch.
        NDArray front = Np.moveaxis(x, axis + 1, 1);
        int n = front.shape().dim(1);
        Shape rest = front.shape().slice(2, front.rank());
        NDArray rows = front.reshape(Shape.of(size * n).then(rest));
        NDArray taken = Bind.apply(new Gather(0), rows, offsets(index, size, n));
        for (int a = 0; a < axis; a++) {
            taken = Np.moveaxis(taken, index.rank() + a, 1 + a);
        }
        return taken;
    }

    static NDArray offsets(NDArray index, int size, int n) {
        int[] dims = new int[index.rank()];
        Arrays.fill(dims, 1);
        dims[0] = size;
        return index.plus(Np.arange(size).times(n).reshape(Shape.of(dims)));
    }
}
