package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.jspecify.annotations.Nullable;

/// A vector with some elements replaced: `y[index[i]] = v[i]`, the last one where a position comes twice.
///
/// The operands are the vector `[n]`, the new elements `[m]` of its type, and their positions `[m]`, each from 0 to `n − 1`.
public record ScatterSet() implements Indexing {
    @Override
    public Aval type(List<Aval> in) {
        return in.getFirst();
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        int n = in.get(0).shape().size();
        int m = in.get(1).shape().size();
        return (from, to) -> {
            System.arraycopy(from[0], 0, to, 0, n);
            for (int i = 0; i < m; i++) {
                System.arraycopy(from[1], i, to, Gather.position(from[2], i, n), 1);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        NDArray dv = dx.get(1);
        NDArray dy = dx.get(0);
        if (dy == null && dv == null) {
            return null;
        }
        NDArray into = dy == null ? Np.zerosLike(x.get(0)) : dy;
        return Bind.apply(this, into, dv == null ? Np.zerosLike(x.get(1)) : dv, x.get(2));
    }

    /// Only the element that was written last at a position has a derivative.
    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        NDArray index = x.get(2);
        int n = x.get(0).size();
        int m = x.get(1).size();
        NDArray number = Np.arange(m);
        NDArray writer = Bind.apply(this, Np.zerosLike(Np.arange(n)), number, index);
        NDArray last = Bind.apply(new Gather(0), writer, index).eq(number);
        NDArray taken = Bind.apply(new Gather(0), ct, index);
        NDArray zero = Np.zerosLike(taken);
        return Arrays.asList(Bind.apply(this, ct, zero, index), Np.where(last, taken, zero), null);
    }

    /// The vectors of all batches one after the other are one vector.
    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        int n = in.get(0).size(-1);
        int m = in.get(1).size(-1);
        NDArray[] all = new NDArray[3];
        for (int i = 0; i < 3; i++) {
            NDArray x = in.get(i);
            all[i] = batched[i] ? x : Np.broadcastTo(x, Shape.of(size).then(x.shape()));
        }
        NDArray index = Gather.offsets(all[2], size, n).reshape(size * m);
        return Bind.apply(this, all[0].reshape(size * n), all[1].reshape(size * m), index).reshape(size, n);
    }
}
