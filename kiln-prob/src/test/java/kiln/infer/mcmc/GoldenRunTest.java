package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bits of whole runs, stored: the same seed gives them on every machine. They change only with the version, on purpose.
///
/// A difference without a change of the sampler, of `kiln.math` or of the generator means that some arithmetic depends on the machine.
class GoldenRunTest {
    @ParameterizedTest
    @CsvSource({"NUTS diagonal, a996676b", "NUTS dense, dc9f04fd", "HMC, da1bb639", "Barker, c43b68ff", "random walk, d35cdc5e"})
    void bits(String name, String want) {
        Sampler sampler = switch (name) {
            case "NUTS diagonal" -> new NUTS();
            case "NUTS dense" -> new NUTS().denseMass(true);
            case "HMC" -> new HMC().trajectoryLength(2);
            case "Barker" -> new BarkerMH();
            default -> new RandomWalkMetropolis();
        };
        Chain chain = sampler.start(new EightSchools(), new double[10], 2026, 300);
        double[] q = new double[10];
        int hash = 1;
        for (int i = 0; i < 500; i++) {
            chain.next(q);
            hash = 31 * hash + Arrays.hashCode(q);
        }
        assertThat(Integer.toHexString(hash)).isEqualTo(want);
    }
}
