package kiln.array;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An array whose numbers are in memory, row by row.
@SuppressWarnings("serial")
public final class Dense extends NDArray {
    private final Aval aval;
    private final Object storage;

    private Dense(Aval aval, Object storage) {
        this.aval = aval;
        this.storage = storage;
    }

    /// {@return an array over the given Java array, which is not copied and must not be changed afterwards}
    ///
    /// @throws ShapeException if the number of elements does not fit
    public static Dense of(Aval aval, Object storage) {
        if (Storage.length(storage) != aval.shape().size()) {
            throw new ShapeException(new Diagnosis("NDArray.of", "the number of elements does not fit the shape")
                    .expected(aval.shape().size() + " elements for shape " + aval.shape())
                    .got(Storage.length(storage) + " elements")
                    .at(UserCode.line()));
        }
        return new Dense(aval, storage);
    }

    /// {@return the number whose bits all elements have, as a scalar of the same type; null if they differ or there is none}
    public @Nullable Dense repeated() {
        if (size() == 0 || !Storage.isUniform(storage)) {
            return null;
        }
        Object one = Storage.allocate(dtype(), 1);
        if (dtype().isFloating()) {
            Storage.setDouble(one, 0, doubleAt(0));
        } else {
            Storage.setLong(one, 0, longAt(0));
        }
        return new Dense(aval().withShape(Shape.SCALAR), one);
    }

    /// {@return a weakly typed scalar of a given type}
    static NDArray ofNumber(Number value, DType dtype) {
        Object storage = Storage.allocate(dtype, 1);
        Storage.setDouble(storage, 0, value.doubleValue());
        return new Dense(new Aval(dtype, Shape.SCALAR, true), storage);
    }

    static NDArray ofNumber(Number value) {
        Objects.requireNonNull(value, "an array operand is null");
        if (value instanceof NDArray x) {
            return x;
        }
        if (value instanceof Double || value instanceof Float) {
            return ofNumber(value, DType.floating());
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return new Dense(new Aval(DType.INT64, Shape.SCALAR, true), new long[] {value.longValue()});
        }
        throw new IllegalArgumentException(
                new Diagnosis("NDArray.as", "a " + value.getClass().getSimpleName() + " is not a number Kiln computes with")
                        .at(UserCode.line())
                        .fix("pass value.doubleValue().")
                        .message());
    }

    @Override
    public Aval aval() {
        return aval;
    }

    @Override
    public Dense known() {
        return this;
    }

    @Override
    public boolean isKnown() {
        return true;
    }

    /// {@return the Java array with the elements; not to be changed}
    public Object storage() {
        return storage;
    }

    /// {@return element `i` in row order, as a double}
    public double doubleAt(int i) {
        return Storage.getDouble(storage, i);
    }

    /// {@return element `i` in row order, truncated to an integer}
    public long longAt(int i) {
        return Storage.getLong(storage, i);
    }

    /// {@return whether shape, element type and every bit are equal}
    public boolean sameAs(Dense other) {
        return aval.equals(other.aval) && Storage.sameBits(storage, other.storage);
    }

    @Override
    public String toString() {
        return Printing.text(this);
    }
}
