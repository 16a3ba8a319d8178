package kiln.array;

import static kiln.array.Np.arange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.op.Bind;
import kiln.op.Gather;

/// The functions of [Np] that pick elements by position or by truth value.
abstract class IndexingFunctions extends ShapeFunctions {
    IndexingFunctions() {}

    /// Picks one element of each line along an axis for every position: `y[…, j, …] = x[…, positions[…, j, …], …]`.
    ///
    /// @param positions integers from `-n` to `n - 1`; as many axes as `x`, the others broadcast with those of `x`
    /// @throws ShapeException if the numbers of axes differ
    /// @throws DomainException if the positions are not integers, or a known one lies outside the axis
    public static NDArray takeAlongAxis(NDArray x, NDArray positions, int axis) {
        if (positions.rank() != x.rank()) {
            throw new ShapeException(new Diagnosis("takeAlongAxis", "positions and array differ in the number of axes")
                    .expected(x.rank() + " axes, as in " + x.shape())
                    .got(positions.shape().toString())
                    .at(UserCode.line())
                    .fix("use take(x, positions, axis) to pick the same positions from every line."));
        }
        int at = x.shape().axis(axis);
        int n = x.size(at);
        int m = positions.size(at);
        Shape lead = Shape.broadcast(x.shape().with(at, 1), positions.shape().with(at, 1));
        NDArray lines = Np.moveaxis(Np.broadcastTo(x, lead.with(at, n)), at, x.rank() - 1);
        NDArray places = Np.moveaxis(Np.broadcastTo(Indexer.fromFront("takeAlongAxis", x.shape(), at, positions), lead.with(at, m)), at, x.rank() - 1);
        int rows = lead.size();
        NDArray flat = places.reshape(rows, m).plus(arange(rows).times(n).reshape(rows, 1));
        NDArray taken = Bind.apply(new Gather(0), lines.reshape(rows * n), flat);
        return Np.moveaxis(taken.reshape(lines.shape().dropLast(1).then(Shape.of(m))), x.rank() - 1, at);
    }

    /// The positions of the elements that are not zero, one vector for each axis, in row order.
    ///
    /// @param x its values decide how many there are, so that they have to be known
    /// @throws TracedValueException if the values are being traced
    public static List<NDArray> nonzero(NDArray x) {
        long[] flat = flatnonzero(x).toLongArray();
        int[] strides = x.shape().strides();
        List<NDArray> out = new ArrayList<>();
        for (int a = 0; a < x.rank(); a++) {
            int axis = a;
            out.add(NDArray.of(Arrays.stream(flat).map(i -> i / strides[axis] % x.size(axis)).toArray()));
        }
        return out;
    }

    /// {@return the positions in row order of the elements that are not zero}
    ///
    /// @throws TracedValueException if the values are being traced
    public static NDArray flatnonzero(NDArray x) {
        if (!x.isKnown()) {
            Diagnosis text = new Diagnosis("nonzero", "how many elements hold is not known while the function is traced")
                    .got(x.toString())
                    .at(UserCode.line())
                    .fix("keep all elements and choose with where(mask, a, b).");
            throw new TracedValueException(text, x);
        }
        Dense d = Np.truth(x).known();
        return NDArray.of(IntStream.range(0, d.size()).filter(i -> d.longAt(i) != 0).asLongStream().toArray());
    }

    /// {@return the positions of the elements that hold, see [#nonzero]}
    public static List<NDArray> where(NDArray condition) {
        return nonzero(condition);
    }

    /// {@return the positions of the elements that are not zero, one row for each}
    public static NDArray argwhere(NDArray x) {
        return Np.stack(nonzero(x), 1);
    }

    /// {@return the parts along an axis for which the condition holds}
    ///
    /// @param condition a known vector
    public static NDArray compress(NDArray condition, NDArray x, int axis) {
        return Np.take(x, flatnonzero(condition), axis);
    }

    /// {@return the elements for which the condition holds, in row order}
    ///
    /// @param condition known, of the size of `x`
    public static NDArray extract(NDArray condition, NDArray x) {
        return Np.take(x.reshape(-1), flatnonzero(condition), 0);
    }

    /// {@return where a mask over the leading axes holds: `x[mask]`}
    static NDArray masked(String who, NDArray x, NDArray mask) {
        if (mask.rank() > x.rank() || !x.shape().slice(0, mask.rank()).equals(mask.shape())) {
            throw new ShapeException(new Diagnosis(who, "the mask does not have the shape of the leading axes")
                    .expected("the first axes of " + x.shape())
                    .got("mask of shape " + mask.shape())
                    .at(UserCode.line()));
        }
        return Np.take(x.reshape(Shape.of(mask.size()).then(x.shape().slice(mask.rank(), x.rank()))), flatnonzero(mask), 0);
    }

