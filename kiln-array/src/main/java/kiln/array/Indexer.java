package kiln.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.op.Bind;
import kiln.op.Flip;
import kiln.op.Slice;

/// Carries out `x.get(…)`: one slice for all positions and ranges, one gather for each array of positions.
final class Indexer {
    private Indexer() {}

    static NDArray get(NDArray x, int... positions) {
        return get(x, Arrays.stream(positions).mapToObj(Index::at).toArray(Index[]::new));
    }

    static NDArray get(NDArray x, Index... indices) {
        List<Index> all = expand(x, indices);
        int rank = x.rank();
        int[] start = new int[rank];
        int[] stop = new int[rank];
        int[] step = new int[rank];
        List<Integer> flipped = new ArrayList<>();
        List<Integer> dims = new ArrayList<>();
        int axis = 0;
        for (Index index : all) {
            if (index instanceof Index.NewAxis) {
                dims.add(1);
                continue;
            }
            int n = x.shape().dim(axis);
            switch (index) {
                case Index.At(int position) -> {
                    start[axis] = position(x, axis, position);
                    stop[axis] = start[axis] + 1;
                    step[axis] = 1;
                }
                case Index.Range range -> {
                    bounds(range, n, axis, start, stop, step);
                    if (range.step() < 0) {
                        flipped.add(axis);
                    }
                    dims.add(Math.max(0, Math.ceilDiv(stop[axis] - start[axis], step[axis])));
                }
                default -> {
                    stop[axis] = n;
                    step[axis] = 1;
                    dims.add(n);
                }
            }
            axis++;
        }
        NDArray out = x;
        if (!Arrays.equals(stop, x.shape().dims()) || Arrays.stream(start).anyMatch(s -> s != 0)
                || Arrays.stream(step).anyMatch(s -> s != 1)) {
            out = Bind.apply(new Slice(Axes.of(start), Axes.of(stop), Axes.of(step)), out);
        }
        if (!flipped.isEmpty()) {
            out = Bind.apply(new Flip(Axes.of(flipped.stream().mapToInt(i -> i).toArray())), out);
        }
        out = out.reshape(Shape.of(dims.stream().mapToInt(i -> i).toArray()));
        return takeArrays(out, all);
    }

    private static NDArray takeArrays(NDArray x, List<Index> all) {
        NDArray out = x;
        int axis = 0;
        for (Index index : all) {
            if (index instanceof Index.Take(NDArray positions)) {
                out = Np.take(out, positions, axis);
                axis += positions.rank();
            } else if (!(index instanceof Index.At)) {
                axis++;
            }
        }
        return out;
    }

    private static List<Index> expand(NDArray x, Index[] indices) {
        long used = Arrays.stream(indices).filter(i -> !(i instanceof Index.Dots || i instanceof Index.NewAxis)).count();
        if (used > x.rank()) {
            throw new ShapeException(new Diagnosis("get", "there are more indices than axes")
                    .expected("at most " + x.rank() + " indices for shape " + x.shape())
                    .got(used + " indices")
                    .at(UserCode.line()));
        }
        List<Index> all = new ArrayList<>();
        boolean open = true;
        for (Index index : indices) {
            if (index instanceof Index.Dots) {
                for (long i = used; i < x.rank() && open; i++) {
                    all.add(Index.ALL);
                }
                open = false;
            } else {
                all.add(index);
            }
        }
        for (long i = used; i < x.rank() && open; i++) {
            all.add(Index.ALL);
        }
        return all;
    }

    private static int position(NDArray x, int axis, int position) {
        int n = x.shape().dim(axis);
        int p = position < 0 ? position + n : position;
        if (p < 0 || p >= n) {
            throw new ShapeException(new Diagnosis("get", "the index lies outside the array")
                    .expected("from " + -n + " to " + (n - 1) + " for axis " + axis + " of shape " + x.shape())
                    .got(Integer.toString(position))
                    .at(UserCode.line()));
        }
        return p;
    }

    /// Bounds of a range as an ascending slice; a descending range is the same elements, flipped afterwards.
    private static void bounds(Index.Range range, int n, int axis, int[] start, int[] stop, int[] step) {
        int s = range.step();
        if (s == 0) {
            throw new IllegalArgumentException("get: the step of a slice cannot be 0.");
        }
        Integer from = range.start();
        Integer to = range.stop();
        if (s > 0) {
            start[axis] = from == null ? 0 : clamp(from, n, 0, n);
            stop[axis] = Math.max(start[axis], to == null ? n : clamp(to, n, 0, n));
            step[axis] = s;
        } else {
            int last = from == null ? n - 1 : clamp(from, n, -1, n - 1);
            int end = to == null ? -1 : clamp(to, n, -1, n - 1);
            int count = Math.max(0, Math.ceilDiv(last - end, -s));
            start[axis] = count == 0 ? 0 : last + (count - 1) * s;
            stop[axis] = count == 0 ? 0 : last + 1;
            step[axis] = -s;
        }
    }

    private static int clamp(int position, int n, int low, int high) {
        return Math.clamp(position < 0 ? position + n : position, low, high);
    }
}
