package kiln.array;

import kiln.graph.Traced;
import kiln.op.Bind;

/// An array of numbers or truth values with a shape and an element type; immutable.
///
/// It is either [Dense] (numbers in memory) or [Traced] (a node of a graph being built); every operation accepts both. Because
/// it is a `Number`, one parameter of type `Number` takes a Java number or an array: `x.plus(1)`, `new Normal(mu, 1)`. A Java
/// number is weakly typed: it takes the element type of the array it meets.
///
/// Operations broadcast as NumPy's do: shapes are aligned at the last axis, axes of size 1 are repeated. The names of the
/// arithmetic are Kotlin's operator names, so that a Kotlin program writes `a + b * x`. Functions that mathematics writes in
/// front (`exp(x)`, `where(c, a, b)`) are in [Np].
@SuppressWarnings("serial")
public abstract sealed class NDArray extends Number permits Dense, Traced {
    /// For the two kinds of array.
    protected NDArray() {}

    /// {@return element type and shape}
    public abstract Aval aval();

    /// {@return the element type}
    public final DType dtype() {
        return aval().dtype();
    }

    /// {@return the shape}
    public final Shape shape() {
        return aval().shape();
    }

    /// {@return the number of axes}
    public final int rank() {
        return shape().rank();
    }

    /// {@return the number of elements}
    public final int size() {
        return shape().size();
    }

    /// {@return the size of one axis; negative axes count from the end}
    public final int size(int axis) {
        return shape().dim(axis);
    }

    /// {@return the numbers themselves}
    ///
    /// @throws TracedValueException if this value is being traced and its numbers are not known
    public abstract Dense known();

    /// {@return whether the numbers are known: false only inside a function that is being traced}
    public abstract boolean isKnown();

    // ---- made from Java values

    /// {@return a scalar or the array itself: Java numbers become weakly typed scalars}
    ///
    /// @param value an `NDArray`, `Integer`, `Long`, `Short`, `Byte`, `Double` or `Float`
    /// @throws IllegalArgumentException for another kind of number
    public static NDArray as(Number value) {
        return Dense.ofNumber(value);
    }

    /// {@return an array of the given shape over the elements in row order; the Java array is copied}
    public static NDArray of(Shape shape, double... values) {
        return Dense.of(new Aval(DType.FLOAT64, shape), values.clone());
    }

    /// {@return a vector}
    public static NDArray of(double... values) {
        return of(Shape.of(values.length), values);
    }

    /// {@return a vector of `float32`}
    public static NDArray of(float... values) {
        return Dense.of(new Aval(DType.FLOAT32, Shape.of(values.length)), values.clone());
    }

    /// {@return a vector of `int64`}
    public static NDArray of(long... values) {
        return Dense.of(new Aval(DType.INT64, Shape.of(values.length)), values.clone());
    }

    /// {@return a vector of `int32`}
    public static NDArray of(int... values) {
        return Dense.of(new Aval(DType.INT32, Shape.of(values.length)), values.clone());
    }

    /// {@return a vector of truth values}
    public static NDArray of(boolean... values) {
        return Dense.of(new Aval(DType.BOOL, Shape.of(values.length)), values.clone());
    }

    /// An array over a Java array, which is not copied: it must not be changed afterwards, since arrays are immutable.
    /// The way back without a copy is [Dense#storage], with the same condition.
    ///
    /// @param elements `double[]`, `float[]`, `long[]`, `int[]` or `boolean[]`, in row order; decides the element type
    /// @return the array
    /// @throws ShapeException if the number of elements does not fit
    /// @throws IllegalArgumentException for another kind of object
    public static NDArray wrap(Shape shape, Object elements) {
        return Dense.of(new Aval(Storage.dtype(elements), shape), elements);
    }

    /// {@return a matrix with the given rows, which are copied}
    ///
    /// @throws ShapeException if the rows differ in length
    public static NDArray of(double[][] rows) {
        return nested(rows);
    }

