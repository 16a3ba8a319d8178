package kiln.op;

import java.util.Arrays;
import java.util.List;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.math.Sums;
import org.jspecify.annotations.Nullable;

/// Sums at integer positions, the transpose of [Gather]: `y[a…, k, b…] = Σ_{i : index[i] = k} x[a…, i…, b…]`, added in the
/// order of the positions; floating sums over many positions block by block, see [#blocks].
///
/// The operands are the values and the positions, each from 0 to `n − 1`.
///
/// @param axis the axis of the result that the axes of the positions become
/// @param n    its size
public record ScatterAdd(int axis, int n) implements Indexing, LinearMap {
    @Override
    public Aval type(List<Aval> in) {
        Shape x = in.get(0).shape();
        int k = in.get(1).shape().rank();
        return in.getFirst().withShape(x.slice(0, axis).then(Shape.of(n)).then(x.slice(axis + k, x.rank())));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        Shape x = in.get(0).shape();
        int count = in.get(1).shape().size();
        int outer = x.slice(0, axis).size();
        int inner = x.slice(axis + in.get(1).shape().rank(), x.rank()).size();
        boolean floating = in.getFirst().dtype().isFloating();
        int blocks = floating ? blocks(count, n) : 1;
        int length = blocks == 1 ? count : Sums.blockLength(count);
        int size = outer * n * inner;
        Object block = Storage.allocate(in.getFirst().dtype(), blocks == 1 ? 0 : size);
        return (from, to) -> {
            Storage.clear(to);
            for (int begin = 0; begin < count; begin += length) {
                Object sums = begin == 0 ? to : block;
                if (begin > 0) {
                    Storage.clear(block);
                }
                for (int o = 0; o < outer; o++) {
                    for (int i = begin; i < Math.min(begin + length, count); i++) {
                        int target = (o * n + Gather.position(from[1], i, n)) * inner;
                        int source = (o * count + i) * inner;
                        add(from[0], source, sums, target, inner, floating);
                    }
                }
                if (begin > 0) {
                    add(block, 0, to, 0, size, true);
                }
            }
        };
    }

    /// {@return in how many blocks of [Sums] the positions are added: 1 where so many sums would make the blocks expensive}
    ///
    /// @param count number of positions
    /// @param n     number of sums
    static int blocks(int count, int n) {
        return 8L * n <= Sums.blockLength(count) ? Sums.blocks(count) : 1;
    }

    private static void add(Object x, int source, Object y, int target, int n, boolean floating) {
        if (x instanceof double[] a) {
            double[] b = (double[]) y;
            for (int j = 0; j < n; j++) {
                b[target + j] += a[source + j];
            }
        } else if (floating) {
            for (int j = 0; j < n; j++) {
                Storage.setDouble(y, target + j, Storage.getDouble(y, target + j) + Storage.getDouble(x, source + j));
            }
        } else {
            for (int j = 0; j < n; j++) {
                Storage.setLong(y, target + j, Storage.getLong(y, target + j) + Storage.getLong(x, source + j));
            }
        }
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        return Arrays.asList(Bind.apply(new Gather(axis), ct, x.get(1)), null);
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        NDArray x = in.get(0);
        NDArray index = in.get(1);
        if (!batched[1]) {
            return Bind.apply(new ScatterAdd(axis + 1, n), x, index);
        }
        if (!batched[0]) {
            x = Np.broadcastTo(x, Shape.of(size).then(x.shape()));
        }
        // The axes of the positions go in front, together with the batch; each batch adds into rows of its own.
        int k = index.rank() - 1;
        for (int a = 0; a < axis; a++) {
            x = Np.moveaxis(x, 1, k + axis);
        }
        NDArray rows = Bind.apply(new ScatterAdd(0, size * n), x, Gather.offsets(index, size, n));
        NDArray out = rows.reshape(Shape.of(size, n).then(rows.shape().slice(1, rows.rank())));
        for (int a = 0; a < axis; a++) {
            out = Np.moveaxis(out, 2 + a, 1 + a);
        }
        return out;
    }
}
