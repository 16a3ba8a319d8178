package kiln.infer.mcmc;

import static kiln.array.Index.at;
import static kiln.array.PRNGKey.key;
import static kiln.dist.constraint.Constraints.real;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.diagnostics.MonteCarloError;
import kiln.diagnostics.Rhat;
import kiln.dist.HalfCauchy;
import kiln.dist.ImproperUniform;
import kiln.dist.Normal;
import kiln.infer.Parametrisation;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The choice of coordinates for hierarchies: what it chooses, and that it changes nothing but the coordinates.
class CenteringTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    @TempDir
    private Path temp;

    /// Eight schools as the textbook writes it.
    ///
    /// @param precise by how much the standard errors are divided
    private static void schools(double precise) {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            sample("y", new Normal(sample("theta", new Normal(mu, tau)), SIGMA.div(precise)), Y);
        }
    }

    private static NUTS nuts(double precise) {
        return new NUTS(() -> schools(precise)).centering(Centering.ADAPTED);
    }

    /// What a run found out.
    private static NDArray theta(Posterior posterior) {
        return Objects.requireNonNull(posterior.centering().get("theta"));
    }

    private static MCMC small() {
        return new MCMC(nuts(1)).numWarmup(200).numSamples(60).blockSize(10).extraFields("z.theta").progress(ProgressListener.NONE);
    }

    private static void assertSame(Posterior got, Posterior want) {
        for (String site : want.names()) {
            assertThat(got.samplesByChain(site).known().sameAs(want.samplesByChain(site).known())).as(site).isTrue();
        }
        assertThat(got.extraField("z.theta").known().sameAs(want.extraField("z.theta").known())).isTrue();
        assertThat(got.lastState()).isEqualTo(want.lastState());
        assertThat(theta(got).known().sameAs(theta(want).known())).isTrue();
        assertThat(got.parametrisation().toString()).isEqualTo(want.parametrisation().toString());
    }

    /// Moments of tau, mu and the first effect by integration over tau: given tau the model is normal, `y_i ~ N(mu, σ_i² + tau²)`.
    private static double[] exact() {
        double mass = 0;
        double[] sums = new double[6];
        int n = 400_000;
        for (int k = 0; k < n; k++) {
            double p = (k + 0.5) / n;
            double tau = 5 * Math.tan(p * Math.PI / 2); // equal masses of the prior
            double precision = 1.0 / 25;
            double weighted = 0;
            double log = 0;
            for (int i = 0; i < 8; i++) {
                double v = Math.pow(SIGMA.toDoubleArray()[i], 2) + tau * tau;
                precision += 1 / v;
                weighted += Y.toDoubleArray()[i] / v;
                log -= 0.5 * (Math.log(v) + Math.pow(Y.toDoubleArray()[i], 2) / v);
            }
            double mu = weighted / precision;
            double w = Math.exp(log + 0.5 * weighted * mu - 0.5 * Math.log(precision));
            double shrink = 225 / (225 + tau * tau);
            double theta = shrink * mu + (1 - shrink) * 28;
            double thetaVariance = shrink * tau * tau + shrink * shrink / precision;
            double[] moments = {Math.log(tau), Math.log(tau) * Math.log(tau), mu, mu * mu + 1 / precision, theta, theta * theta + thetaVariance};
            for (int m = 0; m < 6; m++) {
                sums[m] += w * moments[m];
            }
            mass += w;
        }
        double total = mass;
        return Arrays.stream(sums).map(s -> s / total).toArray();
    }

    /// Within four Monte Carlo standard errors of the integrals: a chance of 6e-5 for each of six numbers; the first moments of log tau are what a
    /// chain misses that does not enter the neck.
    @Test
    void theFunnelIsGoneAndThePosteriorExact() {
        Posterior posterior = new MCMC(nuts(1)).progress(ProgressListener.NONE).run(key(11));
        double[] want = exact();
        String[] sites = {"tau", "mu", "theta"};
        DoubleUnaryOperator[] maps = {Math::log, x -> x, x -> x};
        for (int s = 0; s < 3; s++) {
            NDArray all = posterior.samplesByChain(sites[s]);
            DoubleUnaryOperator map = maps[s];
            double[][] x = IntStream.range(0, 4).mapToObj(c -> all.reshape(4, 1000, -1).get(c).toDoubleArray())
                    .map(c -> IntStream.range(0, 1000).mapToDouble(i -> map.applyAsDouble(c[i * (c.length / 1000)])).toArray())
                    .toArray(double[][]::new);
            assertThat(Rhat.rhat(x)).isLessThan(1.01);
            for (int power = 1; power <= 2; power++) {
                double e = power;
                double[][] y = Arrays.stream(x).map(c -> Arrays.stream(c).map(v -> Math.pow(v, e)).toArray()).toArray(double[][]::new);
                double mean = Arrays.stream(y).flatMapToDouble(Arrays::stream).average().orElseThrow();
                assertThat((mean - want[2 * s + power - 1]) / MonteCarloError.mcseMean(y)).as(sites[s] + "^" + power).isBetween(-4.0, 4.0);
            }
        }
        assertThat(Arrays.stream(posterior.divergences()).sum()).isZero();
    }

    /// In a normal hierarchy the scores of the data lie on a line, wherever the chain is: with weights `w = 1/σ²` and the prior variance 25 of the mean, which
    /// follows the effects, the precisions are the eigenvalues of `diag(w) − w wᵀ / (Σw + 1/25)`.
    @Test
    void theInformationOfNormalDataIsFoundExactly() {
        for (double precise : new double[] {1000, 1, 0.01}) {
            Posterior posterior = new MCMC(nuts(precise)).numWarmup(100).numSamples(1).progress(ProgressListener.NONE).run(key(2));
            NDArray w = SIGMA.div(precise).pow(-2);
            NDArray told = Np.diag(w).minus(w.reshape(-1, 1).times(w).div(w.sum().plus(1 / 25.0)));
            double[] want = Linalg.eigvalsh(told).toDoubleArray();
            if (precise < 1) {
                // Less than the prior says of the mean: the elements stay as they are, and the others move an element by less than 25 Σw = 2e-4 of what is known of it.
                assertThat(theta(posterior).div(w).toDoubleArray()).containsExactly(new double[] {1, 1, 1, 1, 1, 1, 1, 1}, within(1e-3));
            } else {
                assertThat(theta(posterior).toDoubleArray()).containsExactly(want, within(1e-6 * want[7]));
            }
        }
    }

    @Test
    void aLineIsALikelihoodIfItFalls() {
        var line = new CenteringPilot.Line();
        line.add(1, 0.5);
        line.add(3, -0.5);
        line.add(2, 0);
        assertThat(line.precision()).isEqualTo(0.5);
        assertThat(line.linear(0.5)).isEqualTo(1);
        assertThat(line.linear(2)).isEqualTo(4);
        assertThat(line.linear(0)).isZero();
        var rising = new CenteringPilot.Line();
        rising.add(1, 0.5);
        rising.add(3, 1);
        assertThat(rising.precision()).isZero();
                var nothing = new CenteringPilot.Line();
        nothing.add(1, Double.NaN);
        nothing.add(1, 2);
        assertThat(nothing.precision()).isZero();
        assertThat(nothing.linear(1)).isZero();
    }

    /// Normal data with σ = 1, 25 of each of four levels: differences between the effects have a precision of 25, exactly, and their mean none, because the intercept takes it up.
    @Test
    void aLineIsHeldNearTheCurvature() {
        NDArray level = NDArray.of(IntStream.range(0, 100).mapToDouble(i -> i % 4).toArray()).astype(DType.INT64);
        PosteriorDensity density = PosteriorDensity.of(() -> {
            NDArray alpha = sample("alpha", new ImproperUniform(real));
            NDArray scale = sample("scale", new HalfCauchy(5));
            NDArray a;
            try (var _ = plate("level", 4)) {
                a = sample("a", new Normal(0, scale));
            }
            try (var _ = plate("person", 100)) {
                sample("y", new Normal(alpha.plus(a.get(at(level))), 1), level.div(2));
            }
        }, key(0));
        int d = density.dimension();
        Directions directions = Directions.of(density, new Curvature(density, density, new double[d], Np.ones(d).toDoubleArray()));
        int first = density.hierarchical().getFirst().first();
        assertThat(directions.precision(first, 7)).isLessThan(1e-6);
        for (int i = first + 1; i < first + 4; i++) {
            assertThat(directions.precision(i, 0)).isCloseTo(12.5, within(1e-6));
            assertThat(directions.precision(i, 20)).isEqualTo(20);
            assertThat(directions.precision(i, 1000)).isCloseTo(50, within(1e-6));
        }
        int other = first == 0 ? d - 1 : 0;
        assertThat(directions.precision(other, 7)).isEqualTo(7);
    }

    @Test
    void neitherThreadsNorAFolderNorAStopChangeADraw() {
        Posterior want = small().run(key(7));
        assertThat(want.centering().keySet()).containsExactly("theta");
        assertSame(small().threads(1).run(key(7)), want);
        Path folder = temp.resolve("run");
        AtomicLong asked = new AtomicLong();
        Posterior part = small().threads(1).folder(folder).stopWhen(() -> asked.incrementAndGet() > 100 + 4 * 200 + 120).run(key(7));
        assertThat(part.end().orElseThrow().draws()).isBetween(1, 40);
        assertSame(small().resume(folder), want);
        Posterior warm = small().warmup(key(7));
        assertSame(small().run(warm.lastState()), want);
    }

    /// Nothing of such a run may be resumed: with other coordinates it would be another run.
    @Test
    void aStopDuringTheChoiceLeavesNothing() {
        Path folder = temp.resolve("run");
        assertThatThrownBy(() -> small().folder(folder).stopWhen(() -> true).run(key(7)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("""
                        MCMC: the run ended before all chains had a draw.
                          Got:      a stop while it chose the coordinates of its hierarchies
                          Fix:      run it again: nothing of it was kept.""");
        assertThatThrownBy(() -> small().timeLimit(Duration.ofNanos(1)).run(key(7))).isInstanceOf(CancellationException.class);
        assertThat(small().folder(folder).run(key(7)).end().orElseThrow().draws()).isEqualTo(60);
    }

    @Test
    void whatIsGivenAndReturnedByNameIsAsWritten() {
        Posterior posterior = small().run(key(7));
        assertThat(posterior.extraField("z.theta").toDoubleArray())
                .containsExactly(posterior.samplesByChain("theta").toDoubleArray(), within(1e-12));
        var start = Map.of("mu", NDArray.as(1.5), "tau", NDArray.as(0.3), "theta", NDArray.of(1.0, 2, 3, 4, 5, 6, 7, 8));
        Posterior still = new MCMC(nuts(1).adaptStepSize(false).stepSize(1e-9)).initParams(start).numWarmup(150).numSamples(1)
                .numChains(1).progress(ProgressListener.NONE).run(key(1));
        assertThat(still.samples("theta").toDoubleArray()).containsExactly(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, within(1e-4));
    }

    /// The effects go over from non-centred to centred where their scale passes the standard errors along their directions: `1/√k` with the k of
    /// `theInformationOfNormalDataIsFoundExactly`, 9.2 to 20.
    @Test
    void aPosteriorSaysInWhichCoordinatesItWasSampled() {
        Posterior posterior = small().run(key(7));
        assertThat(posterior.parametrisation().chosen()).singleElement().satisfies(s -> {
            assertThat(s.name()).isEqualTo("theta");
            assertThat(s.along()).isEqualTo(Parametrisation.Along.DIRECTIONS);
            assertThat(s.nonCentred()).isZero();
        });
        assertThat(posterior.parametrisation().metrics()).hasSize(4);
        assertThat(posterior.toString()).containsPattern("\nSampled in coordinates of its own: theta \\(8 directions, decentred where their scale is below 9\\.2 to"
                + " 20\\); mu without what follows theta\\. Metric: [a-z0-9 ,]+\\.");
        assertThat(new MCMC(nuts(1).metricAdaptation(MetricAdaptation.VARIANCE).denseMass(true)).numWarmup(200).numSamples(10).progress(ProgressListener.NONE).run(key(7)).parametrisation().toString())
                .endsWith(" Metric: full.");
    }

    @Test
    void itCanBeSwitchedOffAndIsWhereTheMetricIsGiven() {
        for (NUTS nuts : new NUTS[] {nuts(1).centering(Centering.AS_WRITTEN), nuts(1).inverseMassMatrix(Metric.identity(10)), nuts(1).adaptMassMatrix(false)}) {
            Posterior posterior = new MCMC(nuts).numWarmup(200).numSamples(10).progress(ProgressListener.NONE).run(key(7));
            assertThat(posterior.centering()).isEmpty();
            assertThat(posterior.parametrisation().isAsWritten()).isTrue();
            assertThat(posterior.parametrisation().toString()).startsWith("Sampled as written. Metric: ");
            assertThat(posterior.toString()).doesNotContain("Sampled");
        }
    }
}
