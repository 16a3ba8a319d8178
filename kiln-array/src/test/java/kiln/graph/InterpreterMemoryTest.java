package kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

class InterpreterMemoryTest {
    /// As many large arrays as do not fit into the memory of the process, of which a few are needed at a time: `x ← x + 1` with its derivative.
    @Test
    void valuesAreLetGoAfterTheirLastUse() {
        int n = 1 << 20;
        int steps = (int) (1.25 * Runtime.getRuntime().maxMemory() / (8L * n));
        NDArray y = Functions.jvp(
                        t -> IntStream.range(0, steps).boxed().reduce(t, (x, _) -> x.plus(1), (a, _) -> a), Np.zeros(n), Np.ones(n))
                .value();
        assertThat(y.min().item()).isEqualTo(steps);
        assertThat(y.max().item()).isEqualTo(steps);
    }
}
