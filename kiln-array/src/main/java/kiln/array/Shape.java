package kiln.array;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The sizes of the axes of an array; `[]` is a scalar. Arrays are stored row by row, the last axis fastest.
public final class Shape {
    /// The shape of a scalar.
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        long n = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException(new Diagnosis("Shape", "an axis cannot have size " + d)
                        .got(Arrays.toString(dims))
                        .at(UserCode.line()));
            }
            n *= d;
        }
        if (n > Integer.MAX_VALUE) {
            throw new ShapeException(new Diagnosis("Shape", "an array cannot have more than 2^31 - 1 elements")
                    .got(Arrays.toString(dims))
                    .at(UserCode.line()));
        }
        this.size = (int) n;
    }

    /// {@return the shape with the given axis sizes}
    ///
    /// @param dims sizes, each ≥ 0, at most 2³¹ − 1 elements in all
    /// @throws ShapeException if a size is negative or there are more elements
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /// {@return the number of axes}
    public int rank() {
        return dims.length;
    }

    /// {@return the number of elements}
    public int size() {
        return size;
    }

    /// {@return the size of an axis}
    ///
    /// @param axis from `-rank` to `rank - 1`; negative counts from the end
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /// {@return the axis sizes, a copy}
    public int[] dims() {
        return dims.clone();
    }

    /// {@return `axis` counted from the front}
    ///
    /// @throws ShapeException if there is no such axis
    public int axis(int axis) {
        int a = axis < 0 ? axis + dims.length : axis;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException(new Diagnosis("axis " + axis, "there is no such axis")
                    .expected(dims.length == 0 ? "an array with axes, not a single number" : "an axis from " + -dims.length + " to " + (dims.length - 1))
                    .got("shape " + this)
                    .at(UserCode.line()));
        }
        return a;
    }

    /// {@return this shape followed by the axes of `inner`}
    public Shape then(Shape inner) {
        int[] all = Arrays.copyOf(dims, dims.length + inner.dims.length);
        System.arraycopy(inner.dims, 0, all, dims.length, inner.dims.length);
        return new Shape(all);
    }

    /// {@return the axes from `from` (inclusive) to `to` (exclusive)}
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(dims, from, to));
    }

    /// {@return the last `n` axes}
    public Shape last(int n) {
        return slice(dims.length - n, dims.length);
    }

    /// {@return all but the last `n` axes}
    public Shape dropLast(int n) {
        return slice(0, dims.length - n);
    }

    /// {@return the shape with one axis replaced by another size}
    public Shape with(int axis, int dim) {
        int[] d = dims.clone();
        d[axis(axis)] = dim;
        return new Shape(d);
    }

    /// {@return the shape without the given axes}
    public Shape drop(Axes axes) {
        return new Shape(IntStream.range(0, dims.length).filter(a -> !axes.contains(a)).map(a -> dims[a]).toArray());
    }

    /// {@return the shape with the given axes of size 1}
    public Shape keep(Axes axes) {
        return new Shape(IntStream.range(0, dims.length).map(a -> axes.contains(a) ? 1 : dims[a]).toArray());
    }

    /// {@return how far apart in memory neighbours along each axis lie, in elements}
    public int[] strides() {
        int[] s = new int[dims.length];
        int step = 1;
        for (int a = dims.length - 1; a >= 0; a--) {
            s[a] = step;
            step *= dims[a];
        }
        return s;
    }

    /// {@return whether arrays of this shape broadcast to `target`: aligned at the last axis, each size equal or 1}
    public boolean broadcastsTo(Shape target) {
        int extra = target.dims.length - dims.length;
        if (extra < 0) {
            return false;
        }
        for (int a = 0; a < dims.length; a++) {
            if (dims[a] != 1 && dims[a] != target.dims[a + extra]) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether two shapes broadcast against each other}
    public static boolean fit(Shape a, Shape b) {
        for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
            if (a.dim(-i) != b.dim(-i) && a.dim(-i) != 1 && b.dim(-i) != 1) {
                return false;
            }
        }
        return true;
    }

    /// {@return the shape to which all the given shapes broadcast (NumPy's rule)}
    ///
    /// @throws ShapeException if an axis has two different sizes, neither of them 1
    public static Shape broadcast(Shape... shapes) {
        int rank = 0;
        for (Shape s : shapes) {
            rank = Math.max(rank, s.dims.length);
        }
        int[] out = new int[rank];
        Arrays.fill(out, 1);
        for (Shape s : shapes) {
            for (int a = 0; a < s.dims.length; a++) {
                int at = a + rank - s.dims.length;
                if (s.dims[a] != 1) {
                    if (out[at] != 1 && out[at] != s.dims[a]) {
                        throw new ShapeException(new Diagnosis("broadcasting", "the shapes do not fit together")
                                .expected("sizes that are equal or 1, aligned at the last axis")
                                .got(Arrays.stream(shapes).map(Shape::toString).collect(Collectors.joining(" and "))
                                        + ": " + out[at] + " and " + s.dims[a] + " at axis " + (at - rank))
                                .at(UserCode.line())
                                .fix("add an axis of size 1 with expandDims, or reshape one of them."));
                    }
                    out[at] = s.dims[a];
                }
            }
        }
        return of(out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
