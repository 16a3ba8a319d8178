package kiln.compile;

import java.util.List;
import kiln.graph.Node;
import kiln.op.Kernel;
import kiln.op.Scan;

/// Kernels of [Scan]: the compiled body in a loop, carries in two sets of buffers that take turns, nothing allocated per step.
final class ScanKernels implements TupleKernels {
    private final Scan scan;
    private final Program body;
    private final List<Node.Parameter> parameters;
    private final List<Node> outputs;

    ScanKernels(Scan scan, Options options) {
        this.scan = scan;
        this.body = Program.of(scan.body(), options);
        this.parameters = scan.body().parameters();
        this.outputs = scan.body().outputs();
    }

    @Override
    public List<Program> programs() {
        return List.of(body);
    }

    @Override
    public long workspaceBytes() {
        List<Node.Parameter> own = parameters.subList(0, scan.carries() + scan.reads());
        return body.memory().workspaceBytes() + 2 * Buffers.bytes(own) + Buffers.bytes(outputs);
    }

    @Override
    public Kernel instantiate() {
        Object[] memory = body.memory().instantiate(1);
        Code code = body.code();
        int carries = scan.carries();
        int reads = scan.reads();
        int first = parameters.size();
        int length = scan.length();
        Object[] even = Buffers.allocate(outputs.subList(0, carries));
        Object[] odd = Buffers.allocate(outputs.subList(0, carries));
        Object[] slices = Buffers.allocate(parameters.subList(carries, carries + reads));
        Object[] written = Buffers.allocate(outputs.subList(carries, outputs.size()));
        int[] sizes = Buffers.sizes(parameters);
        int[] writes = Buffers.sizes(outputs);
        return (in, to) -> {
            Object[] out = (Object[]) to;
            System.arraycopy(in, 0, memory, 0, in.length);
            System.arraycopy(slices, 0, memory, carries, reads);
            System.arraycopy(written, 0, memory, first + carries, written.length);
            for (int i = 0; i < length; i++) {
                int t = scan.position(i);
                for (int k = 0; k < reads; k++) {
                    int n = sizes[carries + k];
                    System.arraycopy(in[carries + k], t * n, slices[k], 0, n);
                }
                Object[] next = i == length - 1 ? out : i % 2 == 0 ? even : odd;
                System.arraycopy(next, 0, memory, first, carries);
                code.run(memory);
                System.arraycopy(next, 0, memory, 0, carries);
                for (int k = 0; k < written.length; k++) {
                    int n = writes[carries + k];
                    System.arraycopy(written[k], 0, out[carries + k], t * n, n);
                }
            }
            if (length == 0) {
                for (int k = 0; k < carries; k++) {
                    System.arraycopy(in[k], 0, out[k], 0, sizes[k]);
                }
            }
        };
    }
}
