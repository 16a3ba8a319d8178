package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.*;
import kiln.func.Carried;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Densities over coordinates that are chosen by what the data says: the same posterior as that of the model as written.
class CoordinatesTest {
    private static final NDArray Y = NDArray.of(0.3, -1.2, 2.5, 0.7, 1.9);

    /// Every family, in plates, repeated, as events, with parameters by element, in two layers.
    private static void hierarchy() {
        NDArray mu = sample("mu", new Normal(0, 2));
        NDArray tau = sample("tau", new HalfNormal(1.5));
        NDArray df = sample("df", new Gamma(4, 1));
        NDArray rate = sample("rate", new HalfNormal(1).expand(5).toEvent(1));
        NDArray sum;
        try (var _ = plate("unit", 5)) {
            NDArray x = sample("normal", new Normal(mu, tau));
            sum = x.plus(sample("student", new StudentT(df, mu, rate)))
                    .plus(sample("cauchy", new Cauchy(x, 0.5)))
                    .plus(sample("laplace", new Laplace(1, Np.exp(x.times(0.3)))))
                    .plus(sample("logistic", new Logistic(mu, tau)))
                    .plus(sample("gumbel", new Gumbel(mu, tau)))
                    .plus(sample("soft", new SoftLaplace(mu, tau)))
                    .plus(sample("asymmetric", new AsymmetricLaplace(mu, tau, 2)))
                    .plus(sample("log", new LogNormal(mu.times(0.1), rate)));
        }
        NDArray more = sample("expanded", new Normal(mu, tau).expand(3, 5).toEvent(1)).plus(sample("event", new Normal(mu, rate).toEvent(1)));
        sample("y", new Normal(sum.plus(more.sum(0)), 1).toEvent(1), Y);
    }

    private static final PosteriorDensity WRITTEN = PosteriorDensity.of(CoordinatesTest::hierarchy, key(0));

    /// Nothing, little and much, by element.
    private static Information information(PosteriorDensity density, Random random) {
        int d = density.dimension();
        return new Information(
                random.ints(d, 0, 4).mapToDouble(i -> new double[] {0, 0.01, 1, 300}[i]).toArray(), random.doubles(d, -3, 3).toArray());
    }

    private static int[] located(PosteriorDensity density) {
        return density.hierarchical().stream().flatMapToInt(s -> IntStream.range(s.first(), s.first() + s.size())).toArray();
    }

    private static double[] place(int d, Random random) {
        return random.doubles(d, -1, 1).toArray();
    }

