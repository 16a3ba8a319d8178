package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Storage;

/// A kernel in double precision. Operands in single precision are widened and the result is rounded once.
@FunctionalInterface
interface Wide {
    /// Computes the result.
    ///
    /// @param in  the operands; only read
    /// @param out takes every element of the result
    void run(double[][] in, double[] out);

    /// {@return the kernel for operands and a result of floating types}
    static Kernel kernel(List<Aval> in, Aval out, Wide wide) {
        double[][] x = new double[in.size()][];
        if (out.dtype() == DType.FLOAT64) {
            return (from, to) -> {
                for (int i = 0; i < x.length; i++) {
                    x[i] = (double[]) from[i];
                }
                wide.run(x, (double[]) to);
            };
        }
        double[] y = new double[out.shape().size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = new double[in.get(i).shape().size()];
        }
        return (from, to) -> {
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < x[i].length; j++) {
                    x[i][j] = Storage.getDouble(from[i], j);
                }
            }
            wide.run(x, y);
            for (int j = 0; j < y.length; j++) {
                Storage.setDouble(to, j, y[j]);
            }
        };
    }
}
