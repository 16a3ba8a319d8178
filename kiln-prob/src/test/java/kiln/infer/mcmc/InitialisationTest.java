package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;

class InitialisationTest {
    /// Finite where both coordinates are positive; the derivative in the second is NaN where the first is below 1.
    private static final LogDensity CORNER = Targets.of(2, (q, g) -> {
        g[0] = 0;
        g[1] = q[0] < 1 ? Double.NaN : 0;
        return q[0] > 0 && q[1] > 0 ? 0 : Double.NEGATIVE_INFINITY;
    });

    @Test
    void triesUntilDensityAndGradientAreFinite() {
        Initialisation result = Initialisation.uniform(CORNER, new ChainRandom(4), 2, 100);
        assertThat(result).isInstanceOfSatisfying(Initialisation.Found.class, found -> {
            assertThat(found.position()[0]).isBetween(1.0, 2.0);
            assertThat(found.position()[1]).isBetween(0.0, 2.0);
            assertThat(found.logDensity()).isZero();
            assertThat(found.tries()).isGreaterThan(1);
        });
    }

    @Test
    void aFailureSaysWhatWasNotFiniteAndHowOften() {
        Initialisation result = Initialisation.uniform(CORNER, new ChainRandom(4), 0.9, 100);
        assertThat(result).isInstanceOfSatisfying(Initialisation.Failed.class, failed -> {
            assertThat(failed.tries()).isEqualTo(100);
            assertThat(failed.badGradients()[0]).isZero();
            assertThat(failed.badValues() + failed.badGradients()[1]).isEqualTo(100);
            assertThat(failed.badValues()).isBetween(50, 95); // three quarters of the square
            assertThat(failed.lastGradient()[1]).isNaN();
            assertThat(failed.lastPosition()).hasSize(2);
        });
    }

    @Test
    void aGivenPositionIsTriedOnce() {
        assertThat(Initialisation.at(CORNER, new double[] {1.5, 1})).isInstanceOf(Initialisation.Found.class);
        assertThat(Initialisation.at(CORNER, new double[] {-1, 1})).isInstanceOfSatisfying(Initialisation.Failed.class, failed -> {
            assertThat(failed.tries()).isEqualTo(1);
            assertThat(failed.lastLogDensity()).isEqualTo(Double.NEGATIVE_INFINITY);
        });
    }

    @Test
    void aChainRefusesToStartWhereNothingIsFinite() {
        assertThatThrownBy(() -> new NUTS().start(CORNER, new double[] {-1, 1}, 1, 10)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log density -Infinity").hasMessageContaining("at [-1.0, 1.0]");
    }
}
