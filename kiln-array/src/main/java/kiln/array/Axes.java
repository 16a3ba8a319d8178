package kiln.array;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A list of axes (or of one integer per axis) with value equality, as the parameter of an operation.
public final class Axes {
    private final int[] axes;

    private Axes(int[] axes) {
        this.axes = axes;
    }

    /// {@return the given integers in the given order}
    public static Axes of(int... axes) {
        return new Axes(axes.clone());
    }

    /// {@return the given axes of a shape, counted from the front and sorted; all axes if none is given}
    ///
    /// @throws ShapeException if an axis does not exist
    public static Axes normalized(Shape shape, int... axes) {
        if (axes.length == 0) {
            return new Axes(IntStream.range(0, shape.rank()).toArray());
        }
        return new Axes(Arrays.stream(axes).map(shape::axis).sorted().distinct().toArray());
    }

    /// {@return how many there are}
    public int count() {
        return axes.length;
    }

    /// {@return the integer at a position}
    public int get(int position) {
        return axes[position];
    }

    /// {@return whether `axis` is among them}
    public boolean contains(int axis) {
        return Arrays.stream(axes).anyMatch(a -> a == axis);
    }

    /// {@return a copy as a Java array}
    public int[] toArray() {
        return axes.clone();
    }

    /// {@return every axis moved by `n` to the right: what they are called after `n` axes were put in front}
    public Axes shifted(int n) {
        return new Axes(Arrays.stream(axes).map(a -> a + n).toArray());
    }

    /// {@return the list with `first` put in front}
    public Axes prepend(int first) {
        return new Axes(IntStream.concat(IntStream.of(first), Arrays.stream(axes)).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axes a && Arrays.equals(axes, a.axes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(axes);
    }

    @Override
    public String toString() {
        return Arrays.toString(axes);
    }
}