    /// {@return for every position the element of the choice it names, `y[i] = choices[which[i]][i]`}
    ///
    /// @param which   integers from 0 to the number of choices − 1; broadcasts with the choices
    /// @param choices arrays that broadcast against each other
    public static NDArray choose(NDArray which, List<? extends NDArray> choices) {
        Shape shape = which.shape();
        for (NDArray c : choices) {
            shape = Shape.broadcast(shape, c.shape());
        }
        Shape all = shape;
        NDArray stacked = Np.stack(choices.stream().map(c -> Np.broadcastTo(c, all)).toList(), 0);
        return Np.squeeze(takeAlongAxis(stacked, Np.expandDims(Np.broadcastTo(which, shape), 0), 0), 0);
    }

    /// The different elements of an array.
    ///
    /// @param values  ascending, NaN once and last
    /// @param indices where each of them comes first, in row order
    /// @param inverse for every element its position among the values, of the shape of the array
    /// @param counts  how often each of them occurs
    public record Unique(NDArray values, NDArray indices, NDArray inverse, NDArray counts) {}

    /// {@return the different elements, ascending, NaN once and last}
    ///
    /// @throws TracedValueException if the numbers are being traced: how many are different is not known then
    public static NDArray unique(NDArray x) {
        return uniqueAll(x).values();
    }

    /// {@return the different elements with where, and how often, they occur}
    ///
    /// @throws TracedValueException if the numbers are being traced: how many are different is not known then
    public static Unique uniqueAll(NDArray x) {
        if (!x.isKnown()) {
            Diagnosis text = new Diagnosis("unique", "how many elements are different is not known while the function is traced")
                    .got(x.toString())
                    .at(UserCode.line())
                    .fix("find the values before, and use searchsorted(values, x) or segmentSum inside.");
            throw new TracedValueException(text, x);
        }
        NDArray flat = x.reshape(-1);
        int n = flat.size();
        long[] order = Np.argsort(flat, 0).toLongArray();
        Dense sorted = Np.take(flat, NDArray.of(order), 0).known();
        long[] first = new long[n];
        long[] counts = new long[n];
        long[] inverse = new long[n];
        int found = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || differ(sorted, i - 1, i)) {
                first[found++] = order[i];
            }
            counts[found - 1]++;
            inverse[(int) order[i]] = found - 1L;
        }
        NDArray indices = NDArray.of(Arrays.copyOf(first, found));
        return new Unique(
                Np.take(flat, indices, 0), indices, NDArray.of(inverse).reshape(x.shape()), NDArray.of(Arrays.copyOf(counts, found)));
    }

    private static boolean differ(Dense x, int i, int j) {
        if (!x.dtype().isFloating()) {
            return x.longAt(i) != x.longAt(j);
        }
        double a = x.doubleAt(i);
        double b = x.doubleAt(j);
        return a != b && !(Double.isNaN(a) && Double.isNaN(b));
    }

    /// {@return the order that sorts by the last key, at ties by the one before, and so on: NumPy's `lexsort`}
    ///
    /// @param keys vectors of one length, at least one
    public static NDArray lexsort(List<? extends NDArray> keys) {
        NDArray order = Np.argsort(keys.getFirst(), 0);
        for (NDArray key : keys.subList(1, keys.size())) {
            order = Np.take(order, Np.argsort(Np.take(key, order, 0), 0), 0);
        }
        return order;
    }

    /// {@return element by element the choice of the first condition that holds, or the default}
    public static NDArray select(List<? extends NDArray> conditions, List<? extends NDArray> choices, Number otherwise) {
        if (conditions.size() != choices.size()) {
            throw new IllegalArgumentException(
                    "select: there are " + conditions.size() + " conditions and " + choices.size() + " choices.");
        }
        NDArray out = NDArray.as(otherwise);
        for (int i = conditions.size() - 1; i >= 0; i--) {
            out = Np.where(conditions.get(i), choices.get(i), out);
        }
        return out;
    }

    /// {@return 1 at the position that each integer names and 0 elsewhere, along a new last axis; 0 throughout outside the range}
    ///
    /// @param n size of the new axis
    public static NDArray oneHot(NDArray x, int n) {
        return Np.expandDims(x, -1).eq(arange(n)).astype(DType.floating());
    }
}
