package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedTest {
    private static final double[] NUMBERS = {40, 10, 20, 30};

    @Test
    void quantilesAreInterpolatedBetweenSortedNumbers() {
        // numpy.quantile([40, 10, 20, 30], [0, 0.25, 0.5, 1]), the default method
        assertThat(Interleaved.quantile(NUMBERS, 0)).isEqualTo(10);
        assertThat(Interleaved.quantile(NUMBERS, 0.25)).isCloseTo(17.5, within(1e-12));
        assertThat(Interleaved.quantile(NUMBERS, 0.5)).isCloseTo(25, within(1e-12));
        assertThat(Interleaved.quantile(NUMBERS, 1)).isEqualTo(40);
        assertThat(NUMBERS).containsExactly(40, 10, 20, 30);
    }

    @Test
    void timeIsPerOperationAndRoundsArePaired() {
        // Both wait for a millisecond a time, and the second calls that four operations.
        double[][] samples = Interleaved.sample(List.of(n -> spin(n), n -> 4 * spin(n)), 0.02, 0.05);
        assertThat(samples).hasDimensions(2, samples[0].length);
        assertThat(samples[0].length).isGreaterThanOrEqualTo(31);
        assertThat(Interleaved.quantile(samples[0], 0)).isGreaterThanOrEqualTo(1e6);
        assertThat(Interleaved.quantile(samples[1], 0)).isGreaterThanOrEqualTo(0.25e6);
        // A busy machine makes it longer, so only the best of many is near.
        assertThat(Interleaved.quantile(samples[1], 0)).isLessThan(1e6);
    }

    private static long spin(int times) {
        long end = System.nanoTime() + times * 1_000_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return times;
    }
}
