package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Storage;

/// Computes elementwise operations one element after the other: the definition that compiled code has to match.
final class Interpreter {
    private Interpreter() {}

    static Dense elementwise(Elementwise op, List<Dense> in) {
        Aval type = op.type(Op.types(in));
        int n = type.shape().size();
        Object out = Storage.allocate(type.dtype(), n);
        boolean floating = false;
        for (Dense x : in) {
            floating |= x.dtype().isFloating();
        }
        if (floating) {
            doubles(op, in, n, out);
        } else {
            longs(op, in, n, out);
        }
        return Dense.of(type, out);
    }

    private static void doubles(Elementwise op, List<Dense> in, int n, Object out) {
        if (op instanceof Binary b && in.get(0).storage() instanceof double[] x && in.get(1).storage() instanceof double[] y
                && out instanceof double[] z) {
            b.evalAll(x, y, z);
            return;
        }
        if (op instanceof Unary u && in.getFirst().storage() instanceof double[] x && out instanceof double[] z) {
            u.evalAll(x, z);
            return;
        }
        double[] x = new double[in.size()];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < x.length; k++) {
                x[k] = in.get(k).doubleAt(i);
            }
            Storage.setDouble(out, i, op.evalDouble(x));
        }
    }

    private static void longs(Elementwise op, List<Dense> in, int n, Object out) {
        long[] x = new long[in.size()];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < x.length; k++) {
                x[k] = in.get(k).longAt(i);
            }
            Storage.setLong(out, i, op.evalLong(x));
        }
    }
}
