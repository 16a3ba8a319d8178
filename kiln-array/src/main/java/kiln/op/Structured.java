package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Storage;

/// An operation that is not element by element: it runs as a hand-written kernel, in the interpreter and in compiled code alike.
public sealed interface Structured extends Op permits LinearMap, Reduction, Contraction, Indexing, Linalg, RandomDraw {
    /// {@return the kernel for operands of the given types}
    Kernel kernel(List<Aval> in);

    @Override
    default Dense eval(List<Dense> in) {
        List<Aval> types = Op.types(in);
        Aval out = type(types);
        Object storage = Storage.allocate(out.dtype(), out.shape().size());
        Object[] operands = new Object[in.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = in.get(i).storage();
        }
        kernel(types).run(operands, storage);
        return Dense.of(out, storage);
    }
}
