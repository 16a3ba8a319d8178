package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

    /// Two normals of masses 0.3 and 0.7, whose basins a path reaches equally often: with `n` of four paths in the heavier one, a start lies there with
    /// probability `0.7 n / (0.7 n + 0.3 (4 − n))`, 0.653 in the mean. Five standard errors, 6e-7.
    @Test
    void startsInModesByTheirMass() {
        LogDensity density = twoNormals(2, 8, 0.5, StrictMath.log(0.3 / 0.7));
        ChainRandom random = new ChainRandom(1);
        int n = 2000;
        int heavier = 0;
        for (int i = 0; i < n; i++) {
            heavier += found(Initialisation.pathfinder(density, random, 4))[0] > 0 ? 1 : 0;
        }
        assertThat(heavier / (double) n).isCloseTo(0.653, within(5 * Math.sqrt(0.653 * 0.347 / n)));
    }

    /// A mode 20 nats lower, where 22% of the single paths end (`Σx < −2.5`). Ten paths all end there with probability 3e-7; no single path of sixty does with
    /// probability 3e-7.
    @Test
    void aLowerModeIsPassedBy() {
        LogDensity density = twoNormals(8, 1, 0.5, -20);
        ChainRandom random = new ChainRandom(2);
        int single = 0;
        for (int i = 0; i < 60; i++) {
            single += sum(found(Initialisation.pathfinder(density, random, 1))) < 0 ? 1 : 0;
            assertThat(sum(found(Initialisation.pathfinder(density, random, 10)))).isPositive();
        }
        assertThat(single).isBetween(1, 30);
    }

    /// Where the gradient is zero no path leads anywhere: the uniform place it is.
    @Test
    void withoutAPathItIsTheUniformPlace() {
        double[] uniform = found(Initialisation.uniform(CORNER, new ChainRandom(4), Initialisation.DEFAULT_RADIUS, Initialisation.DEFAULT_TRIES));
        assertThat(found(Initialisation.pathfinder(CORNER, new ChainRandom(4), 3))).isEqualTo(uniform);
        assertThat(found(Initialisation.pathfinder(CORNER, new ChainRandom(4), 0))).isEqualTo(uniform);
    }

    @Test
    void theDrawsDoNotDependOnTheNumberOfThreads() {
        MCMC mcmc = new MCMC(new NUTS(Targets.banana())).numWarmup(20).numSamples(20).initPaths(2).progress(ProgressListener.NONE);
        double[] one = mcmc.threads(1).run(key(3)).samples("z").toDoubleArray();
        assertThat(mcmc.threads(3).run(key(3)).samples("z").toDoubleArray()).isEqualTo(one);
        assertThat(mcmc.initPaths(0).run(key(3)).samples("z").toDoubleArray()).isNotEqualTo(one);
        assertThatThrownBy(() -> mcmc.initPaths(-1)).hasMessage("initPaths must be ≥ 0.\n  Got:      -1");
    }

    /// Normals of standard deviation `s` at `±m (1, …, 1)`; the mass of the negative one is less by a factor, given by its logarithm.
    private static LogDensity twoNormals(int d, double m, double s, double logFactor) {
        return Targets.of(d, (q, g) -> {
            double up = 0;
            double down = logFactor;
            for (double x : q) {
                up -= (x - m) * (x - m) / (2 * s * s);
                down -= (x + m) * (x + m) / (2 * s * s);
            }
            double share = 1 / (1 + StrictMath.exp(down - up));
            for (int i = 0; i < d; i++) {
                g[i] = -(share * (q[i] - m) + (1 - share) * (q[i] + m)) / (s * s);
            }
            return Math.max(up, down) + StrictMath.log1p(StrictMath.exp(-Math.abs(up - down)));
        });
    }

    private static double[] found(Initialisation i) {
        return ((Initialisation.Found) i).position();
    }

    private static double sum(double[] q) {
        return java.util.Arrays.stream(q).sum();
    }
}
