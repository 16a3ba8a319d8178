package kiln.op;

import java.util.Arrays;
import kiln.array.Storage;

/// Copies a box of elements between two arrays that walk it with different strides: the kernel of every movement of data.
///
/// ```
/// out[outOffset + Σₐ iₐ·outStride[a]] = in[inOffset + Σₐ iₐ·inStride[a]],   0 ≤ iₐ < dims[a]
/// ```
final class Strided {
    private final int[] dims;
    private final int inOffset;
    private final int[] inStrides;
    private final int outOffset;
    private final int[] outStrides;

    Strided(int[] dims, int inOffset, int[] inStrides, int outOffset, int[] outStrides) {
        int n = dims.length;
        int[] d = new int[n];
        int[] si = new int[n];
        int[] so = new int[n];
        int k = 0;
        for (int a = 0; a < n; a++) {
            if (dims[a] == 1) {
                continue;
            }
            // Neighbouring axes that both sides walk as one are merged, so that the inner loop is as long as possible.
            if (k > 0 && si[k - 1] == inStrides[a] * dims[a] && so[k - 1] == outStrides[a] * dims[a]) {
                d[k - 1] *= dims[a];
                si[k - 1] = inStrides[a];
                so[k - 1] = outStrides[a];
            } else {
                d[k] = dims[a];
                si[k] = inStrides[a];
                so[k] = outStrides[a];
                k++;
            }
        }
        this.dims = Arrays.copyOf(d, k);
        this.inStrides = Arrays.copyOf(si, k);
        this.outStrides = Arrays.copyOf(so, k);
        this.inOffset = inOffset;
        this.outOffset = outOffset;
    }

    void run(Object in, Object out) {
        for (int d : dims) {
            if (d == 0) {
                return;
            }
        }
        walk(0, in, inOffset, out, outOffset);
    }

    private void walk(int axis, Object in, int i, Object out, int o) {
        if (axis >= dims.length - 1) {
            int n = dims.length == 0 ? 1 : dims[axis];
            line(in, i, dims.length == 0 ? 1 : inStrides[axis], out, o, dims.length == 0 ? 1 : outStrides[axis], n);
            return;
        }
        for (int k = 0; k < dims[axis]; k++) {
            walk(axis + 1, in, i + k * inStrides[axis], out, o + k * outStrides[axis]);
        }
    }

    private static void line(Object in, int i, int si, Object out, int o, int so, int n) {
        if (si == 1 && so == 1) {
            System.arraycopy(in, i, out, o, n);
            return;
        }
        switch (Storage.dtype(in)) {
            case FLOAT64 -> {
                double[] x = (double[]) in;
                double[] y = (double[]) out;
                if (si == 0 && so == 1) {
                    Arrays.fill(y, o, o + n, x[i]);
                    return;
                }
                for (int k = 0; k < n; k++) {
                    y[o + k * so] = x[i + k * si];
                }
            }
            case FLOAT32 -> {
                float[] x = (float[]) in;
                float[] y = (float[]) out;
                for (int k = 0; k < n; k++) {
                    y[o + k * so] = x[i + k * si];
                }
            }
            case INT64 -> {
                long[] x = (long[]) in;
                long[] y = (long[]) out;
                for (int k = 0; k < n; k++) {
                    y[o + k * so] = x[i + k * si];
                }
            }
            case INT32 -> {
                int[] x = (int[]) in;
                int[] y = (int[]) out;
                for (int k = 0; k < n; k++) {
                    y[o + k * so] = x[i + k * si];
                }
            }
            case BOOL -> {
                boolean[] x = (boolean[]) in;
                boolean[] y = (boolean[]) out;
                for (int k = 0; k < n; k++) {
                    y[o + k * so] = x[i + k * si];
                }
            }
        }
    }
}
