package kiln.array;

import static kiln.array.Np.arange;
import static kiln.array.Np.concatenate;
import static kiln.array.Np.expandDims;
import static kiln.array.Np.where;
import static kiln.array.Np.zerosLike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The functions of [Np] that split, repeat, shift, pad and join arrays; all of them compositions of moves and gathers.
abstract class ShapeFunctions extends NanFunctions {
    ShapeFunctions() {}

    /// {@return the elements in row order, as a vector}
    public static NDArray ravel(NDArray x) {
        return x.reshape(-1);
    }

    /// {@return the elements from `start` to before `stop` of an axis}
    static NDArray part(NDArray x, int axis, int start, int stop) {
        Index[] indices = new Index[axis + 1];
        Arrays.fill(indices, Index.ALL);
        indices[axis] = Index.slice(start, stop);
        return x.get(indices);
    }

    // ---- split and join

    /// {@return `sections` equal parts along an axis}
    ///
    /// @throws ShapeException if the axis cannot be divided equally
    public static List<NDArray> split(NDArray x, int sections, int axis) {
        int n = x.size(axis);
        if (sections < 1 || n % sections != 0) {
            throw new ShapeException(new Diagnosis("split", "the axis cannot be divided into equal parts")
                    .expected("a divisor of " + n + ", the size of axis " + axis + " of shape " + x.shape())
                    .got(sections + " parts")
                    .at(UserCode.line())
                    .fix("use arraySplit(x, " + sections + ", " + axis + "), whose parts may differ by one."));
        }
        return arraySplit(x, sections, axis);
    }

    /// {@return the parts between the given positions along an axis}
    ///
    /// @param positions where to cut, ascending
    public static List<NDArray> split(NDArray x, int[] positions, int axis) {
        int at = x.shape().axis(axis);
        int n = x.size(at);
        List<NDArray> out = new ArrayList<>();
        int from = 0;
        for (int p : positions) {
            int to = Math.clamp(p < 0 ? p + n : p, 0, n);
            out.add(part(x, at, from, Math.max(from, to)));
            from = to;
        }
        out.add(part(x, at, from, n));
        return out;
    }

    /// {@return `sections` parts along an axis; the first ones are larger by one if it does not divide}
    public static List<NDArray> arraySplit(NDArray x, int sections, int axis) {
        int n = x.size(axis);
        int[] positions = IntStream.range(1, sections).map(i -> i * (n / sections) + Math.min(i, n % sections)).toArray();
        return split(x, positions, axis);
    }

    /// {@return equal parts along axis 1, of a vector along axis 0}
    public static List<NDArray> hsplit(NDArray x, int sections) {
        return split(x, sections, x.rank() == 1 ? 0 : 1);
    }

    /// {@return equal parts along axis 0}
    public static List<NDArray> vsplit(NDArray x, int sections) {
        return split(x, sections, 0);
    }

    /// {@return the arrays joined along axis 0; vectors are rows}
    public static NDArray vstack(List<? extends NDArray> parts) {
        return concatenate(parts.stream().map(ShapeFunctions::atleast2d).toList(), 0);
    }

    /// {@return the arrays joined along axis 1, vectors along axis 0}
    public static NDArray hstack(List<? extends NDArray> parts) {
        List<NDArray> all = parts.stream().map(ShapeFunctions::atleast1d).toList();
        return concatenate(all, all.getFirst().rank() == 1 ? 0 : 1);
    }

    /// {@return the arrays joined along axis 2; matrices and vectors get the axes they lack}
    public static NDArray dstack(List<? extends NDArray> parts) {
        return concatenate(parts.stream().map(ShapeFunctions::atleast2d).map(x -> x.rank() == 2 ? expandDims(x, 2) : x).toList(), 2);
    }

    /// {@return a matrix whose columns are the vectors; matrices contribute their columns}
    public static NDArray columnStack(List<? extends NDArray> parts) {
        return concatenate(parts.stream().map(x -> x.rank() < 2 ? x.reshape(-1, 1) : x).toList(), 1);
    }

    /// {@return `values` put behind `x` along an axis}
    public static NDArray append(NDArray x, NDArray values, int axis) {
        return concatenate(List.of(x, values), axis);
    }

