package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.op.CustomCall;
import kiln.op.Kernel;
import kiln.op.Nested;
import kiln.op.Scan;
import kiln.op.Switch;
import kiln.op.TupleOp;
import kiln.op.While;

/// Makes the kernels of an operation with several results: its graphs are compiled once, every thread has workspaces of its own.
///
/// Such a kernel gets the storages of all results as an `Object[]`.
interface TupleKernels {
    /// {@return a kernel for one thread}
    Kernel instantiate();

    /// {@return bytes of intermediate arrays of one kernel}
    long workspaceBytes();

    /// {@return the programs that a kernel runs}
    List<Program> programs();

    /// {@return the kernels of an operation}
    ///
    /// @param in      types of the operands
    /// @param options what the compiler may do
    static TupleKernels of(TupleOp op, List<Aval> in, Options options) {
        return switch (op) {
            case Scan scan -> ScalarLoop.of(scan, options)
                    .<TupleKernels>map(p -> new SwitchKernels(List.of(p), scan.body().parameters().size(), _ -> 0, 0))
                    .orElseGet(() -> new ScanKernels(scan, options));
            case While loop -> new WhileKernels(loop, options);
            case Switch s -> new SwitchKernels(s, options);
            case Nested n -> new SwitchKernels(List.of(Program.of(n.body(), options)), n.body().parameters().size(), _ -> 0, 0);
            case CustomCall custom -> new Evaluated(custom, in);
        };
    }

    /// Runs the operation as the interpreter does.
    ///
    /// @param op the operation
    /// @param in types of its operands
    record Evaluated(TupleOp op, List<Aval> in) implements TupleKernels {
        @Override
        public Kernel instantiate() {
            return (from, to) -> {
                List<Dense> operands = new ArrayList<>();
                for (int i = 0; i < from.length; i++) {
                    // A copy: the user may keep what they are given, and the storage is used again.
                    operands.add(Buffers.copied(in.get(i), from[i]));
                }
                List<Dense> results = op.eval(operands);
                for (int k = 0; k < results.size(); k++) {
                    Dense y = results.get(k);
                    System.arraycopy(y.storage(), 0, ((Object[]) to)[k], 0, y.size());
                }
            };
        }

        @Override
        public List<Program> programs() {
            return List.of();
        }

        @Override
        public long workspaceBytes() {
            return 0;
        }
    }
}
