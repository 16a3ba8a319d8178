package kiln.op;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// Arrays joined along an axis.
///
/// @param axis the axis along which they are joined
public record Concatenate(int axis) implements Indexing {
    @Override
    public Aval type(List<Aval> in) {
        Shape first = in.getFirst().shape();
        int n = 0;
        for (Aval x : in) {
            if (x.shape().rank() != first.rank() || !x.shape().with(axis, 1).equals(first.with(axis, 1))) {
                throw new ShapeException(new Diagnosis("concatenate", "the arrays do not fit together along axis " + axis)
                        .expected("equal shapes but for axis " + axis)
                        .got(in.stream().map(a -> a.shape().toString()).collect(Collectors.joining(" and ")))
                        .at(UserCode.line()));
            }
            n += x.shape().dim(axis);
        }
        return in.getFirst().withShape(first.with(axis, n));
    }

    @Override
    public Kernel kernel(List<Aval> in) {
        int[] strides = type(in).shape().strides();
        var copies = new ArrayList<Strided>();
        int offset = 0;
        for (Aval x : in) {
            copies.add(new Strided(x.shape().dims(), 0, x.shape().strides(), offset, strides));
            offset += x.shape().dim(axis) * strides[axis];
        }
        return (from, to) -> {
            for (int i = 0; i < from.length; i++) {
                copies.get(i).run(from[i], to);
            }
        };
    }

    @Override
    public @Nullable NDArray jvp(List<NDArray> x, NDArray y, List<@Nullable NDArray> dx) {
        var parts = new NDArray[x.size()];
        boolean any = false;
        for (int i = 0; i < parts.length; i++) {
            NDArray t = dx.get(i);
            any |= t != null;
            parts[i] = t == null ? Np.zerosLike(x.get(i)) : t;
        }
        return any ? Bind.apply(this, parts) : null;
    }

    @Override
    public List<@Nullable NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
        var out = new ArrayList<@Nullable NDArray>();
        int rank = y.rank();
        int offset = 0;
        for (NDArray part : x) {
            int[] start = new int[rank];
            int[] stop = ct.shape().dims();
            int[] step = new int[rank];
            java.util.Arrays.fill(step, 1);
            start[axis] = offset;
            offset += part.shape().dim(axis);
            stop[axis] = offset;
            out.add(Bind.apply(new Slice(Axes.of(start), Axes.of(stop), Axes.of(step)), ct));
        }
        return out;
    }

    @Override
    public NDArray batch(List<NDArray> in, boolean[] batched, int size) {
        var parts = new NDArray[in.size()];
        for (int i = 0; i < parts.length; i++) {
            NDArray x = in.get(i);
            parts[i] = batched[i] ? x : Np.broadcastTo(x, Shape.of(size).then(x.shape()));
        }
        return Bind.apply(new Concatenate(axis + 1), parts);
    }
}
