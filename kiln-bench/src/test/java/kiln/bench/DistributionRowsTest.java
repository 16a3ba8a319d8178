package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the table compares is the same: Kiln's log densities are those of Commons.
class DistributionRowsTest {
    static List<DistributionRows.Density> densities() {
        return DistributionRows.densities();
    }

    @ParameterizedTest
    @MethodSource("densities")
    void bothComputeTheSame(DistributionRows.Density d) {
        NDArray x = d.kiln().sample(PRNGKey.key(2), Shape.of(500));
        double[] at = x.toDoubleArray();
        double[] got = d.kiln().logProb(x).toDoubleArray();
        for (int i = 0; i < at.length; i++) {
            double want = d.commons().applyAsDouble(at[i]);
            assertThat(got[i]).isCloseTo(want, within(1e-11 * Math.max(1, Math.abs(want))));
        }
    }
}
