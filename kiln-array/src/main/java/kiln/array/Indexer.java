package kiln.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kiln.op.Bind;
import kiln.op.Flip;
import kiln.op.Gather;
import kiln.op.Slice;

/// Carries out `x.get(…)`: one slice for all positions and ranges, one gather for each array of positions.
final class Indexer {
    private Indexer() {}

    /// {@return the positions of leading axes as indices}
    static Index[] at(int... positions) {
        return Arrays.stream(positions).mapToObj(Index::at).toArray(Index[]::new);
    }

    /// {@return the elements at integer positions of axis 0, or those for which a mask holds}
    static NDArray get(String who, NDArray x, NDArray positionsOrMask) {
        return positionsOrMask.dtype() == DType.BOOL
                ? IndexingFunctions.masked(who, x, positionsOrMask)
                : get(who, x, Index.at(positionsOrMask));
    }

    /// {@return the part of an array that the indices mean}
    ///
    /// @param who the user's function, for messages
    static NDArray get(String who, NDArray x, Index... indices) {
        List<Index> all = expand(who, x, indices);
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
                    start[axis] = position(who, x, axis, position);
                    stop[axis] = start[axis] + 1;
                    step[axis] = 1;
                }
                case Index.Range range -> {
                    bounds(who, range, n, axis, start, stop, step);
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
        return takeArrays(who, out, all);
    }

    /// One gather for all arrays of positions: they broadcast against each other and address elements together, as in NumPy.
    private static NDArray takeArrays(String who, NDArray x, List<Index> all) {
        List<Integer> axes = new ArrayList<>();
        List<NDArray> positions = new ArrayList<>();
        int axis = 0;
        for (Index index : all) {
            if (index instanceof Index.Take(NDArray p)) {
                axes.add(axis);
                positions.add(p);
            }
            axis += index instanceof Index.At ? 0 : 1;
        }
        if (axes.isEmpty()) {
            return x;
        }
        int first = axes.getFirst();
        NDArray taken = axes.size() == 1 ? take(who, x, positions.getFirst(), first) : takeTogether(who, x, axes, positions);
        NDArray out = taken;
        if (!isContiguous(all)) {
            // NumPy puts the axes of the positions in front when something stands between the indices.
            int k = taken.rank() - (x.rank() - axes.size());
            for (int i = 0; i < k; i++) {
                out = Np.moveaxis(out, first + i, i);
            }
        }
        return out;
    }

    private static NDArray takeTogether(String who, NDArray x, List<Integer> axes, List<NDArray> positions) {
        int first = axes.getFirst();
        Shape shape = Shape.broadcast(positions.stream().map(NDArray::shape).toArray(Shape[]::new));
        NDArray joined = x;
        NDArray at = Np.scalar(0L);
        int n = 1;
        for (int k = 0; k < axes.size(); k++) {
            joined = Np.moveaxis(joined, axes.get(k), first + k);
            int size = x.size(axes.get(k));
            at = at.times(size).plus(fromFront(who, x.shape(), axes.get(k), positions.get(k)));
            n *= size;
        }
        Shape rest = joined.shape().slice(first + axes.size(), joined.rank());
        joined = joined.reshape(joined.shape().slice(0, first).then(Shape.of(n)).then(rest));
        return take(who, joined, Np.broadcastTo(at, shape), first);
    }

    private static boolean isContiguous(List<Index> all) {
        int changes = 0;
        boolean before = false;
        for (Index index : all) {
            boolean advanced = index instanceof Index.At || index instanceof Index.Take;
            changes += advanced && !before ? 1 : 0;
            before = advanced;
        }
        return changes <= 1;
    }

    static NDArray take(String who, NDArray x, NDArray positions, int axis) {
        return Bind.apply(new Gather(axis), x, fromFront(who, x.shape(), axis, positions));
    }

    /// {@return positions of an axis counted from its front; the known ones are checked}
    static NDArray fromFront(String who, Shape shape, int axis, NDArray positions) {
        int n = shape.dim(axis);
        String expected = "integers from " + -n + " to " + (n - 1) + " for axis " + axis + " of shape " + shape;
        if (!positions.dtype().isInteger()) {
            throw new DomainException(new Diagnosis(who, "positions have to be integers")
                    .expected(expected)
                    .got(positions.aval().toString())
                    .at(UserCode.line())
                    .fix(positions.dtype() == DType.BOOL
                            ? "choose by truth values with where(condition, a, b)."
                            : "convert them with astype(INT64)."));
        }
        boolean negative = !positions.isKnown();
        if (positions.isKnown()) {
            long[] at = positions.toLongArray();
            for (int i = 0; i < at.length; i++) {
                if (at[i] < -n || at[i] >= n) {
                    throw new DomainException(new Diagnosis(who, "a position lies outside the axis")
                            .expected(expected)
                            .got((at.length == 1 ? "" : "positions[" + i + "] = ") + at[i])
                            .at(UserCode.line()));
                }
                negative |= at[i] < 0;
            }
        }
        return negative ? Np.where(positions.lt(0), positions.plus(n), positions) : positions;
    }

    private static List<Index> expand(String who, NDArray x, Index[] indices) {
        long used = Arrays.stream(indices).filter(i -> !(i instanceof Index.Dots || i instanceof Index.NewAxis)).count();
        if (used > x.rank()) {
            throw new ShapeException(new Diagnosis(who, "there are more indices than axes")
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

    private static int position(String who, NDArray x, int axis, int position) {
        int n = x.shape().dim(axis);
        int p = position < 0 ? position + n : position;
        if (p < 0 || p >= n) {
            throw new ShapeException(new Diagnosis(who, "the index lies outside the array")
                    .expected("from " + -n + " to " + (n - 1) + " for axis " + axis + " of shape " + x.shape())
                    .got(Integer.toString(position))
                    .at(UserCode.line()));
        }
        return p;
    }

    /// Bounds of a range as an ascending slice; a descending range is the same elements, flipped afterwards.
    private static void bounds(String who, Index.Range range, int n, int axis, int[] start, int[] stop, int[] step) {
        int s = range.step();
        if (s == 0) {
            throw new ShapeException(new Diagnosis(who, "the step of a slice cannot be 0")
                    .expected("a positive step, or a negative one to run backwards")
                    .got("slice(" + range.start() + ", " + range.stop() + ", 0)")
                    .at(UserCode.line()));
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