    @Test
    void everyHierarchicalSiteIsFound() {
        Information any = information(WRITTEN, new Random(0));
        assertThat(WRITTEN.parametrisation().precisions()).isEmpty();
        assertThat(WRITTEN.informed(any).parametrisation().precisions().keySet()).containsExactly("normal", "student", "cauchy", "laplace", "logistic",
                "gumbel", "soft", "asymmetric", "log", "expanded", "event");
        assertThat(WRITTEN.hierarchical()).extracting(PosteriorDensity.Located::size).containsExactly(5, 5, 5, 5, 5, 5, 5, 5, 5, 15, 5);
        assertThat(WRITTEN.free()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theDensityIsThatOfTheModelAsWrittenTimesTheJacobian(long seed) {
        var random = new Random(seed);
        Information known = information(WRITTEN, random);
        PosteriorDensity density = WRITTEN.informed(known);
        int d = density.dimension();
        double[] u = place(d, random);
        double[] q = density.written(u);
        double[][] at = locationsAndScales(q);
        double jacobian = 0;
        for (int i : located(density)) {
            double k = known.precision()[i];
            double h = known.linear()[i];
            double loc = at[0][i];
            double scale = at[1][i];
            double r = 1 / (1 + k * scale * scale);
            double x = loc + scale * (u[i] * Math.sqrt(r) + (h - k * loc) * scale * r);
            assertThat(q[i]).as(density.label(i)).isCloseTo(x, within(1e-12 * (1 + Math.abs(x))));
            jacobian += Math.log(scale * Math.sqrt(r));
        }
        double[] unused = new double[d];
        double want = WRITTEN.valueAndGradient(q, unused) + jacobian;
        assertThat(density.valueAndGradient(u, unused)).isCloseTo(want, within(1e-12 * Math.abs(want)));
        double[] back = density.ofWritten(q);
        for (int i = 0; i < d; i++) {
            assertThat(back[i]).isCloseTo(u[i], within(1e-11 * (1 + Math.abs(u[i]))));
        }
        var values = density.constrain(new double[][][] {{u}});
        WRITTEN.constrain(new double[][][] {{q}}).forEach((name, x) ->
                assertThat(Objects.requireNonNull(values.get(name)).toDoubleArray()).as(name).containsExactly(x.toDoubleArray(), within(1e-12)));
        assertThat(density.unconstrained(new double[][][] {{u}}).values().stream().flatMapToDouble(x -> Arrays.stream(x.toDoubleArray())).toArray())
                .isEqualTo(q);
    }

    /// By coordinate, from the values of the other sites; the logarithm of `log` is normal.
    private static double[][] locationsAndScales(double[] q) {
        var values = WRITTEN.constrain(new double[][][] {{q}});
        values.replaceAll((_, x) -> x.get(0).get(0));
        double mu = value(values, "mu")[0];
        double tau = value(values, "tau")[0];
        double[] rate = value(values, "rate");
        double[] normal = value(values, "normal");
        double[][] out = new double[2][q.length];
        for (String site : List.of("normal", "student", "cauchy", "laplace", "logistic", "gumbel", "soft", "asymmetric", "log", "expanded", "event")) {
            int[] own = WRITTEN.coordinates(site);
            for (int j = 0; j < own.length; j++) {
                out[0][own[j]] = switch (site) {
                    case "cauchy" -> normal[j];
                    case "laplace" -> 1;
                    case "log" -> 0.1 * mu;
                    default -> mu;
                };
                out[1][own[j]] = switch (site) {
                    case "student", "log", "event" -> rate[j];
                    case "cauchy" -> 0.5;
                    case "laplace" -> Math.exp(0.3 * normal[j]);
                    default -> tau;
                };
            }
        }
        return out;
    }

    private static double[] value(Map<String, NDArray> values, String site) {
        return Objects.requireNonNull(values.get(site)).toDoubleArray();
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        var random = new Random(5);
        PosteriorDensity density = WRITTEN.informed(information(WRITTEN, random));
        int d = density.dimension();
        double[] u = place(d, random);
        double[] gradient = new double[d];
        double[] unused = new double[d];
        density.valueAndGradient(u, gradient);
        for (int i = 0; i < d; i++) {
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (density.valueAndGradient(up, unused) - density.valueAndGradient(down, unused)) / 2e-5;
            assertThat(gradient[i]).as(density.label(i)).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
        }
    }

    /// Where the data says nothing: the same values by the same positions as decentred by hand, and the same density.
    @Test
    void withoutInformationItIsWhatLocScaleReparamMakes() {
        Model centred = () -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray tau = sample("tau", new HalfNormal(1.5));
            sample("y", new Normal(sample("x", new Normal(mu, tau).expand(5).toEvent(1)), 1).toEvent(1), Y);
        };
        Model byHand = handle(centred, reparam(Map.of("x", new kiln.infer.reparam.LocScaleReparam(0))));
        PosteriorDensity density = PosteriorDensity.of(centred, key(0)).informed(new Information(new double[7], new double[7]));
        PosteriorDensity want = PosteriorDensity.of(byHand, key(0));
        double[] u = place(7, new Random(8));
        double[] gradient = new double[7];
        double[] wantGradient = new double[7];
        double value = want.valueAndGradient(u, wantGradient);
        assertThat(density.valueAndGradient(u, gradient)).isCloseTo(value, within(1e-13 * Math.abs(value)));
        assertThat(gradient).containsExactly(wantGradient, within(1e-12));
    }

    /// With the likelihood of the data itself, an element is standard normal given all others: its score is −u, in the neck and in the mouth.
    @ParameterizedTest
    @ValueSource(doubles = {-12, -3, 0, 4})
    void theElementsOfANormalHierarchyAreStandardNormal(double logTau) {
        NDArray sigma = NDArray.of(0.1, 0.5, 1, 3, 40);
        PosteriorDensity written = PosteriorDensity.of(() -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray tau = sample("tau", new HalfNormal(1.5));
            sample("y", new Normal(sample("x", new Normal(mu, tau).expand(5).toEvent(1)), sigma).toEvent(1), Y);
        }, key(0));
        double[] precision = new double[7];
        double[] linear = new double[7];
        for (int i = 0; i < 5; i++) {
            precision[2 + i] = Math.pow(sigma.toDoubleArray()[i], -2);
            linear[2 + i] = precision[2 + i] * Y.toDoubleArray()[i];
        }
        PosteriorDensity density = written.informed(new Information(precision, linear));
        double[] u = place(7, new Random(3));
        u[1] = logTau;
        double[] gradient = new double[7];
        density.valueAndGradient(u, gradient);
        for (int i = 2; i < 7; i++) {
            assertThat(gradient[i]).isCloseTo(-u[i], within(1e-10));
        }
    }

