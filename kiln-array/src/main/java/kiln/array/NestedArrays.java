package kiln.array;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Arrays from nested Java arrays and back; both ways copy, row by row.
final class NestedArrays {
    private NestedArrays() {}

    static NDArray read(Object nested) {
        Class<?> kind = nested.getClass();
        int rank = 0;
        while (kind.isArray()) {
            kind = kind.getComponentType();
            rank++;
        }
        DType dtype = dtype(kind, rank, nested);
        List<Integer> sizes = new ArrayList<>();
        for (Object part = nested; sizes.size() < rank; part = Array.get(part, 0)) {
            sizes.add(Array.getLength(part));
            if (Array.getLength(part) == 0) {
                break;
            }
        }
        // Below an empty level there is nothing to count.
        int[] dims = Arrays.copyOf(sizes.stream().mapToInt(i -> i).toArray(), rank);
        Shape shape = Shape.of(dims);
        Object storage = Storage.allocate(dtype, shape.size());
        copy(nested, dims, List.of(), storage, 0);
        return Dense.of(new Aval(dtype, shape), storage);
    }

    private static DType dtype(Class<?> kind, int rank, Object nested) {
        for (DType d : DType.values()) {
            if (rank > 0 && Storage.allocate(d, 0).getClass().getComponentType() == kind) {
                return d;
            }
        }
        throw new IllegalArgumentException(new Diagnosis("NDArray.nested", "this is no array of numbers or truth values")
                .expected("double, float, long, int or boolean with one pair of brackets or more")
                .got(nested.getClass().getSimpleName())
                .at(UserCode.line())
                .message());
    }

    /// Copies one part; `at` is the place of its first element in row order.
    ///
    /// @param index where the part is, one number per level above it
    private static int copy(Object from, int[] dims, List<Integer> index, Object to, int at) {
        int level = index.size();
        if (from == null || Array.getLength(from) != dims[level]) {
            String what = level == 1 ? "the rows of a matrix differ in length" : "parts of one depth differ in length";
            throw new ShapeException(new Diagnosis("NDArray.of", what)
                    .expected(dims[level] + " elements, as in " + name(Collections.nCopies(level, 0)))
                    .got((from == null ? "null" : Array.getLength(from) + " elements") + " in " + name(index))
                    .at(UserCode.line()));
        }
        if (level == dims.length - 1) {
            System.arraycopy(from, 0, to, at, dims[level]);
            return at + dims[level];
        }
        int next = at;
        Object[] parts = (Object[]) from;
        for (int i = 0; i < parts.length; i++) {
            List<Integer> below = new ArrayList<>(index);
            below.add(i);
            next = copy(parts[i], dims, below, to, next);
        }
        return next;
    }

    private static String name(List<Integer> index) {
        return index.size() == 1 ? "row " + index.getFirst() : "part " + index;
    }

    static Object write(Dense x) {
        int[] dims = x.rank() == 0 ? new int[] {1} : x.shape().dims();
        Object out = Array.newInstance(x.storage().getClass().getComponentType(), dims);
        fill(x.storage(), 0, dims, 0, out);
        return out;
    }

    private static int fill(Object from, int at, int[] dims, int level, Object to) {
        if (level == dims.length - 1) {
            System.arraycopy(from, at, to, 0, dims[level]);
            return at + dims[level];
        }
        int next = at;
        for (Object part : (Object[]) to) {
            next = fill(from, next, dims, level + 1, part);
        }
        return next;
    }
}
