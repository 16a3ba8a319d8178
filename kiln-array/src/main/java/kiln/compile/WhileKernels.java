package kiln.compile;

import java.util.List;
import kiln.op.Kernel;
import kiln.op.While;

/// Kernels of [While]: compiled condition and body take turns, nothing is allocated per step.
final class WhileKernels implements TupleKernels {
    private final While loop;
    private final Program condition;
    private final Program body;

    WhileKernels(While loop, Options options) {
        this.loop = loop;
        this.condition = Program.of(loop.condition(), options);
        this.body = Program.of(loop.body(), options);
    }

    @Override
    public List<Program> programs() {
        return List.of(condition, body);
    }

    @Override
    public long workspaceBytes() {
        return condition.memory().workspaceBytes() + body.memory().workspaceBytes() + 2 * Buffers.bytes(loop.body().outputs());
    }

    @Override
    public Kernel instantiate() {
        Object[] test = condition.memory().instantiate(1);
        Object[] step = body.memory().instantiate(1);
        int carries = loop.carries();
        int first = loop.body().parameters().size();
        Object[] even = Buffers.allocate(loop.body().outputs());
        Object[] odd = Buffers.allocate(loop.body().outputs());
        int[] sizes = Buffers.sizes(loop.body().outputs());
        boolean[] going = new boolean[1];
        return (in, to) -> {
            System.arraycopy(in, 0, test, 0, in.length);
            System.arraycopy(in, 0, step, 0, in.length);
            test[first] = going;
            condition.code().run(test);
            for (int i = 0; going[0]; i++) {
                Object[] next = i % 2 == 0 ? even : odd;
                System.arraycopy(next, 0, step, first, carries);
                body.code().run(step);
                System.arraycopy(next, 0, step, 0, carries);
                System.arraycopy(next, 0, test, 0, carries);
                condition.code().run(test);
            }
            for (int k = 0; k < carries; k++) {
                System.arraycopy(step[k], 0, ((Object[]) to)[k], 0, sizes[k]);
            }
        };
    }
}
