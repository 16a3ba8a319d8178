package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// Draws lie `d/2` = 10 nats below the mode on average. From 10¹⁰ nats below, the climb ends within some multiples of that.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9})
    void climbsToWhereThePosteriorIs(double rho) {
        int d = 20;
        LogDensity density = Targets.gaussian(new double[d], Targets.autoregressivePrecision(d, rho));
        double[] far = new double[d];
        java.util.Arrays.fill(far, 1e6);
        assertThat(Initialisation.at(density, far)).isInstanceOfSatisfying(Initialisation.Found.class, found -> {
            assertThat(found.logDensity()).isLessThan(-1e10);
            Initialisation.Found reached = Initialisation.uphill(density, found);
            assertThat(reached.logDensity()).isBetween(-20.0 * d, 0.0).isEqualTo(density.valueAndGradient(reached.position(), new double[d]));
        });
    }

    @Test
    void staysWhereEnergiesHaveDigits() {
        LogDensity density = Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0));
        assertThat(Initialisation.at(density, new double[] {100, 200})).isInstanceOfSatisfying(
                Initialisation.Found.class, found -> assertThat(Initialisation.uphill(density, found)).isSameAs(found));
    }
}