    // ---- repeat and shift

    /// {@return the array repeated as a whole, `repetitions[a]` times along axis `a`, aligned at the last axis}
    public static NDArray tile(NDArray x, int... repetitions) {
        int rank = Math.max(x.rank(), repetitions.length);
        Shape own = Shape.of(IntStream.range(0, rank - x.rank()).map(_ -> 1).toArray()).then(x.shape());
        int[] from = new int[2 * rank];
        int[] to = new int[2 * rank];
        int[] dims = new int[rank];
        for (int a = 0; a < rank; a++) {
            int k = a - (rank - repetitions.length);
            from[2 * a] = 1;
            to[2 * a] = k < 0 ? 1 : repetitions[k];
            from[2 * a + 1] = own.dim(a);
            to[2 * a + 1] = own.dim(a);
            dims[a] = to[2 * a] * own.dim(a);
        }
        return Np.broadcastTo(x.reshape(Shape.of(from)), Shape.of(to)).reshape(Shape.of(dims));
    }

    /// {@return every element repeated `times` times in place along an axis}
    public static NDArray repeat(NDArray x, int times, int axis) {
        int at = x.shape().axis(axis);
        NDArray apart = expandDims(x, at + 1);
        return Np.broadcastTo(apart, apart.shape().with(at + 1, times)).reshape(x.shape().with(at, x.size(at) * times));
    }

    /// {@return element `i` of an axis repeated `times[i]` times}
    public static NDArray repeat(NDArray x, int[] times, int axis) {
        if (times.length != x.size(axis)) {
            throw new ShapeException(new Diagnosis("repeat", "there is not one count for every element")
                    .expected(x.size(axis) + " counts for axis " + axis + " of shape " + x.shape())
                    .got(times.length + " counts")
                    .at(UserCode.line()));
        }
        int[] positions = IntStream.range(0, times.length).flatMap(i -> IntStream.generate(() -> i).limit(times[i])).toArray();
        return Np.take(x, NDArray.of(positions), axis);
    }

    /// {@return the elements moved by `shift` places along an axis; what leaves at the end comes back in front}
    public static NDArray roll(NDArray x, int shift, int axis) {
        int at = x.shape().axis(axis);
        int n = x.size(at);
        int k = n == 0 ? 0 : Math.floorMod(shift, n);
        return k == 0 ? x : concatenate(List.of(part(x, at, n - k, n), part(x, at, 0, n - k)), at);
    }

    /// {@return the order of the columns, axis 1, reversed}
    public static NDArray fliplr(NDArray x) {
        return Np.flip(x, 1);
    }

    /// {@return the order of the rows, axis 0, reversed}
    public static NDArray flipud(NDArray x) {
        return Np.flip(x, 0);
    }

    /// {@return the first two axes turned by `k` right angles, from the first towards the second}
    public static NDArray rot90(NDArray x, int k) {
        return switch (Math.floorMod(k, 4)) {
            case 1 -> Np.flip(Np.swapaxes(x, 0, 1), 0);
            case 2 -> Np.flip(x, 0, 1);
            case 3 -> Np.swapaxes(Np.flip(x, 0), 0, 1);
            default -> x;
        };
    }

    // ---- padding

    /// {@return the array with a number put before and after each axis}
    ///
    /// @param widths for each axis two numbers, before and after; ≥ 0
    public static NDArray pad(NDArray x, int[][] widths, Number value) {
        NDArray inside = Np.pad(Np.full(x.shape(), 1, DType.BOOL), widths);
        return where(inside, Np.pad(x, widths), Np.asNDArray(value)).astype(x.dtype());
    }

    /// What comes before and after an array that is padded with its own elements.
    public enum PadMode {
        /// the element at the edge: `a a | a b c | c c`
        EDGE,
        /// mirrored at the element at the edge: `c b | a b c | b a`
        REFLECT,
        /// mirrored at the edge itself: `b a | a b c | c b`
        SYMMETRIC,
        /// the array again: `b c | a b c | a b`
        WRAP;

