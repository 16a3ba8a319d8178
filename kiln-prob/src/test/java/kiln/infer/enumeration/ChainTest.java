package kiln.infer.enumeration;

import static java.util.Objects.requireNonNull;
import static kiln.model.Handlers.handle;
import static kiln.model.Handlers.mask;
import static kiln.model.Handlers.scale;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Categorical;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.func.Functions;
import kiln.func.ValueAndGrad;
import kiln.infer.InitStrategy;
import kiln.infer.PosteriorDensity;
import kiln.infer.UnconstrainedModel;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Markov chains in a scan, summed out step by step, against the forward algorithm and against the same chains unrolled in Java, whose
/// elimination [BruteForceTest] holds to the sum over all combinations.
class ChainTest {
    private static final double[][] MOVES = {{0.7, 0.2, 0.1}, {0.3, 0.5, 0.2}, {0.1, 0.3, 0.6}};
    private static final NDArray A = NDArray.of(MOVES);
    private static final double[] Y = {0.1, 0.4, -0.3, 0.9, -1.2, 0.3, 0.7, 1.1, -0.4};
    private static final NDArray PAIRS = NDArray.of(new double[][] {{0.3, -1}, {0.7, 0.2}, {0.1, 1.5}, {-0.4, 0.8}});
    private static final double[] MU = {-0.8, 0.3, 1.4};
    private static final NDArray NONE = Np.zeros(2).astype(DType.INT64);

    private static NDArray mu() {
        return sample("mu", new Normal(NDArray.of(-1.0, 0.5, 1.0), 1));
    }

    private static void hmm(NDArray y) {
        steps(mu(), y);
    }

    private static void steps(NDArray mu, NDArray y) {
        scan(
                (NDArray before, NDArray x) -> {
                    NDArray z = sample("z", new Categorical(A.get(before)));
                    sample("y", new Normal(mu.get(z), 0.5), x);
                    return new Carried<>(z, z);
                },
                Np.scalar(0L),
                y);
    }

