package kiln.model;

import static java.util.Objects.requireNonNull;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.InitStrategy;
import kiln.infer.PosteriorDensity;
import kiln.infer.Predictive;
import kiln.infer.UnconstrainedModel;
import org.junit.jupiter.api.Test;

/// A scan with statements inside against the same model as a Java loop.
class ScanTest {
    private static final NDArray Y = NDArray.of(0.1, 0.4, -0.3, 0.9, 1.1);

    /// An autoregressive state with observations; the state is a site of the steps.
    private static void states(NDArray y, Control.Steps steps) {
        NDArray phi = sample("phi", new Normal(0, 1));
        NDArray s = sample("s", new HalfNormal(1));
        scan(
                (NDArray before, NDArray x) -> {
                    NDArray z = sample("z", new Normal(phi.times(before), s));
                    sample("y", new Normal(z, 0.5), x);
                    deterministic("twice", z.times(2));
                    return new Carried<>(z, z);
                },
                Np.scalar(0.0),
                y,
                steps);
    }

    private static void model() {
        states(Y, Control.Steps.FORWARD);
    }

    /// The log joint by hand, written with the formula of the normal density.
    private static double byHand(double phi, double s, double[] z, double[] y, boolean reverse) {
        double sum = normal(phi, 0, 1) + StrictMath.log(2) + normal(s, 0, 1);
        double before = 0;
        for (int i = 0; i < z.length; i++) {
            int t = reverse ? z.length - 1 - i : i;
            sum += normal(z[t], phi * before, s) + normal(y[t], z[t], 0.5);
            before = z[t];
        }
        return sum;
    }

    private static double normal(double x, double mean, double sd) {
        double d = (x - mean) / sd;
        return -0.5 * d * d - StrictMath.log(sd) - 0.5 * StrictMath.log(2 * Math.PI);
    }

    @Test
    void theKeysOfTheStepsAreNumPyros() {
        Trace run = trace(ScanTest::model, seed(3));
        PRNGKey[] k = PRNGKey.key(3).split(2);
        NDArray phi = new Normal(0, 1).sample(k[1]);
        k = k[0].split(2);
        NDArray s = new HalfNormal(1).sample(k[1]);
        PRNGKey left = k[0].split(2)[1];
        NDArray before = Np.scalar(0.0);
        for (int t = 0; t < 5; t++) {
            PRNGKey[] step = left.split(2);
            left = step[0];
            before = new Normal(phi.times(before), s).sample(step[1].split(2)[1]);
            assertThat(run.value("z").get(t).item()).isEqualTo(before.item());
        }
        assertThat(run.value("twice").toDoubleArray()).isEqualTo(run.value("z").times(2).toDoubleArray());
        assertThat(run.value("z").shape()).isEqualTo(Shape.of(5));
    }

    @Test
    void theDensityIsThatOfTheLoop() {
        for (Control.Steps steps : List.of(Control.Steps.FORWARD, Control.Steps.REVERSE)) {
            Trace drawn = trace(() -> states(Y, steps), seed(1));
            double expected = byHand(
                    drawn.value("phi").item(),
                    drawn.value("s").item(),
                    drawn.value("z").toDoubleArray(),
                    Y.toDoubleArray(),
                    steps.reverse());
            assertThat(drawn.logProb().item()).isCloseTo(expected, within(1e-12));
            Map<String, NDArray> values = new LinkedHashMap<>();
            List.of("phi", "s", "z").forEach(name -> values.put(name, drawn.value(name)));
            assertThat(trace(() -> states(Y, steps), substitute(values)).logProb().item()).isCloseTo(expected, within(1e-12));
            var free = UnconstrainedModel.of(() -> states(Y, steps), PRNGKey.key(0));
            assertThat(free.dimension()).isEqualTo(7);
            NDArray q = free.flatten(free.unconstrain(values));
            double jacobian = StrictMath.log(drawn.value("s").item());
            assertThat(PosteriorDensity.of(() -> states(Y, steps), PRNGKey.key(0)).valueAndGradient(q.toDoubleArray(), new double[7]))
                    .isCloseTo(expected + jacobian, within(1e-12));
        }
    }

    @Test
    void aShorterSeriesFixesTheFirstStepsAndTheOthersAreDrawn() {
        Trace run = trace(ScanTest::model, condition(Map.of("z", NDArray.of(1.0, 2.0))), seed(0));
        double[] z = run.value("z").toDoubleArray();
        assertThat(z).startsWith(1, 2);
        assertThat(z[2]).isNotEqualTo(2);
        assertThat(requireNonNull(run.samples().get("z")).isObserved()).isTrue();
        assertThat(run.logProb().item())
                .isCloseTo(byHand(run.value("phi").item(), run.value("s").item(), z, Y.toDoubleArray(), false), within(1e-12));
    }

