package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.*;
import kiln.dist.constraint.Constraints;
import kiln.func.Carried;
import kiln.infer.mcmc.CenteringPilot;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sites that are looked at along other directions than their elements, and coordinates that follow them: the same posterior.
class DirectionsTest {
    private static final NDArray ROWS = NDArray.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
    private static final NDArray COLUMNS = NDArray.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    private static final NDArray Y = NDArray.of(1.2, 0.4, -0.3, 2.2, 1.9, 1.1, 0.2, 3.1, 0.1, -0.8, -1.9, 1.4);

    /// Two effects of a located one, coefficients, and a location on which effects depend.
    private static void model() {
        NDArray beta = sample("beta", new Normal(0, 3).expand(2).toEvent(1));
        NDArray mu = sample("mu", new Normal(0, 1));
        NDArray tau = sample("tau", new HalfNormal(1));
        NDArray rate = sample("rate", new HalfNormal(1));
        NDArray a;
        try (var _ = plate("row", 4)) {
            a = sample("a", new Normal(mu, tau));
        }
        NDArray b = sample("b", new LogNormal(0, rate).expand(3).toEvent(1));
        NDArray slope = sample("slope", new StudentT(3, beta.get(0), 1));
        NDArray mean = beta.get(0).plus(beta.get(1).times(ROWS)).plus(a.get(Index.at(ROWS.astype(kiln.array.DType.INT64))))
                .plus(b.get(Index.at(COLUMNS.astype(kiln.array.DType.INT64)))).plus(slope.times(COLUMNS));
        sample("y", new Normal(mean, 0.5).toEvent(1), Y);
    }

    private static final PosteriorDensity WRITTEN = PosteriorDensity.of(DirectionsTest::model, key(0));

    private static int[] range(PosteriorDensity.Located s) {
        return IntStream.range(s.first(), s.first() + s.size()).toArray();
    }

    private static NDArray orthogonal(int n, Random random) {
        return Linalg.qr(NDArray.of(Shape.of(n, n), random.doubles((long) n * n, -1, 1).toArray())).q();
    }

    /// All columns, or reflections onto the first two of them.
    private static OrthogonalMap map(int n, Random random) {
        NDArray q = orthogonal(n, random);
        return random.nextBoolean()
                ? new OrthogonalMap.Columns(q)
                : OrthogonalMap.Reflections.onto(q.get(Index.ALL, Index.slice(0, 2)), new int[] {2, 0});
    }

