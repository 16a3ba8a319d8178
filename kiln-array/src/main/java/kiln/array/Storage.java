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
        return switch (storage) {
            case double[] a -> a[i];
            case float[] a -> a[i];
            case long[] a -> a[i];
            case int[] a -> a[i];
            case boolean[] a -> a[i] ? 1 : 0;
            default -> throw notAStorage(storage);
        };
    }

    /// {@return element `i` as a long, truncated towards zero; truth values as 0 or 1}
    public static long getLong(Object storage, int i) {
        return switch (storage) {
            case double[] a -> (long) a[i];
            case float[] a -> (long) a[i];
            case long[] a -> a[i];
            case int[] a -> a[i];
            case boolean[] a -> a[i] ? 1 : 0;
            default -> throw notAStorage(storage);
        };
    }

    /// Stores a double, converted to the element type: rounded, truncated towards zero, or "not zero".
    public static void setDouble(Object storage, int i, double value) {
        switch (storage) {
            case double[] a -> a[i] = value;
            case float[] a -> a[i] = (float) value;
            case long[] a -> a[i] = (long) value;
            case int[] a -> a[i] = (int) value;
            case boolean[] a -> a[i] = value != 0;
            default -> throw notAStorage(storage);
        }
    }

    /// Stores a long, converted to the element type: rounded, wrapped, or "not zero".
    public static void setLong(Object storage, int i, long value) {
        switch (storage) {
            case double[] a -> a[i] = value;
            case float[] a -> a[i] = value;
            case long[] a -> a[i] = value;
            case int[] a -> a[i] = (int) value;
            case boolean[] a -> a[i] = value != 0;
            default -> throw notAStorage(storage);
        }
    }

    /// {@return the number of elements}
    public static int length(Object storage) {
        return java.lang.reflect.Array.getLength(storage);
    }

    /// Sets all elements to zero.
    public static void clear(Object storage) {
        switch (storage) {
            case double[] a -> Arrays.fill(a, 0);
            case float[] a -> Arrays.fill(a, 0);
            case long[] a -> Arrays.fill(a, 0);
            case int[] a -> Arrays.fill(a, 0);
            case boolean[] a -> Arrays.fill(a, false);
            default -> throw notAStorage(storage);
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

    private static IllegalArgumentException notAStorage(Object storage) {
        return new IllegalArgumentException("Storage: " + storage.getClass() + " is not an array of elements.");
    }
}
