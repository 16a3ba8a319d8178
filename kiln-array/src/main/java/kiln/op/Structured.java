package kiln.op;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Storage;

/// An operation that is not element by element: it runs as a hand-written kernel, in the interpreter and in compiled code alike.
public sealed interface Structured extends Op permits Movement, Reduction, Contraction, Indexing, Linalg {
    /// {@return the kernel for operands of the given types}
    Kernel kernel(List<Aval> in);

    @Override
    default Dense eval(List<Dense> in) {
        List<Aval> types = in.stream().map(Dense::aval).toList();
        Aval out = type(types);
        Object storage = Storage.allocate(out.dtype(), out.shape().size());
        kernel(types).run(in.stream().map(Dense::storage).toArray(), storage);
        return Dense.of(out, storage);
    }
}