    /// The forward algorithm in plain Java: log p(y), and ∂/∂mu by central differences of it in the tests.
    private static double forward(double[] mu, double[] y) {
        double log = 0;
        double[] p = {1, 0, 0};
        for (double x : y) {
            double[] next = new double[3];
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                for (int i = 0; i < 3; i++) {
                    next[j] += p[i] * MOVES[i][j];
                }
                double d = (x - mu[j]) / 0.5;
                next[j] *= StrictMath.exp(-0.5 * d * d) / (0.5 * StrictMath.sqrt(2 * Math.PI));
                sum += next[j];
            }
            for (int j = 0; j < 3; j++) {
                p[j] = next[j] / sum;
            }
            log += StrictMath.log(sum);
        }
        return log;
    }

    private static double prior(double[] mu) {
        double[] mean = {-1, 0.5, 1};
        double sum = 0;
        for (int j = 0; j < 3; j++) {
            sum += -0.5 * (mu[j] - mean[j]) * (mu[j] - mean[j]) - 0.5 * StrictMath.log(2 * Math.PI);
        }
        return sum;
    }

    @Test
    void tenThousandStepsEqualTheForwardAlgorithm() {
        double[] y = PRNGKey.key(1).normal(10_000).toDoubleArray();
        var density = PosteriorDensity.of(() -> hmm(NDArray.of(y)), PRNGKey.key(0));
        double[] gradient = new double[3];
        double value = density.valueAndGradient(MU, gradient);
        double expected = forward(MU, y) + prior(MU);
        assertThat(value).isCloseTo(expected, within(1e-11 * Math.abs(expected)));
        for (int j = 0; j < 3; j++) {
            double[] up = MU.clone();
            double[] down = MU.clone();
            up[j] += 1e-5;
            down[j] -= 1e-5;
            double slope = (forward(up, y) + prior(up) - forward(down, y) - prior(down)) / 2e-5;
            assertThat(gradient[j]).isCloseTo(slope, within(1e-6 * Math.abs(expected)));
        }
    }

    /// Value, gradient and the most probable values of a scan and of the same model unrolled, whose sites are `name + step`.
    private static void same(Model scanned, Model unrolled, int steps, String... chained) {
        var a = UnconstrainedModel.of(scanned, PRNGKey.key(0));
        var b = UnconstrainedModel.of(unrolled, PRNGKey.key(0));
        Map<String, NDArray> q = Map.of("mu", NDArray.of(MU));
        ValueAndGrad<NDArray> x = Functions.<NDArray>valueAndGrad(v -> a.logJoint(a.unflatten(v))).apply(a.flatten(q));
        ValueAndGrad<NDArray> y = Functions.<NDArray>valueAndGrad(v -> b.logJoint(b.unflatten(v))).apply(b.flatten(q));
        assertThat(x.value().item()).isCloseTo(y.value().item(), within(1e-12));
        for (int j = 0; j < 3; j++) {
            assertThat(x.grad().get(j).item()).isCloseTo(y.grad().get(j).item(), within(1e-12));
        }
        Map<String, NDArray> best = a.enumeration(q).mostProbable();
        Map<String, NDArray> each = b.enumeration(q).mostProbable();
        Map<String, NDArray> shares = a.enumeration(q).marginals();
        Map<String, NDArray> ofEach = b.enumeration(q).marginals();
        for (String name : chained) {
            NDArray all = Np.moveaxis(requireNonNull(shares.get(name)), 1, 0);
            for (int t = 0; t < steps; t++) {
                NDArray difference = all.get(t).minus(requireNonNull(ofEach.get(name + t)));
                assertThat(Np.max(Np.abs(difference)).item()).isLessThan(1e-13);
                assertThat(requireNonNull(best.get(name)).get(t).toLongArray()).isEqualTo(requireNonNull(each.get(name + t)).toLongArray());
            }
        }
    }

    /// Forward and backward recursion in plain Java.
    @Test
    void marginalProbabilitiesAreThoseOfForwardAndBackward() {
        int n = Y.length;
        double[][] alpha = new double[n + 1][3];
        double[][] beta = new double[n + 1][3];
        alpha[0][0] = 1;
        beta[n] = new double[] {1, 1, 1};
        for (int t = 0; t < n; t++) {
            for (int j = 0; j < 3; j++) {
                for (int i = 0; i < 3; i++) {
                    alpha[t + 1][j] += alpha[t][i] * MOVES[i][j] * bell(t, j);
                }
            }
        }
        for (int t = n - 1; t >= 0; t--) {
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    beta[t][i] += MOVES[i][j] * bell(t, j) * beta[t + 1][j];
                }
            }
        }
        var free = UnconstrainedModel.of(() -> hmm(NDArray.of(Y)), PRNGKey.key(0));
        NDArray p = requireNonNull(free.enumeration(Map.of("mu", NDArray.of(MU))).marginals().get("z"));
        assertThat(p.shape()).isEqualTo(Shape.of(3, n));
        for (int t = 0; t < n; t++) {
            for (int j = 0; j < 3; j++) {
                assertThat(p.get(j, t).item()).isCloseTo(alpha[t + 1][j] * beta[t + 1][j] / beta[0][0], within(1e-13));
            }
        }
    }

    private static double bell(int t, int state) {
        double d = (Y[t] - MU[state]) / 0.5;
        return StrictMath.exp(-0.5 * d * d);
    }

    @Test
    void firstOrder() {
        same(
                () -> hmm(NDArray.of(Y)),
                () -> {
                    NDArray mu = mu();
                    NDArray z = Np.scalar(0L);
                    for (int t = 0; t < Y.length; t++) {
                        z = sample("z" + t, new Categorical(A.get(z)));
                        sample("y" + t, new Normal(mu.get(z), 0.5), Y[t]);
                    }
                },
                Y.length,
                "z");
    }

    @Test
    void secondOrderWithAContinuousCarryAndADiscreteStart() {
        NDArray start = NDArray.of(0.2, 0.3, 0.5);
        same(
                () -> {
                    NDArray mu = mu();
                    NDArray first = sample("first", new Categorical(start));
                    scan(
                            (List<NDArray> c, NDArray x) -> {
                                NDArray p = A.get(c.get(0)).times(0.5).plus(A.get(c.get(1)).times(0.5));
                                NDArray z = sample("z", new Categorical(p));
                                sample("y", new Normal(mu.get(z).plus(c.get(2).times(0.3)), 0.5), x);
                                return new Carried<>(List.of(c.get(1), z, c.get(2).times(0.5).plus(x)), z);
                            },
                            List.of(first, first, Np.scalar(0.2)),
                            NDArray.of(Y));
                },
                () -> {
                    NDArray mu = mu();
                    NDArray first = sample("first", new Categorical(start));
                    NDArray older = first;
                    NDArray old = first;
                    double mean = 0.2;
                    for (int t = 0; t < Y.length; t++) {
                        NDArray p = A.get(older).times(0.5).plus(A.get(old).times(0.5));
                        NDArray z = sample("z" + t, new Categorical(p));
                        sample("y" + t, new Normal(mu.get(z).plus(mean * 0.3), 0.5), Y[t]);
                        older = old;
                        old = z;
                        mean = mean * 0.5 + Y[t];
                    }
                },
                Y.length,
                "z");
    }

    @Test
    void twoChainsAndALocalSiteInAPlateInBothDirections() {
        for (Control.Steps steps : List.of(Control.Steps.FORWARD, Control.Steps.REVERSE)) {
            same(
                    () -> {
                        NDArray mu = mu();
                        scan(
                                (List<NDArray> c, NDArray x) -> {
                                    List<NDArray> next = pair(mu, "", c, x);
                                    return new Carried<>(next, next);
                                },
                                List.of(NONE, NONE),
                                PAIRS,
                                steps);
                    },
                    () -> {
                        NDArray mu = mu();
                        List<NDArray> c = List.of(NONE, NONE);
                        for (int i = 0; i < 4; i++) {
                            int t = steps.reverse() ? 3 - i : i;
                            c = pair(mu, "" + t, c, PAIRS.get(t));
                        }
                    },
                    4,
                    "z",
                    "w",
                    "u");
        }
    }

    private static List<NDArray> pair(NDArray mu, String t, List<NDArray> c, NDArray x) {
        try (var _ = plate("n", 2)) {
            NDArray z = sample("z" + t, new Categorical(A.get(c.get(0))));
            NDArray w = sample("w" + t, new Bernoulli(c.get(1).times(0.4).plus(0.3)));
            NDArray u = sample("u" + t, new Bernoulli(0.3));
            sample("y" + t, new Normal(mu.get(z).plus(w).plus(u.times(0.3)), 0.5), x);
            return List.of(z, w);
        }
    }

    /// Sequences of unequal lengths, masked behind their ends: each contributes what the forward algorithm gives for its own length.
    @Test
    void masksEndSequences() {
        NDArray counts = NDArray.of(new boolean[] {true, true, true, true, true, false, true, false}).reshape(4, 2);
        Model m = () -> {
            NDArray mu = mu();
            scan(
                    (NDArray before, List<NDArray> x) -> {
                        List<NDArray> z = new ArrayList<>();
                        handle(
                                        () -> {
                                            try (var _ = plate("n", 2)) {
                                                z.add(sample("z", new Categorical(A.get(before))));
                                                sample("y", new Normal(mu.get(z.getFirst()), 0.5), x.get(0));
                                            }
                                        },
                                        mask(x.get(1)))
                                .run();
                        return Carried.of(z.getFirst());
                    },
                    NONE,
                    List.of(PAIRS, counts));
        };
        double expected = forward(MU, new double[] {0.3, 0.7, 0.1, -0.4}) + forward(MU, new double[] {-1, 0.2}) + prior(MU);
        var free = UnconstrainedModel.of(m, PRNGKey.key(0));
        assertThat(free.logJoint(Map.of("mu", NDArray.of(MU))).item()).isCloseTo(expected, within(1e-12));
    }

    /// Steps that look six steps back.
    @Test
    void aLongHistory() {
        NDArray zero = Np.scalar(0L);
        same(
                () -> {
                    NDArray mu = mu();
                    scan(
                            (List<NDArray> c, NDArray x) -> {
                                NDArray z = sample("z", new Bernoulli(c.get(5).times(0.4).plus(c.get(0).times(0.2)).plus(0.2)));
                                sample("y", new Normal(mu.get(z.plus(c.get(3))), 0.5), x);
                                return new Carried<>(List.of(z, c.get(0), c.get(1), c.get(2), c.get(3), c.get(4)), z);
                            },
                            List.of(zero, zero, zero, zero, zero, zero),
                            NDArray.of(Y));
                },
                () -> {
                    NDArray mu = mu();
                    List<NDArray> c = new ArrayList<>(List.of(zero, zero, zero, zero, zero, zero));
                    for (int t = 0; t < Y.length; t++) {
                        NDArray z = sample("z" + t, new Bernoulli(c.get(5).times(0.4).plus(c.get(0).times(0.2)).plus(0.2)));
                        sample("y" + t, new Normal(mu.get(z.plus(c.get(3))), 0.5), Y[t]);
                        c.addFirst(z);
                    }
                },
                Y.length,
                "z");
    }

    /// A positive site of the steps: its Jacobian is added to densities that depend on the chain.
    @Test
    void aContinuousSiteOfTheStepsWithAJacobian() {
        Model scanned = () -> {
            NDArray mu = mu();
            scan(
                    (NDArray before, NDArray x) -> {
                        NDArray z = sample("z", new Categorical(A.get(before)));
                        NDArray s = sample("s", new HalfNormal(z.plus(1).times(0.5)));
                        sample("y", new Normal(mu.get(z), s), x);
                        return new Carried<>(z, z);
                    },
                    Np.scalar(0L),
                    NDArray.of(Y));
        };
        Model unrolled = () -> {
            NDArray mu = mu();
            NDArray z = Np.scalar(0L);
            for (int t = 0; t < Y.length; t++) {
                z = sample("z" + t, new Categorical(A.get(z)));
                NDArray s = sample("s" + t, new HalfNormal(z.plus(1).times(0.5)));
                sample("y" + t, new Normal(mu.get(z), s), Y[t]);
            }
        };
        NDArray q = PRNGKey.key(4).normal(3 + Y.length);
        var a = UnconstrainedModel.of(scanned, PRNGKey.key(0));
        var b = UnconstrainedModel.of(unrolled, PRNGKey.key(0));
        assertThat(a.logJoint(a.unflatten(q)).item()).isCloseTo(b.logJoint(b.unflatten(q)).item(), within(1e-12));
    }

    /// Factors behind the scan that are computed element by element from what the steps give back, over and over.
    @Test
    void factorsBehindAScan() {
        NDArray weights = NDArray.of(Y).times(0.3).plus(1);
        same(
                () -> {
                    NDArray mu = mu();
                    NDArray levels = scan(
                                    (NDArray before, NDArray x) -> {
                                        NDArray z = sample("z", new Categorical(A.get(before)));
                                        sample("y", new Normal(mu.get(z), 0.5), x);
                                        return new Carried<>(z, mu.get(z));
                                    },
                                    Np.scalar(0L),
                                    NDArray.of(Y))
                            .output();
                    factor("levels", folded(levels).times(weights));
                },
                () -> {
                    NDArray mu = mu();
                    NDArray z = Np.scalar(0L);
                    for (int t = 0; t < Y.length; t++) {
                        z = sample("z" + t, new Categorical(A.get(z)));
                        sample("y" + t, new Normal(mu.get(z), 0.5), Y[t]);
                        factor("levels" + t, folded(mu.get(z)).times(weights.get(t)));
                    }
                },
                Y.length,
                "z");
    }

    private static NDArray folded(NDArray x) {
        NDArray out = x;
        for (int i = 0; i < 60; i++) {
            out = out.times(0.9).minus(out.times(out).times(0.05));
        }
        return out;
    }

    /// The steps of a scan are traced, not run one after the other: not even the first run of a model looks at each of them.
    @Test
    void noRunOfAModelLooksAtEveryStep() {
        var steps = new AtomicInteger();
        Model m = () -> {
            NDArray mu = mu();
            scan(
                    (NDArray before, NDArray x) -> {
                        steps.incrementAndGet();
                        NDArray z = sample("z", new Categorical(A.get(before)));
                        NDArray s = sample("s", new HalfNormal(1));
                        sample("y", new Normal(mu.get(z), s), x);
                        return new Carried<>(z, z);
                    },
                    Np.scalar(0L),
                    Np.zeros(10_000));
        };
        var free = UnconstrainedModel.of(m, PRNGKey.key(0));
        free.start(InitStrategy.initToMedian(), PRNGKey.key(1));
        assertThat(steps.get()).isLessThan(20);
    }

    /// A scale multiplies the log density of each site, so it stands inside the sum over the states; a state that is masked is not there.
    ///
    /// ```
    /// Σ over paths of Π over steps with mask of ( A[z[t−1], z[t]] · N(y[t] | mu[z[t]], ½) )^c[t]  ·  Π over those without of ⅓
    /// ```
    @Test
    void masksAndScalesAroundAndInsideAScan() {
        double[] y = {0.2, -0.5, 0.9, 0.4};
        boolean[] counts = {true, false, true, true};
        double[] power = {0.5, 1, 2, 3};
        Model around = () -> {
            NDArray mu = mu();
            handle(() -> steps(mu, NDArray.of(y)), mask(NDArray.of(counts)), scale(NDArray.of(power)), scale(0.7)).run();
        };
        Model inside = () -> {
            NDArray mu = mu();
            scan(
                    (NDArray before, List<NDArray> x) -> {
                        List<NDArray> z = new ArrayList<>();
                        Model step = () -> {
                            z.add(sample("z", new Categorical(A.get(before))));
                            sample("y", new Normal(mu.get(z.getFirst()), 0.5), x.get(0));
                        };
                        handle(step, scale(x.get(1)), scale(0.7), mask(x.get(2))).run();
                        return new Carried<>(z.getFirst(), z.getFirst());
                    },
                    Np.scalar(0L),
                    List.of(NDArray.of(y), NDArray.of(power), NDArray.of(counts)));
        };
        double sum = 0;
        for (int path = 0; path < 81; path++) {
            int[] z = {path / 27, path / 9 % 3, path / 3 % 3, path % 3};
            double p = 1;
            int before = 0;
            for (int t = 0; t < 4; t++) {
                double d = (y[t] - MU[z[t]]) / 0.5;
                double density = StrictMath.exp(-0.5 * d * d) / (0.5 * StrictMath.sqrt(2 * Math.PI));
                p *= counts[t] ? StrictMath.pow(MOVES[before][z[t]] * density, 0.7 * power[t]) : 1 / 3.0;
                before = z[t];
            }
            sum += p;
        }
        for (Model m : List.of(around, inside)) {
            var free = UnconstrainedModel.of(m, PRNGKey.key(0));
            assertThat(free.logJoint(Map.of("mu", NDArray.of(MU))).item()).isCloseTo(StrictMath.log(sum) + prior(MU), within(1e-12));
        }
    }

    /// 600 draws of a chain of three steps: the frequencies of its 27 paths by chi-squared, which correct draws exceed with
    /// probability 1e-6.
    @Test
    void drawsHaveTheExactDistribution() {
        double[] y = {0.2, -0.5, 0.9};
        var free = UnconstrainedModel.of(() -> hmm(NDArray.of(y)), PRNGKey.key(0));
        Enumeration z = free.enumeration(Map.of("mu", NDArray.of(MU)));
        double[] weight = new double[27];
        double total = 0;
        for (int path = 0; path < 27; path++) {
            int[] s = {path / 9, path / 3 % 3, path % 3};
            double p = 1;
            int before = 0;
            for (int t = 0; t < 3; t++) {
                double d = (y[t] - MU[s[t]]) / 0.5;
                p *= MOVES[before][s[t]] * StrictMath.exp(-0.5 * d * d);
                before = s[t];
            }
            weight[path] = p;
            total += p;
        }
        int n = 600;
        int[] count = new int[27];
        for (PRNGKey key : PRNGKey.key(7).split(n)) {
            long[] s = requireNonNull(z.sample(key).get("z")).toLongArray();
            count[(int) (9 * s[0] + 3 * s[1] + s[2])]++;
        }
        double chi = 0;
        double restExpected = 0;
        int restCount = 0;
        int cells = 0;
        for (int path = 0; path < 27; path++) {
            double e = n * weight[path] / total;
            if (e < 5) {
                restExpected += e;
                restCount += count[path];
            } else {
                chi += (count[path] - e) * (count[path] - e) / e;
                cells++;
            }
        }
        chi += (restCount - restExpected) * (restCount - restExpected) / Math.max(restExpected, 1);
        // The upper 1e-6 point of chi-squared with at most 20 degrees of freedom is 72.6 for 20.
        assertThat(cells).isLessThanOrEqualTo(20);
        assertThat(chi).isLessThan(72.6);
    }
}
