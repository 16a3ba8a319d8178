package kiln.op;

import kiln.array.Shape;

/// Code for one structured operation on operands of known types. It may own scratch memory, so one instance serves one thread.
@FunctionalInterface
public interface Kernel {
    /// Computes the result.
    ///
    /// @param in  storages of the operands; only read
    /// @param out storage of the result; every element is written
    void run(Object[] in, Object out);

    /// What is done with one line of elements along an axis.
    @FunctionalInterface
    interface Line {
        /// Works on the `n` elements from `start` on that are `step` apart, in operands and result alike.
        void run(Object[] in, Object out, int start, int n, int step);
    }

    /// {@return a kernel that hands over the lines along an axis one by one, of operands and a result of one shape}
    static Kernel alongAxis(Shape shape, int axis, Line line) {
        int n = shape.dim(axis);
        int inner = shape.slice(axis + 1, shape.rank()).size();
        int outer = shape.slice(0, axis).size();
        return (in, out) -> {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    line.run(in, out, o * n * inner + i, n, inner);
                }
            }
        };
    }
}
