package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which of two modes the starts of chains lie in, and how far below it.
class ChainStartTest {
    /// Two normals of masses 0.3 and 0.7, whose basins a path reaches equally often: with `n` of four paths in the heavier one, a start lies there with
    /// probability `0.7 n / (0.7 n + 0.3 (4 − n))`, 0.653 in the mean. Five standard errors, 6e-7.
    @Test
    void pathsLeadToModesByTheirMass() {
        LogDensity density = twoNormals(2, 8, 0.5, StrictMath.log(0.3 / 0.7));
        assertThat(heavier(new ChainStart.Paths(4), density, 2000)).isCloseTo(0.653, within(5 * Math.sqrt(0.653 * 0.347 / 2000)));
    }

    /// The nearer of the two is above the whole way up where `Σx < −2.5`, with probability 0.22: ten ways all end in the mode 40 nats lower with probability 3e-7.
    @Test
    void aHopelessModeIsLeftOut() {
        LogDensity density = twoNormals(8, 2, 0.5, -40);
        assertThat(heavier(new ChainStart.Ascents(10), density, 60)).isEqualTo(1);
        assertThat(heavier(new ChainStart.Paths(10), density, 60)).isEqualTo(1);
        // A single way, in 60 starts: four standard errors.
        assertThat(heavier(new ChainStart.Ascents(1), density, 60)).isBetween(0.78 - 0.22, 0.99);
    }

    /// A mode that could have mass for all that its height says is kept: where `Σx < −0.6`, probability 0.43, a chain starts there. Five standard errors.
    @Test
    void aModeThatMayMatterIsKept() {
        double share = heavier(new ChainStart.Ascents(10), twoNormals(8, 2, 0.5, -10), 500);
        assertThat(share).isCloseTo(0.57, within(5 * Math.sqrt(0.57 * 0.43 / 500)));
    }

    private static double heavier(ChainStart start, LogDensity density, int n) {
        ChainRandom random = new ChainRandom(1);
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += Arrays.stream(found(start.find(density, random)).position()).sum() > 0 ? 1 : 0;
        }
        return count / (double) n;
    }

    /// From far below, an ascent starts within `2d + 10` nats of the mode, and not at it: there the first step of the climb would have to end by chance.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void startsOnTheSlope(double rho) {
        int d = 20;
        double[] mean = new double[d];
        Arrays.fill(mean, 30);
        LogDensity density = Targets.gaussian(mean, Targets.autoregressivePrecision(d, rho));
        double top = density.valueAndGradient(mean, new double[d]);
        ChainRandom random = new ChainRandom(3);
        for (int i = 0; i < 20; i++) {
            Initialisation.Found found = found(new ChainStart.Ascents(4).find(density, random));
            assertThat(found.logDensity()).isBetween(top - 2 * (2 * d + 10), top - 1e-6)
                    .isEqualTo(density.valueAndGradient(found.position(), new double[d]));
        }
    }

    /// Neal's funnel rises by 4.5 nats with every unit of `v` downwards, to a mode at −40 that has no mass; `v` itself is N(0, 3).
    @Test
    void noStartLiesInASpike() {
        LogDensity funnel = Targets.of(10, (q, g) -> {
            double e = StrictMath.exp(-q[0]);
            double squares = 0;
            for (int i = 1; i < 10; i++) {
                squares += q[i] * q[i];
                g[i] = -q[i] * e;
            }
            g[0] = -q[0] / 9 - 4.5 + 0.5 * squares * e;
            return -q[0] * q[0] / 18 - 4.5 * q[0] - 0.5 * squares * e;
        });
        ChainRandom random = new ChainRandom(4);
        for (int i = 0; i < 50; i++) {
            assertThat(found(new ChainStart.Ascents(4).find(funnel, random)).position()[0]).isBetween(-6.0, 6.0);
        }
    }

    /// Where the gradient is zero no way leads anywhere: the uniform place it is. Where nothing is finite, all say so.
    @Test
    void withoutAWayItIsTheUniformPlace() {
        LogDensity flat = Targets.of(2, (q, g) -> {
            Arrays.fill(g, 0);
            return q[0] > 0 ? 0 : Double.NaN;
        });
        double[] uniform = found(new ChainStart.Uniform().find(flat, new ChainRandom(4))).position();
        assertThat(found(new ChainStart.Ascents(3).find(flat, new ChainRandom(4))).position()).isEqualTo(uniform);
        assertThat(found(new ChainStart.Paths(3).find(flat, new ChainRandom(4))).position()).isEqualTo(uniform);
        LogDensity nowhere = Targets.of(1, (q, g) -> Double.NaN);
        for (ChainStart start : new ChainStart[] {new ChainStart.Uniform(), new ChainStart.Ascents(3), new ChainStart.Paths(3)}) {
            assertThat(start.find(nowhere, new ChainRandom(4))).isInstanceOfSatisfying(
                    Initialisation.Failed.class, failed -> assertThat(failed.badValues()).isEqualTo(100));
        }
    }

    @Test
    void chainsStartWhereTheyAreTold() {
        MCMC mcmc = new MCMC(new NUTS(Targets.banana())).numWarmup(20).numSamples(20).progress(ProgressListener.NONE);
        double[] four = mcmc.run(key(3)).samples("z").toDoubleArray();
        assertThat(mcmc.chainStart(new ChainStart.Ascents(4)).threads(1).run(key(3)).samples("z").toDoubleArray()).isEqualTo(four);
        assertThat(mcmc.chainStart(new ChainStart.Paths(1)).run(key(3)).samples("z").toDoubleArray()).isNotEqualTo(four);
        assertThatThrownBy(() -> new ChainStart.Ascents(0)).hasMessageStartingWith("the number of ascents must be ≥ 1.\n  Got:      0");
        assertThatThrownBy(() -> new ChainStart.Paths(0)).hasMessageStartingWith("the number of paths must be ≥ 1.\n  Got:      0");
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

    private static Initialisation.Found found(Initialisation i) {
        return (Initialisation.Found) i;
    }
}
