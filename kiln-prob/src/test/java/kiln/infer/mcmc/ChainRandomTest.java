package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import kiln.math.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainRandomTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE, 0x6A09E667F3BCC909L})
    void bitsAreThoseOfTheJdksL64X128MixRandom(long seed) {
        RandomGenerator jdk = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        ChainRandom own = new ChainRandom(seed);
        for (int i = 0; i < 1000; i++) {
            assertThat(own.nextLong()).isEqualTo(jdk.nextLong());
        }
    }

    @Test
    void aCopyContinuesAlike() {
        ChainRandom a = new ChainRandom(7);
        a.nextLong();
        ChainRandom b = ChainRandom.ofWords(a.words());
        for (int i = 0; i < 10; i++) {
            assertThat(b.normal()).isEqualTo(a.normal());
        }
    }

    /// Limits 5 standard errors wide: each of the three checks fails by chance with probability 6e-7.
    @Test
    void momentsOfUniformsAndNormals() {
        int n = 200_000;
        ChainRandom random = new ChainRandom(11);
        double uniform = 0;
        double normal = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
            double u = random.uniform();
            assertThat(u > 0 && u < 1).isTrue();
            uniform += u;
            double z = random.normal();
            normal += z;
            square += z * z;
        }
        assertThat(uniform / n).isCloseTo(0.5, within(5 * Math.sqrt(1.0 / 12 / n)));
        assertThat(normal / n).isCloseTo(0, within(5 * Math.sqrt(1.0 / n)));
        assertThat(square / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
    }

    /// Pearson's statistic in 1024 cells of equal probability, as a normal number by Wilson and Hilferty's cube root: it is above 5 for
    /// normals under another seed with probability 3e-7.
    @Test
    void normalsFit() {
        int n = 2_000_000;
        int cells = 1024;
        ChainRandom random = new ChainRandom(3);
        int[] counts = new int[cells];
        for (int i = 0; i < n; i++) {
            counts[(int) (cells * Erf.ndtr(random.normal()))]++;
        }
        double expected = (double) n / cells;
        double chi2 = 0;
        for (int count : counts) {
            chi2 += (count - expected) * (count - expected) / expected;
        }
        double spread = 2.0 / (9 * (cells - 1));
        assertThat((Math.cbrt(chi2 / (cells - 1)) - (1 - spread)) / Math.sqrt(spread)).isLessThan(5);
    }
}
