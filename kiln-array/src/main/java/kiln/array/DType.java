package kiln.array;

import java.util.function.Supplier;

/// The element type of an array.
///
/// Floating arrays that nobody typed (draws, `Np.zeros`, Java numbers) get the default floating type: `float64`, unless
/// [#withDefault] runs the program in `float32`, as JAX does by default.
///
/// Two operands meet in the type of this table, JAX's with 64-bit types enabled. `int` and `double` are Java numbers (weakly typed): they
/// give way to an array of their own or a higher kind, and make an array of a lower kind theirs.
///
/// | | bool | int32 | int64 | float32 | float64 | `int` | `double` |
/// |---|---|---|---|---|---|---|---|
/// | **bool** | bool | int32 | int64 | float32 | float64 | int64 | default |
/// | **int32** | int32 | int32 | int64 | float32 | float64 | int32 | default |
/// | **int64** | int64 | int64 | int64 | float32 | float64 | int64 | default |
/// | **float32** | float32 | float32 | float32 | float32 | float64 | float32 | float32 |
/// | **float64** | float64 | float64 | float64 | float64 | float64 | float64 | float64 |
///
/// *default* is [#floating]. What Java numbers alone give stays weakly typed, and so does an array whose kind came from a number
/// (`int32 + 1.5`, which times a `float32` array is `float32`). Functions with floating values (`exp`, division) take integers of
/// either width to the default type.
///
/// Integers wrap around at the ends of their range. `floorDivide` rounds towards −∞ and `rem` has the sign of the divisor, as in Python;
/// by zero they give −2 (−1 for `0 / 0`) and 0, no exception, as in JAX 0.10. `div` of integers is floating. `−MIN`, `|MIN|` and
/// `MIN / −1` are `MIN`. Floating numbers become integers by truncation; beyond the range the nearest end, and 0 for NaN.
public enum DType {
    /// Truth values, stored as `boolean`.
    BOOL("bool", 0, 1),
    /// 32-bit integers with wrap-around.
    INT32("int32", 1, 4),
    /// 64-bit integers with wrap-around.
    INT64("int64", 1, 8),
    /// IEEE single precision. Every operation is computed in double precision and rounded once.
    FLOAT32("float32", 2, 4),
    /// IEEE double precision, the default.
    FLOAT64("float64", 2, 8);

    private static final ScopedValue<DType> DEFAULT = ScopedValue.newInstance();

    private final String label;
    private final int category;
    private final int bytes;

    DType(String label, int category, int bytes) {
        this.label = label;
        this.category = category;
        this.bytes = bytes;
    }

    /// {@return whether this is `float32` or `float64`}
    public boolean isFloating() {
        return category == 2;
    }

    /// {@return whether this is `int32` or `int64`}
    public boolean isInteger() {
        return category == 1;
    }

    /// {@return the size of one element in bytes}
    public int bytes() {
        return bytes;
    }

    /// {@return the floating type of draws and of Java numbers: `float64` unless [#withDefault] says otherwise}
    public static DType floating() {
        return DEFAULT.isBound() ? DEFAULT.get() : FLOAT64;
    }

    /// Runs `body` with another default floating type; `withDefault(FLOAT32, …)` is JAX's default mode.
    ///
    /// @param dtype `FLOAT32` or `FLOAT64`
    /// @param body  what to run; threads it starts do not inherit the setting
    /// @return what `body` returns
    /// @throws IllegalArgumentException if `dtype` is not floating
    public static <T> T withDefault(DType dtype, Supplier<T> body) {
        return scope(dtype).call(body::get);
    }

    /// Runs `body` with another default floating type, see [#withDefault(DType, Supplier)].
    ///
    /// @param dtype `FLOAT32` or `FLOAT64`
    /// @param body  what to run
    /// @throws IllegalArgumentException if `dtype` is not floating
    public static void withDefault(DType dtype, Runnable body) {
        scope(dtype).run(body);
    }

    private static ScopedValue.Carrier scope(DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("DType.withDefault: the default floating type cannot be " + dtype + ".");
        }
        return ScopedValue.where(DEFAULT, dtype);
    }

    /// The type in which two arrays meet, as in JAX: the wider of one category, the higher of two; `float32` stays
    /// `float32` when it meets an integer.
    ///
    /// @return the common type
    public static DType promote(DType a, DType b) {
        if (a.category != b.category) {
            return a.category > b.category ? a : b;
        }
        return a.bytes >= b.bytes ? a : b;
    }

    /// The type in which two operands meet when a Java number is weakly typed: it never widens an array of its own or a
    /// higher category.
    ///
    /// @return the common type of the two operands
    public static DType promote(Aval a, Aval b) {
        if (a.weak() == b.weak()) {
            return promote(a.dtype(), b.dtype());
        }
        DType weak = a.weak() ? a.dtype() : b.dtype();
        DType strong = a.weak() ? b.dtype() : a.dtype();
        return weak.category <= strong.category ? strong : weak;
    }

    @Override
    public String toString() {
        return label;
    }
}