    @Test
    void whatHasNoSuchCoordinatesStaysAsWritten() {
        Model model = () -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray tau = sample("tau", new HalfNormal(1));
            sample("constant", new Normal(1, 2));
            sample("positive", new HalfNormal(tau));
            handle(() -> sample("scaled", new Normal(mu, tau)), scale(0.5)).run();
            handle(() -> sample("masked", new Normal(mu, tau)), mask(true)).run();
            sample("maskedInside", new Normal(mu, tau).mask(NDArray.of(true)));
            scan((NDArray x, NDArray e) -> Carried.of(sample("walk", new Normal(x, tau)).plus(e)), Np.scalar(0.0), Np.zeros(4));
            sample("found", new Normal(0, tau));
        };
        PosteriorDensity density = PosteriorDensity.of(model, key(0));
        assertThat(located(density)).containsExactly(density.coordinates("found"));
    }

    /// Which component a value belongs to is summed out: its location has a value for each.
    @Test
    void besideDiscreteSitesThatAreSummedOutAllStaysAsWritten() {
        Model model = () -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray z = sample("z", new Bernoulli(0.3));
            NDArray x = sample("x", new Normal(mu, 1));
            sample("y", new Normal(x.plus(z), 1), 0.4);
        };
        assertThat(PosteriorDensity.of(model, key(0)).hierarchical()).isEmpty();
    }

    @Test
    void informationIsChecked() {
        assertThatThrownBy(() -> new Information(new double[] {1, -1}, new double[2])).isInstanceOf(IllegalArgumentException.class).hasMessage("""
                Information: there must be a finite precision ≥ 0 and a finite linear term for each coordinate.
                  Got:      precision [1.0, -1.0], linear [0.0, 0.0]""");
        assertThatThrownBy(() -> new Information(new double[1], new double[] {Double.NaN})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void strategiesStartAtTheSameValues() {
        var strategy = InitStrategy.initToValue(Map.of("tau", NDArray.as(0.5), "normal", NDArray.of(1.0, 2, 3, 4, 5)));
        PosteriorDensity density = WRITTEN.informed(information(WRITTEN, new Random(9)));
        double[] q = WRITTEN.start(strategy, key(3));
        double[] u = density.start(strategy, key(3));
        assertThat(density.written(u)).containsExactly(q, within(1e-12));
        assertThat(density.position(Map.copyOf(named(q)))).containsExactly(u, within(1e-11));
    }

    private static Map<String, NDArray> named(double[] q) {
        var values = WRITTEN.unconstrained(new double[][][] {{q}});
        values.replaceAll((_, x) -> x.get(0).get(0));
        return values;
    }
}
