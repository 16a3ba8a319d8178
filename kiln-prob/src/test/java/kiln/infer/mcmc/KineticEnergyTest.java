package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import kiln.array.NDArray;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.math.Elementary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Kinetic energies and their momenta; that they leave targets invariant is in [InvarianceTest].
class KineticEnergyTest {
    /// The quadratic energy, written as a user would.
    private static final KineticEnergy GAUSSIAN = new KineticEnergy() {
        @Override
        public double valueAndGradient(double[] u, double[] gradient) {
            double sum = 0;
            for (int i = 0; i < u.length; i++) {
                gradient[i] = u[i];
                sum += 0.5 * u[i] * u[i];
            }
            return sum;
        }

        @Override
        public void sample(ChainRandom random, double[] u) {
            for (int i = 0; i < u.length; i++) {
                u[i] = random.normal();
            }
        }

        @Override
        public String toString() {
            return "Gaussian";
        }
    };

    static List<Metric> metrics() {
        return List.of(Metric.identity(3), Metric.diagonal(0.5, 2, 1.3), Metric.dense(new double[][] {{1, 0.3, 0.1}, {0.3, 0.8, -0.2}, {0.1, -0.2, 2}}),
                new LowRankMetric(new double[] {0.5, 2, 1}, new double[][] {{0.6, 0, 0.8}}, new double[] {3}),
                new BlockMetric(new double[] {1, 0.7, 1}, new int[][] {{0, 2}}, List.of(new DenseMetric(new double[][] {{1, 0.4}, {0.4, 0.9}}))));
    }

    /// With the quadratic energy and the same normal numbers, each transition of each metric is that of the default to rounding: scaling of momenta, velocities,
    /// energies and turning tests.
    @ParameterizedTest
    @MethodSource("metrics")
    void theQuadraticEnergyIsTheDefault(Metric metric) {
        LogDensity density = Targets.gaussian(new double[] {1, 2, 3}, Targets.autoregressivePrecision(3, 0.7));
        for (AdaptiveSampler<?> plain : List.of(new NUTS(), new HMC().numSteps(7), new WALNUTS())) {
            AdaptiveSampler<?> sampler = plain.stepSize(0.4).inverseMassMatrix(metric);
            AdaptiveSampler<?> own = sampler.settings(sampler.settings().kineticFn(GAUSSIAN));
            for (int seed = 0; seed < 100; seed++) {
                double[] q = {0.1 * seed, 1, 2};
                double[] want = q.clone();
                double[] got = q.clone();
                Chain a = sampler.start(density, q, seed, 0);
                Chain b = own.start(density, q, seed, 0);
                a.next(want);
                b.next(got);
                assertThat(b.numSteps()).isEqualTo(a.numSteps());
                assertThat(b.energy()).isCloseTo(a.energy(), within(1e-11 * Math.max(1, a.energy())));
                for (int i = 0; i < 3; i++) {
                    assertThat(got[i]).isCloseTo(want[i], within(1e-11));
                }
                assertThat(b.metric()).isEqualTo(metric);
            }
        }
    }

    static List<KineticEnergy> energies() {
        return List.of(KineticEnergy.relativistic(0.3), KineticEnergy.relativistic(1), KineticEnergy.relativistic(50), KineticEnergy.logistic(),
                KineticEnergy.studentT(3), KineticEnergy.of(new Normal(0, 2)));
    }

    /// Draws follow exp(−k), whose distribution function is found here by adding up the density: Kolmogorov–Smirnov at 1e-6 on 40,000 draws each.
    @ParameterizedTest
    @MethodSource("energies")
    void momentaHaveTheDensityOfTheEnergy(KineticEnergy energy) {
        int n = 20_000;
        double[] u = new double[2];
        double[] g = new double[1];
        KineticEnergy one = energy.worker(1);
        double zero = one.valueAndGradient(new double[1], g);
        SummedUp cdf = new SummedUp(x -> Elementary.exp(zero - one.valueAndGradient(new double[] {x}, g)));
        KineticEnergy two = energy.worker(2);
        var random = new ChainRandom(9);
        double[] uniforms = new double[2 * n];
        for (int i = 0; i < n; i++) {
            two.sample(random, u);
            uniforms[2 * i] = cdf.at(u[0]);
            uniforms[2 * i + 1] = cdf.at(u[1]);
        }
        assertThat(InvarianceTest.distance(uniforms)).isLessThan(Math.sqrt(-0.5 * StrictMath.log(1e-6 / 2) / (2 * n)));
    }

    /// A distribution function on a grid that grows outwards, by Simpson's rule between its points.
    private static final class SummedUp {
        private static final int N = 40_000;
        private final double[] sums = new double[N + 1];

        SummedUp(DoubleUnaryOperator density) {
            for (int i = 1; i <= N; i++) {
                double a = point(i - 1);
                double b = point(i);
                sums[i] = sums[i - 1]
                        + (b - a) / 6 * (density.applyAsDouble(a) + 4 * density.applyAsDouble(0.5 * (a + b)) + density.applyAsDouble(b));
            }
        }

        private static double point(int i) {
            return Math.sinh(12.0 * (2 * i - N) / N) * 0.01;
        }

