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
    @CsvSource({
        "NUTS, 97eff532", "NUTS diagonal, a480be7e", "NUTS windows, a996676b", "NUTS windows dense, dc9f04fd", "HMC, 5bfd5a87",
        "HMC windows, da1bb639", "Barker, b98251b8", "random walk, 5bee659c"
    })
    void bits(String name, String want) {
        Sampler sampler = switch (name) {
            case "NUTS" -> new NUTS();
            case "NUTS diagonal" -> new NUTS().metricAdaptation(MetricAdaptation.FISHER_DIAGONAL);
            case "NUTS windows" -> new NUTS().metricAdaptation(MetricAdaptation.VARIANCE);
            case "NUTS windows dense" -> new NUTS().metricAdaptation(MetricAdaptation.VARIANCE).denseMass(true);
            case "HMC windows" -> new HMC().trajectoryLength(2).metricAdaptation(MetricAdaptation.VARIANCE);
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