        private int source(int i, int n) {
            return switch (this) {
                case EDGE -> Math.clamp(i, 0, n - 1);
                case WRAP -> Math.floorMod(i, n);
                case SYMMETRIC -> {
                    int k = Math.floorMod(i, 2 * n);
                    yield k < n ? k : 2 * n - 1 - k;
                }
                case REFLECT -> {
                    int k = n == 1 ? 0 : Math.floorMod(i, 2 * n - 2);
                    yield k < n ? k : 2 * n - 2 - k;
                }
            };
        }
    }

    /// {@return the array continued before and after each axis by its own elements}
    ///
    /// @param widths for each axis two numbers, before and after; ≥ 0
    /// @throws ShapeException if an axis to be continued is empty
    public static NDArray pad(NDArray x, int[][] widths, PadMode mode) {
        NDArray out = x;
        for (int a = 0; a < widths.length; a++) {
            int n = x.size(a);
            int low = widths[a][0];
            if (low == 0 && widths[a][1] == 0) {
                continue;
            }
            if (n == 0) {
                throw new ShapeException(new Diagnosis("pad", "an empty axis has no elements to continue with")
                        .got("axis " + a + " of shape " + x.shape())
                        .at(UserCode.line()));
            }
            int[] from = IntStream.range(-low, n + widths[a][1]).map(i -> mode.source(i, n)).toArray();
            out = Np.take(out, NDArray.of(from), a);
        }
        return out;
    }

    // ---- ranks, grids, triangles

    /// {@return the array with at least one axis}
    public static NDArray atleast1d(NDArray x) {
        return x.rank() == 0 ? x.reshape(1) : x;
    }

    /// {@return the array with at least two axes; a vector is a row}
    public static NDArray atleast2d(NDArray x) {
        return x.rank() < 2 ? x.reshape(1, -1) : x;
    }

    /// {@return the arrays broadcast to their common shape}
    public static List<NDArray> broadcastArrays(NDArray... arrays) {
        Shape shape = Shape.broadcast(Arrays.stream(arrays).map(NDArray::shape).toArray(Shape[]::new));
        return Arrays.stream(arrays).map(x -> Np.broadcastTo(x, shape)).toList();
    }

    /// {@return coordinate arrays `[n₀, n₁, …]` of the grid over vectors: the `k`-th varies along axis `k` (NumPy's `indexing="ij"`)}
    public static List<NDArray> meshgrid(NDArray... vectors) {
        Shape shape = Shape.of(Arrays.stream(vectors).mapToInt(NDArray::size).toArray());
        return IntStream.range(0, vectors.length)
                .mapToObj(k -> Np.broadcastTo(along(vectors[k], vectors.length, k), shape))
                .toList();
    }

    /// {@return the matrix `[n, m]` with ones on and below diagonal `k`, zeros elsewhere}
    public static NDArray tri(int n, int m, int k) {
        return below(n, m, k).astype(DType.floating());
    }

    private static NDArray below(int n, int m, int k) {
        return Np.greaterEqual(arange(n).reshape(n, 1).plus(k), arange(m));
    }

    /// {@return the matrices with zeros above diagonal `k`}
    public static NDArray tril(NDArray x, int k) {
        return where(below(x.size(-2), x.size(-1), k), x, zerosLike(x));
    }

    /// {@return the matrices with zeros below the diagonal}
    public static NDArray triu(NDArray x) {
        return triu(x, 0);
    }

    /// {@return the matrices with zeros below diagonal `k`}
    public static NDArray triu(NDArray x, int k) {
        return where(below(x.size(-2), x.size(-1), k - 1), zerosLike(x), x);
    }

    /// {@return row and column numbers of the elements on and below diagonal `k` of an `[n, m]` matrix, in row order}
    public static List<NDArray> trilIndices(int n, int k, int m) {
        return IndexingFunctions.nonzero(below(n, m, k));
    }

    /// {@return row and column numbers of the elements on and above diagonal `k` of an `[n, m]` matrix, in row order}
    public static List<NDArray> triuIndices(int n, int k, int m) {
        return IndexingFunctions.nonzero(Np.logicalNot(below(n, m, k - 1)));
    }
}
