package kiln.compile;

import java.util.List;
import java.util.function.ToIntFunction;
import kiln.array.Storage;
import kiln.op.Kernel;
import kiln.op.Switch;

/// Kernels that run one of several compiled graphs, chosen by the first operand.
///
/// @param programs   the graphs
/// @param parameters how many parameters each has
/// @param choice     from the operands to the number of the graph
/// @param first      position of the first operand that is passed on
record SwitchKernels(List<Program> programs, int parameters, ToIntFunction<Object[]> choice, int first) implements TupleKernels {
    SwitchKernels(Switch op, Options options) {
        this(
                op.branches().stream().map(b -> Program.of(b, options)).toList(),
                op.branches().getFirst().parameters().size(),
                in -> op.chosen(Storage.getLong(in[0], 0)),
                1);
    }

    @Override
    public long workspaceBytes() {
        return programs.stream().mapToLong(p -> p.memory().workspaceBytes()).sum();
    }

    @Override
    public Kernel instantiate() {
        Object[][] memories = programs.stream().map(p -> p.memory().instantiate(1)).toArray(Object[][]::new);
        return (in, to) -> {
            int k = choice.applyAsInt(in);
            Object[] out = (Object[]) to;
            System.arraycopy(in, first, memories[k], 0, parameters);
            System.arraycopy(out, 0, memories[k], parameters, out.length);
            programs.get(k).code().run(memories[k]);
        };
    }
}
