package kiln.array;

/// What is known of an array without its numbers: element type and shape ("abstract value").
///
/// @param dtype element type
/// @param shape sizes of the axes
/// @param weak  whether the value is a Java number, whose type gives way to that of an array
public record Aval(DType dtype, Shape shape, boolean weak) {
    /// A strongly typed value.
    public Aval(DType dtype, Shape shape) {
        this(dtype, shape, false);
    }

    /// {@return the same with another shape}
    public Aval withShape(Shape other) {
        return new Aval(dtype, other, weak);
    }

    /// {@return the same with another element type}
    public Aval withDType(DType other) {
        return new Aval(other, shape, weak);
    }

    // By hand, as they are needed for every node: what a record has by itself is linked when it is first called.
    @Override
    public boolean equals(Object other) {
        return other instanceof Aval a && dtype == a.dtype && weak == a.weak && shape.equals(a.shape);
    }

    @Override
    public int hashCode() {
        return (31 * dtype.hashCode() + shape.hashCode()) * 2 + (weak ? 1 : 0);
    }

    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