    /// Behind the data the steps draw what they draw in a loop, whether the steps before were traced (from two on) or not.
    @Test
    void stepsBehindTheDataDrawWhatTheyDrawInALoop() {
        for (int given = 1; given < 5; given++) {
            Trace run = trace(ScanTest::model, condition(Map.of("z", Y.get(kiln.array.Index.slice(0, given)))), seed(3));
            PRNGKey left = PRNGKey.key(3).split(2)[0].split(2)[0].split(2)[1];
            NDArray before = Np.scalar(0.0);
            for (int t = 0; t < 5; t++) {
                PRNGKey[] step = left.split(2);
                left = step[0];
                NDArray own = new Normal(run.value("phi").times(before), run.value("s")).sample(step[1].split(2)[1]);
                before = t < given ? Y.get(t) : own;
                assertThat(run.value("z").get(t).item()).isEqualTo(before.item());
            }
            assertThat(run.value("twice").toDoubleArray()).isEqualTo(run.value("z").times(2).toDoubleArray());
            assertThat(run.logProb().item()).isCloseTo(
                    byHand(run.value("phi").item(), run.value("s").item(), run.value("z").toDoubleArray(), Y.toDoubleArray(), false),
                    within(1e-12));
        }
    }

    /// The sites of all steps start from one request to the strategy, which sees the prior of the first step: at `phi = ½` the mean is 0.
    @Test
    void strategiesStartAllSteps() {
        var free = UnconstrainedModel.of(ScanTest::model, PRNGKey.key(0));
        Map<String, NDArray> given = Map.of("phi", Np.scalar(0.5), "z", NDArray.of(1.0, 2, 3, 4, 5));
        var start = free.constrain(free.start(InitStrategy.initToValue(given), PRNGKey.key(1)));
        assertThat(requireNonNull(start.get("z")).toDoubleArray()).containsExactly(1, 2, 3, 4, 5);
        assertThat(requireNonNull(start.get("twice")).toDoubleArray()).containsExactly(2, 4, 6, 8, 10);
        assertThat(requireNonNull(free.start(InitStrategy.initToMean(), PRNGKey.key(1)).get("z")).toDoubleArray()).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void aPosteriorForecasts() {
        Map<String, NDArray> draws = Map.of(
                "phi", NDArray.of(0.5, 0.9), "s", NDArray.of(1e-9, 1e-9), "z", NDArray.of(Shape.of(2, 2), 1, 2, 3, 4));
        NDArray out = requireNonNull(new Predictive(() -> scanOnly(4), draws).returnSites("z").run(PRNGKey.key(0)).get("z"));
        // With hardly any noise the forecast is the autoregression itself.
        double[] expected = {1, 2, 1, 0.5, 3, 4, 3.6, 3.24};
        for (int i = 0; i < expected.length; i++) {
            assertThat(out.toDoubleArray()[i]).isCloseTo(expected[i], within(1e-7));
        }
    }

    private static void scanOnly(int length) {
        NDArray phi = sample("phi", new Normal(0, 1));
        NDArray s = sample("s", new HalfNormal(1));
        scan(
                (NDArray before) -> {
                    NDArray z = sample("z", new Normal(phi.times(before), s));
                    return Carried.of(z);
                },
                Np.scalar(0.0),
                length);
    }

    @Test
    void platesStandInsideAndMasksHideSteps() {
        NDArray y = NDArray.of(new double[][] {{0.3, -1}, {0.7, 0.2}, {9, 1.5}});
        NDArray counts = NDArray.of(new boolean[] {true, true, true, true, false, true}).reshape(3, 2);
        Model m = () -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            scan(
                    (NDArray before, List<NDArray> x) -> {
                        try (var _ = plate("pair", 2)) {
                            handle(() -> sample("y", new Normal(before.plus(mu), 1), x.get(0)), mask(x.get(1))).run();
                        }
                        return Carried.of(x.get(0));
                    },
                    Np.zeros(2),
                    List.of(y, counts));
        };
        double expected = normal(0.4, 0, 1);
        double[][] before = {{0, 0}, {0.3, -1}, {0.7, 0.2}};
        for (int t = 0; t < 3; t++) {
            for (int i = 0; i < 2; i++) {
                expected += t == 2 && i == 0 ? 0 : normal(y.get(t, i).item(), before[t][i] + 0.4, 1);
            }
        }
        Trace run = trace(m, substitute(Map.of("mu", 0.4)));
        assertThat(run.logProb().item()).isCloseTo(expected, within(1e-12));
        assertThat(run.logProb("y").item()).isCloseTo(expected - normal(0.4, 0, 1), within(1e-12));
        assertThat(run.warnings()).isEmpty();
    }

    @Test
    void scopesAndReplaysReachTheSteps() {
        Model scoped = handle(ScanTest::model, scope("left"));
        Trace run = trace(scoped, condition(Map.of("left/z", NDArray.of(1.0, 2, 3, 4, 5))), seed(0));
        assertThat(run.value("left/z").toDoubleArray()).containsExactly(1, 2, 3, 4, 5);
        Trace first = trace(ScanTest::model, seed(5));
        Trace again = trace(ScanTest::model, replay(first), seed(6));
        assertThat(again.value("z").toDoubleArray()).isEqualTo(first.value("z").toDoubleArray());
    }
}
