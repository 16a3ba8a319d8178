package kiln.array;

import java.util.Arrays;

/// The Java arrays in which elements are stored: `double[]`, `float[]`, `long[]`, `int[]` or `boolean[]`.
public final class Storage {
    private Storage() {}

    /// {@return a new array of `n` zeros}
    public static Object allocate(DType dtype, int n) {
        return switch (dtype) {
            case FLOAT64 -> new double[n];
            case FLOAT32 -> new float[n];
            case INT64 -> new long[n];
            case INT32 -> new int[n];
            case BOOL -> new boolean[n];
        };
    }

    /// {@return element `i` as a double; truth values as 0 or 1}
    public static double getDouble(Object storage, int i) {
        return switch (dtype(storage)) {
            case FLOAT64 -> ((double[]) storage)[i];
            case FLOAT32 -> ((float[]) storage)[i];
            case INT64 -> ((long[]) storage)[i];
            case INT32 -> ((int[]) storage)[i];
            case BOOL -> ((boolean[]) storage)[i] ? 1 : 0;
        };
    }

    /// {@return element `i` as a long, truncated towards zero; truth values as 0 or 1}
    public static long getLong(Object storage, int i) {
        return switch (dtype(storage)) {
            case FLOAT64 -> (long) ((double[]) storage)[i];
            case FLOAT32 -> (long) ((float[]) storage)[i];
            case INT64 -> ((long[]) storage)[i];
            case INT32 -> ((int[]) storage)[i];
            case BOOL -> ((boolean[]) storage)[i] ? 1 : 0;
        };
    }

    /// Stores a double, converted to the element type: rounded, truncated towards zero, or "not zero".
    public static void setDouble(Object storage, int i, double value) {
        switch (dtype(storage)) {
            case FLOAT64 -> ((double[]) storage)[i] = value;
            case FLOAT32 -> ((float[]) storage)[i] = (float) value;
            case INT64 -> ((long[]) storage)[i] = (long) value;
            case INT32 -> ((int[]) storage)[i] = (int) value;
            case BOOL -> ((boolean[]) storage)[i] = value != 0;
        }
    }

    /// Stores a long, converted to the element type: rounded, wrapped, or "not zero".
    public static void setLong(Object storage, int i, long value) {
        switch (dtype(storage)) {
            case FLOAT64 -> ((double[]) storage)[i] = value;
            case FLOAT32 -> ((float[]) storage)[i] = value;
            case INT64 -> ((long[]) storage)[i] = value;
            case INT32 -> ((int[]) storage)[i] = (int) value;
            case BOOL -> ((boolean[]) storage)[i] = value != 0;
        }
    }

    /// {@return the number of elements}
    public static int length(Object storage) {
        return java.lang.reflect.Array.getLength(storage);
    }

    /// Sets all elements to zero.
    public static void clear(Object storage) {
        switch (dtype(storage)) {
            case FLOAT64 -> Arrays.fill((double[]) storage, 0);
            case FLOAT32 -> Arrays.fill((float[]) storage, 0);
            case INT64 -> Arrays.fill((long[]) storage, 0);
            case INT32 -> Arrays.fill((int[]) storage, 0);
            case BOOL -> Arrays.fill((boolean[]) storage, false);
        }
    }

    /// {@return whether all elements have the same bits; there is at least one}
    public static boolean isUniform(Object storage) {
        int n = length(storage);
        boolean floating = storage instanceof double[] || storage instanceof float[];
        for (int i = 1; i < n; i++) {
            boolean same = floating
                    ? Double.doubleToLongBits(getDouble(storage, i)) == Double.doubleToLongBits(getDouble(storage, 0))
                    : getLong(storage, i) == getLong(storage, 0);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether both hold the same bits}
    public static boolean sameBits(Object a, Object b) {
        return switch (a) {
            case double[] x -> b instanceof double[] y && Arrays.equals(x, y);
            case float[] x -> b instanceof float[] y && Arrays.equals(x, y);
            case long[] x -> b instanceof long[] y && Arrays.equals(x, y);
            case int[] x -> b instanceof int[] y && Arrays.equals(x, y);
            case boolean[] x -> b instanceof boolean[] y && Arrays.equals(x, y);
            default -> false;
        };
    }

    /// {@return the type of the elements of an array}
    ///
    /// Asked one class after the other, not by a `switch` over types, which has to be linked when the first one is run.
    ///
    /// @throws IllegalArgumentException if it is no array of elements
    public static DType dtype(Object storage) {
        Class<?> type = storage.getClass();
        if (type == double[].class) {
            return DType.FLOAT64;
        }
        if (type == long[].class) {
            return DType.INT64;
        }
        if (type == int[].class) {
            return DType.INT32;
        }
        if (type == float[].class) {
            return DType.FLOAT32;
        }
        if (type == boolean[].class) {
            return DType.BOOL;
        }
        throw new IllegalArgumentException("NDArray.wrap: a " + type.getSimpleName()
                + " does not hold elements. Expected double[], float[], long[], int[] or boolean[].");
    }
}