    /// {@return an array over a nested Java array of any depth: `double[][]`, `int[][][]`, `boolean[][]`, …; the elements are copied}
    ///
    /// A flat array is taken without copying by [#wrap].
    ///
    /// @param rows the elements; their kind decides the element type
    /// @throws ShapeException if parts of one depth differ in length
    /// @throws IllegalArgumentException for another kind of object
    public static NDArray nested(Object rows) {
        return NestedArrays.read(rows);
    }

    // ---- arithmetic

    /// {@return `this + other`, element by element}
    public final NDArray plus(Number other) {
        return Np.add(this, other);
    }

    /// {@return `this − other`, element by element}
    public final NDArray minus(Number other) {
        return Np.subtract(this, other);
    }

    /// {@return `this · other`, element by element}
    public final NDArray times(Number other) {
        return Np.multiply(this, other);
    }

    /// {@return `this / other`, element by element; integers become floating first}
    public final NDArray div(Number other) {
        return Np.divide(this, other);
    }

    /// {@return the remainder of `this / other` with the sign of `other`}
    public final NDArray rem(Number other) {
        return Np.remainder(this, other);
    }

    /// {@return `this` to the power `other`}
    public final NDArray pow(Number other) {
        return Np.pow(this, other);
    }

    /// {@return `−this`}
    public final NDArray unaryMinus() {
        return Np.negative(this);
    }

    // ---- comparison

    /// {@return where `this < other`}
    public final NDArray lt(Number other) {
        return Np.less(this, other);
    }

    /// {@return where `this ≤ other`}
    public final NDArray le(Number other) {
        return Np.lessEqual(this, other);
    }

    /// {@return where `this > other`}
    public final NDArray gt(Number other) {
        return Np.greater(this, other);
    }

    /// {@return where `this ≥ other`}
    public final NDArray ge(Number other) {
        return Np.greaterEqual(this, other);
    }

    /// {@return where `this = other`}
    public final NDArray eq(Number other) {
        return Np.equal(this, other);
    }

    /// {@return where `this ≠ other`}
    public final NDArray ne(Number other) {
        return Np.notEqual(this, other);
    }

    // ---- reductions

    /// {@return the sum over the given axes, or over all}
    public final NDArray sum(int... axes) {
        return Np.sum(this, axes);
    }

    /// {@return the mean over the given axes, or over all}
    public final NDArray mean(int... axes) {
        return Np.mean(this, axes);
    }

    /// {@return the largest element over the given axes, or over all}
    public final NDArray max(int... axes) {
        return Np.max(this, axes);
    }

    /// {@return the smallest element over the given axes, or over all}
    public final NDArray min(int... axes) {
        return Np.min(this, axes);
    }

    // ---- shape

    /// {@return the same elements under another shape}
    ///
    /// @throws ShapeException if the number of elements changes
    public final NDArray reshape(Shape shape) {
        return Np.reshape(this, shape);
    }

    /// {@return the same elements under another shape; one size may be −1, meaning "whatever is left"}
    public final NDArray reshape(int... dims) {
        return Np.reshape(this, dims);
    }

    /// {@return the axes in another order, reversed if none is given}
    public final NDArray transpose(int... permutation) {
        return Np.transpose(this, permutation);
    }

    /// {@return the array without the given axes of size 1, or without all of them}
    public final NDArray squeeze(int... axes) {
        return Np.squeeze(this, axes);
    }

    /// {@return the array with a new axis of size 1 at a position}
    public final NDArray expandDims(int axis) {
        return Np.expandDims(this, axis);
    }

    /// {@return part of the array: one [Index] per axis from the front, see [Index]}
    public final NDArray get(Index... indices) {
        return Indexer.get("get", this, indices);
    }

    /// {@return the part at the given positions of the leading axes; negative positions count from the end}
    public final NDArray get(int... positions) {
        return Indexer.get("get", this, Indexer.at(positions));
    }

    /// {@return the elements at integer positions of axis 0, or those for which a known mask over the leading axes holds}
    ///
    /// @throws TracedValueException if a mask is being traced
    public final NDArray get(NDArray positionsOrMask) {
        return Indexer.get("get", this, positionsOrMask);
    }