        double at(double x) {
            int i = 1;
            int to = N;
            while (i < to) {
                int mid = (i + to) / 2;
                if (point(mid) < x) {
                    i = mid + 1;
                } else {
                    to = mid;
                }
            }
            double part = (x - point(i - 1)) / (point(i) - point(i - 1));
            return (sums[i - 1] + part * (sums[i] - sums[i - 1])) / sums[N];
        }
    }

    @ParameterizedTest
    @MethodSource("energies")
    void gradientsAreThoseOfTheEnergy(KineticEnergy energy) {
        KineticEnergy own = energy.worker(3);
        double[] g = new double[3];
        double[] unused = new double[3];
        double[] u = {0.3, -1.7, 4.1};
        own.valueAndGradient(u, g);
        for (int i = 0; i < 3; i++) {
            double h = 1e-5;
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += h;
            down[i] -= h;
            double slope = (own.valueAndGradient(up, unused) - own.valueAndGradient(down, unused)) / (2 * h);
            assertThat(g[i]).isCloseTo(slope, within(1e-8));
        }
    }

    /// Whatever the momentum, nothing is faster than light; and for slow momenta the energy is the quadratic one.
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 3})
    void speedIsLimited(double c) {
        double[] v = new double[1];
        KineticEnergy.relativistic(c).valueAndGradient(new double[] {1e6}, v);
        assertThat(v[0]).isBetween(0.999 * c, c);
        assertThat(KineticEnergy.relativistic(c).valueAndGradient(new double[] {1e-6}, v)).isCloseTo(0.5e-12, within(1e-20));
    }

    /// Momenta of a shape of their own, here correlated ones.
    @Test
    void momentaOfAVector() {
        var momenta = MultivariateNormal.covariance(NDArray.of(0.0, 0), NDArray.of(new double[][] {{1, 0.9}, {0.9, 1}}));
        double[] u = new double[2];
        var random = new ChainRandom(4);
        KineticEnergy energy = KineticEnergy.of(momenta).worker(2);
        double product = 0;
        for (int i = 0; i < 20_000; i++) {
            energy.sample(random, u);
            product += u[0] * u[1] / 20_000;
        }
        // A standard error of √(1 + 0.81) / √20,000 = 0.0095; five of them.
        assertThat(product).isCloseTo(0.9, within(0.048));
        assertThatThrownBy(() -> new NUTS().kineticFn(KineticEnergy.of(momenta)).start(Targets.studentT(3, 5), new double[3], 1, 0))
                .hasMessageContaining("KineticEnergy.of: the distribution does not fit the momentum.")
                .hasMessageContaining("of shape [3]").hasMessageContaining("shape [2]");
    }

    @Test
    void anEnergyThatIsNotEvenIsRefused() {
        assertThatThrownBy(() -> new NUTS().kineticFn(KineticEnergy.of(new Normal(1, 1))).start(Targets.studentT(3, 5), new double[3], 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("kineticFn: a kinetic energy must be even.\n  Expected: k(−u) = k(u), finite\n  Got:      ")
                .hasMessageContaining("at u and −u of a draw of ")
                .hasMessageEndingWith("Fix:      centre the momenta at zero, such as KineticEnergy.of(new StudentT(5, 0, 1)).");
        assertThatThrownBy(() -> KineticEnergy.relativistic(0)).hasMessageStartingWith("KineticEnergy.relativistic: c must be finite and > 0.\n  Got:      0.0");
        assertThatThrownBy(() -> new BarkerMH().settings(HMCSettings.DEFAULT.kineticFn(GAUSSIAN)))
                .hasMessageStartingWith("BarkerMH has no momentum, so kineticFn must not be set.\n  Got:      Optional[Gaussian]");
    }

    /// The momenta come from the random numbers of the chain, so that a state has all that a chain goes on from.
    @Test
    void chainsGoOnFromTheirStates() {
        LogDensity density = Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0.5));
        for (KineticEnergy energy : energies()) {
            NUTS sampler = new NUTS().kineticFn(energy);
            assertThat(sampler.description()).contains("kineticFn=Optional[" + energy + "]");
            Chain chain = sampler.start(density, new double[2], 3, 60);
            double[] q = new double[2];
            for (int i = 0; i < 40; i++) {
                chain.next(q);
            }
            Chain resumed = sampler.resume(density, chain.state());
            double[] other = new double[2];
            for (int i = 0; i < 40; i++) {
                chain.next(q);
                resumed.next(other);
                assertThat(other).isEqualTo(q);
            }
        }
    }

    /// A whole run with adapted step size and metric: y = 1, 2, 3 with unit noise and a standard normal prior have the posterior N(1.5, ½²). The limits are 5
    /// standard errors of 2000 draws with a quarter of them effective.
    @ParameterizedTest
    @MethodSource("energies")
    void aPosteriorIsSampled(KineticEnergy energy) {
        var posterior = new MCMC(new NUTS(() -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            sample("y", new Normal(mu, 1), NDArray.of(1.0, 2, 3));
        }).kineticFn(energy)).numWarmup(300).numSamples(500).progress(ProgressListener.NONE).run(key(2));
        NDArray mu = posterior.samples("mu");
        assertThat(mu.mean().item()).isCloseTo(1.5, within(5 * 0.5 / Math.sqrt(500)));
        assertThat(kiln.array.Np.std(mu).item()).isCloseTo(0.5, within(5 * 0.5 / Math.sqrt(1000)));
        assertThat(posterior.divergences()).containsOnly(0);
    }
}