    @Test
    void whatEffectsAroundConstantsDoNotDependOnIsFree() {
        assertThat(WRITTEN.hierarchical()).extracting(s -> WRITTEN.label(s.first())).containsExactly("a[0]", "b[0]", "slope");
        assertThat(WRITTEN.hierarchical()).noneMatch(PosteriorDensity.Located::isTurnable);
        assertThat(WRITTEN.free()).isEmpty();
        PosteriorDensity density = PosteriorDensity.of(DirectionsTest::crossed, key(0));
        assertThat(density.free()).containsExactly(density.coordinates("alpha"));
        Model branching = () -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray x = sample("x", new Normal(0, tau));
            sample("y", new Normal(mu.gt(0).isTrue() ? x : x.plus(mu), 1), 0.3);
        };
        assertThat(PosteriorDensity.of(branching, key(0)).free()).isEmpty();
        Model others = () -> {
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray x = sample("x", new Normal(0, tau));
            sample("positive", new HalfNormal(1));
            sample("ordered", new ImproperUniform(Constraints.orderedVector, Shape.of(), Shape.of(2)));
            scan((NDArray c, NDArray e) -> Carried.of(sample("walk", new Normal(c, 1)).plus(e)), Np.scalar(0.0), Np.zeros(4));
            sample("free", new Normal(x, 1));
        };
        // The location of `free` depends on x.
        assertThat(PosteriorDensity.of(others, key(0)).free()).isEmpty();
    }

    /// As a mixed model is written: an intercept and the effects of two factors.
    private static void crossed() {
        NDArray alpha = sample("alpha", new ImproperUniform(Constraints.real, Shape.of(), Shape.of()));
        crossed(alpha, effects("a", 4, NDArray.as(0)));
    }

    /// The same with the intercept as the location of a factor.
    private static void located() {
        NDArray alpha = sample("alpha", new ImproperUniform(Constraints.real, Shape.of(), Shape.of()));
        crossed(NDArray.as(0), effects("a", 4, alpha));
    }

    private static void crossed(NDArray intercept, NDArray a) {
        NDArray b = effects("b", 3, NDArray.as(0));
        NDArray mean = intercept.plus(a.get(Index.at(ROWS.astype(kiln.array.DType.INT64)))).plus(b.get(Index.at(COLUMNS.astype(kiln.array.DType.INT64))));
        sample("y", new Normal(mean, 0.5).toEvent(1), Y);
    }

    private static NDArray effects(String name, int n, NDArray loc) {
        NDArray sigma = sample("sigma_" + name, new HalfNormal(1));
        try (var _ = plate(name + "_level", n)) {
            return sample(name, new Normal(loc, sigma));
        }
    }

    /// Models with free coordinates, for the checks of the change of variables.
    private static final PosteriorDensity CROSSED = PosteriorDensity.of(DirectionsTest::crossed, key(0));
    private static final PosteriorDensity LOCATED = PosteriorDensity.of(DirectionsTest::located, key(0));

    private static Information random(PosteriorDensity density, Random random) {
        int d = density.dimension();
        int[] by = density.hierarchical().stream().flatMapToInt(s -> Arrays.stream(range(s))).toArray();
        int[] free = density.free();
        // Also directions that the pilot would not choose.
        return new Information(
                random.ints(d, 0, 4).mapToDouble(i -> new double[] {0, 0.01, 1, 300}[i]).toArray(),
                random.doubles(d, -3, 3).toArray(),
                density.hierarchical().stream().filter(s -> s.size() > 1)
                        .map(s -> new Information.Turn(s.first(), map(s.size(), random))).toList(),
                free.length == 0
                        ? Optional.empty()
                        : Optional.of(new Information.Shear(
                                Arrays.stream(free).boxed().toList(), Arrays.stream(by).boxed().toList(),
                                NDArray.of(Shape.of(free.length, by.length), random.doubles((long) free.length * by.length, -1, 1).toArray()),
                                NDArray.of(new double[free.length]))),
                List.of());
    }

    private static double value(PosteriorDensity density, double[] q, String site) {
        return Objects.requireNonNull(density.constrain(new double[][][] {{q}}).get(site)).toDoubleArray()[0];
    }

    /// The whole change of variables by hand for the crossed models: `ε = scale Q (√r u + …)`, `alpha = u − B ε`, `x = ε` or `x = alpha + ε`.
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "false, 3", "false, 4", "true, 5", "true, 6", "true, 7", "true, 8"})
    void theDensityIsThatOfTheModelAsWrittenTimesTheJacobian(boolean isLocated, long seed) {
        PosteriorDensity written = isLocated ? LOCATED : CROSSED;
        var random = new Random(seed);
        Information known = random(written, random);
        PosteriorDensity density = written.informed(known);
        int d = density.dimension();
        double[] u = random.doubles(d, -1, 1).toArray();
        double[] q = density.written(u);
        double jacobian = 0;
        double[] want = u.clone();
        for (PosteriorDensity.Located s : written.hierarchical()) {
            double scale = value(written, q, s.size() == 4 ? "sigma_a" : "sigma_b");
            double[] z = new double[s.size()];
            for (int j = 0; j < z.length; j++) {
                double k = known.precision()[s.first() + j];
                double r = 1 / (1 + k * scale * scale);
                z[j] = u[s.first() + j] * Math.sqrt(r) + known.linear()[s.first() + j] * scale * r;
                jacobian += Math.log(scale * Math.sqrt(r));
            }
            NDArray turn = known.turns().stream().filter(t -> t.first() == s.first()).findFirst().orElseThrow().directions().matrix();
            double[] x = turn.matmul(NDArray.of(z)).times(scale).toDoubleArray();
            System.arraycopy(x, 0, want, s.first(), x.length);
        }
        Information.Shear shear = known.shear().orElseThrow();
        int alpha = shear.free().getFirst();
        for (int k = 0; k < shear.by().size(); k++) {
            want[alpha] -= shear.slopes().toDoubleArray()[k] * want[shear.by().get(k)];
        }
        for (int i : written.coordinates("a")) {
            want[i] += isLocated ? want[alpha] : 0;
        }
        assertThat(q).containsExactly(want, within(1e-12));
        double[] gradient = new double[d];
        double[] unused = new double[d];
        double expected = written.valueAndGradient(q, unused) + jacobian;
        assertThat(density.valueAndGradient(u, gradient)).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
        assertThat(density.ofWritten(q)).containsExactly(u, within(1e-10));
        for (int i = 0; i < d; i++) {
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (density.valueAndGradient(up, unused) - density.valueAndGradient(down, unused)) / 2e-5;
            assertThat(gradient[i]).as(density.label(i)).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
        }
        Information again = Information.ofNumbers(known.numbers());
        assertThat(again.numbers()).isEqualTo(known.numbers());
        assertThat(written.informed(again).valueAndGradient(u, unused)).isEqualTo(density.valueAndGradient(u, gradient));
        assertThat(unused).isEqualTo(gradient);
    }

    /// The same with a location, a log-normal site and a single element, by differences and the way back.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theWayBackIsTheWayBack(long seed) {
        var random = new Random(seed);
        PosteriorDensity density = WRITTEN.informed(random(WRITTEN, random));
        int d = density.dimension();
        double[] u = random.doubles(d, -1, 1).toArray();
        double[] q = density.written(u);
        assertThat(density.ofWritten(q)).containsExactly(u, within(1e-9));
        var values = density.constrain(new double[][][] {{u}});
        WRITTEN.constrain(new double[][][] {{q}}).forEach((name, x) ->
                assertThat(Objects.requireNonNull(values.get(name)).toDoubleArray()).as(name).containsExactly(x.toDoubleArray(), within(1e-12)));
        var strategy = InitStrategy.initToValue(Map.of("tau", NDArray.as(0.5), "a", NDArray.of(1.0, 2, 3, 4)));
        assertThat(density.written(density.start(strategy, key(3)))).containsExactly(WRITTEN.start(strategy, key(3)), within(1e-10));
    }

    /// A balanced design with normal data: given the standard deviations the effects are independent standard normal in the coordinates that the pilot finds, with
    /// the score −u wherever one looks, and the intercept has nothing to do with them.
    @ParameterizedTest
    @CsvSource({"false, -6", "false, -1", "false, 3", "true, -6", "true, -1", "true, 3"})
    void theEffectsOfABalancedDesignAreStandardNormal(boolean isLocated, double logSigma) {
        PosteriorDensity written = isLocated ? LOCATED : CROSSED;
        PosteriorDensity density = adapted(written);
        assertThat(density.information().orElseThrow().turns()).hasSize(2);
        assertStandardNormal(written, density, logSigma, "sigma_a");
        List<double[]> precisions = density.parametrisation().precisions().values().stream().map(NDArray::toDoubleArray).toList();
        // 3 observations of variance 1/4 for each of a, 4 for each of b; nothing for their means.
        assertThat(precisions.get(0)).containsExactly(new double[] {0, 12, 12, 12}, within(1e-5));
        assertThat(precisions.get(1)).containsExactly(new double[] {0, 16, 16}, within(1e-5));
        assertThat(density.parametrisation()).hasToString("Sampled in coordinates of its own: a (4 directions, 3 decentred where their scale is below 0.29, 1"
                + " decentred); b (3 directions, 2 decentred where their scale is below 0.25, 1 decentred); alpha without what follows a, b.");
    }

    /// One factor around a regression, its levels known as differently as one likes: the same, for any normal prior of the coefficients.
    @ParameterizedTest
    @ValueSource(doubles = {-8, -2, 1, 4})
    void theEffectsAroundARegressionAreStandardNormal(double logSigma) {
        NDArray sigma = NDArray.of(0.1, 0.5, 1, 3, 10);
        NDArray y = NDArray.of(0.3, -1.2, 2.5, 0.7, 1.9);
        PosteriorDensity written = PosteriorDensity.of(() -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray beta = sample("beta", new Normal(0, 1).expand(2).toEvent(1));
            NDArray mean = mu.plus(beta.get(0).times(NDArray.of(-1.0, 0, 0.5, 1, 2))).plus(beta.get(1).times(NDArray.of(1.0, 0, 0, 1, -1)));
            NDArray tau = sample("tau", new HalfNormal(1.5));
            sample("y", new Normal(sample("x", new Normal(mean, tau).toEvent(1)), sigma).toEvent(1), y);
        }, key(0));
        assertThat(written.free()).containsExactly(0, 1, 2);
        assertStandardNormal(written, adapted(written), logSigma, "tau");
    }

    private static PosteriorDensity adapted(PosteriorDensity written) {
        return new CenteringPilot(100).adapt(written, written.start(InitStrategy.initToMedian(), key(1)), 3, () -> false).density();
    }

    private static void assertStandardNormal(PosteriorDensity written, PosteriorDensity density, double logSigma, String site) {
        int d = density.dimension();
        double[] u = new Random(5).doubles(d, -2, 2).toArray();
        u[written.coordinates(site)[0]] = logSigma;
        double[] gradient = new double[d];
        density.valueAndGradient(u, gradient);
        for (PosteriorDensity.Located s : written.hierarchical()) {
            for (int i : range(s)) {
                assertThat(gradient[i]).as(density.label(i)).isCloseTo(-u[i], within(1e-5));
            }
        }
    }

    /// What locations depend on decides which sites are looked at by their deviations.
    @Test
    void deviationsAreFromWhatNothingElseTells() {
        assertThat(CROSSED.deviations()).isEmpty();
        assertThat(LOCATED.free()).containsExactly(LOCATED.coordinates("alpha"));
        PosteriorDensity deviations = LOCATED.deviations().orElseThrow();
        double[] q = new Random(2).doubles(LOCATED.dimension(), -1, 1).toArray();
        double[] expected = q.clone();
        for (int i : LOCATED.coordinates("a")) {
            expected[i] -= q[LOCATED.coordinates("alpha")[0]];
        }
        assertThat(deviations.ofWritten(q)).containsExactly(expected, within(1e-14));
        assertThat(deviations.written(expected)).containsExactly(q, within(1e-14));
        double[] unused = new double[q.length];
        assertThat(deviations.valueAndGradient(expected, unused)).isCloseTo(LOCATED.valueAndGradient(q, unused), within(1e-12));
    }

    /// A location that another effect is, a positive one, one on which a scale depends, one of another distribution, and more elements than their directions may cost.
    @Test
    void besideOtherLocationsAllSitesKeepTheirElements() {
        assertKeepsElements((mu, tau) -> sample("inner", new Normal(sample("outer", new Normal(mu, tau).expand(3).toEvent(1)), tau).toEvent(1)));
        assertKeepsElements((mu, tau) -> sample("x", new Normal(tau, 1)));
        assertKeepsElements((mu, tau) -> sample("x", new Normal(mu, Np.exp(mu))));
        assertKeepsElements((mu, tau) -> sample("x", new StudentT(3, mu, tau)));
        assertKeepsElements((mu, tau) -> sample("x", new Normal(mu, tau).expand(101).toEvent(1)));
    }

    private static void assertKeepsElements(BiConsumer<NDArray, NDArray> more) {
        PosteriorDensity density = PosteriorDensity.of(() -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            NDArray tau = sample("tau", new HalfNormal(1));
            sample("centred", new Normal(0, tau).expand(3).toEvent(1));
            sample("located", new Normal(mu, tau).expand(3).toEvent(1));
            more.accept(mu, tau);
        }, key(0));
        assertThat(density.free()).isEmpty();
        assertThat(density.deviations()).isEmpty();
        assertThat(density.hierarchical()).noneMatch(PosteriorDensity.Located::isTurnable);
    }
}