    /// {@return a part that is to be replaced, as in `x.at(slice(1, 3)).set(0)`; this array stays what it is}
    public final Update at(Index... indices) {
        return Update.of(this, indices);
    }

    /// {@return the part at the given positions of the leading axes, to be replaced}
    public final Update at(int... positions) {
        return Update.of(this, Indexer.at(positions));
    }

    /// {@return the elements at integer positions of axis 0, or where a known mask over the leading axes holds, to be replaced}
    ///
    /// @throws TracedValueException if a mask is being traced
    public final Update at(NDArray positionsOrMask) {
        return Update.of(this, positionsOrMask);
    }

    /// {@return the matrix product, see [Np#matmul]}
    public final NDArray matmul(NDArray other) {
        return Np.matmul(this, other);
    }

    /// {@return the array converted to another element type}
    public final NDArray astype(DType dtype) {
        return Np.astype(this, dtype);
    }

    // ---- numbers out

    /// {@return the only element as a double: Python's `float(x)`}
    ///
    /// @throws ShapeException if there is not exactly one element
    /// @throws TracedValueException if the value is being traced
    public final double item() {
        Dense x = known();
        if (x.size() != 1) {
            throw new ShapeException(new Diagnosis("item()", "the array does not have exactly one element")
                    .got("shape " + shape())
                    .at(UserCode.line())
                    .fix("pick one with get(i), or reduce with sum() or mean()."));
        }
        return x.doubleAt(0);
    }

    /// {@return whether the only element is true, or not zero}
    ///
    /// @throws ShapeException if there is not exactly one element
    /// @throws TracedValueException if the value is being traced
    public final boolean isTrue() {
        // A traced number is read as the condition that it is not zero: reading its value would fix more than was asked.
        return (isKnown() || dtype() == DType.BOOL) ? item() != 0 : ne(0).item() != 0;
    }

    /// {@return the elements in row order, as doubles, a copy}
    ///
    /// @throws TracedValueException if the value is being traced
    public final double[] toDoubleArray() {
        Dense x = known();
        double[] out = new double[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = x.doubleAt(i);
        }
        return out;
    }

    /// {@return the elements in row order, truncated to integers, a copy}
    ///
    /// @throws TracedValueException if the value is being traced
    public final long[] toLongArray() {
        Dense x = known();
        long[] out = new long[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = x.longAt(i);
        }
        return out;
    }

    /// {@return the elements in row order, rounded to single precision, a copy}
    ///
    /// @throws TracedValueException if the value is being traced
    public final float[] toFloatArray() {
        Dense x = known();
        float[] out = new float[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) x.doubleAt(i);
        }
        return out;
    }

    /// {@return the elements in row order, converted as by `astype(INT32)`, a copy}
    ///
    /// @throws TracedValueException if the value is being traced
    public final int[] toIntArray() {
        return ((int[]) Np.astype(known(), DType.INT32).known().storage()).clone();
    }

    /// {@return in row order where the elements are not zero, a copy}
    ///
    /// @throws TracedValueException if the value is being traced
    public final boolean[] toBooleanArray() {
        return ((boolean[]) Np.astype(known(), DType.BOOL).known().storage()).clone();
    }

    /// The elements as a nested Java array with as many levels as the array has axes, a copy: `(float[][]) x.toNestedArray()`.
    ///
    /// @return `double[]`, `double[][]`, … or the same of `float`, `long`, `int` or `boolean`, by element type; for a scalar an array of
    ///     one element
    /// @throws TracedValueException if the value is being traced
    public final Object toNestedArray() {
        return NestedArrays.write(known());
    }

    @Override
    public final double doubleValue() {
        return item();
    }

    @Override
    public final float floatValue() {
        return (float) item();
    }

    @Override
    public final long longValue() {
        return (long) item();
    }

    @Override
    public final int intValue() {
        return (int) item();
    }

    /// The value with its derivative cut off: a constant for every transform.
    ///
    /// @return the same numbers
    public final NDArray stopGradient() {
        return Bind.apply(new kiln.op.StopGradient(), this);
    }
}
