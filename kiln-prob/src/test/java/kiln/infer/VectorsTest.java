package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.*;
import kiln.func.Functions;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.CenteringPilot;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hierarchies of vectors: their coordinates are a change of variables, standard normal where the data is normal, and found by the pilot.
class VectorsTest {
    private static final NDArray GROUP = NDArray.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2).astype(DType.INT64);
    private static final NDArray LEVEL = NDArray.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3).astype(DType.INT64);
    private static final NDArray X = NDArray.of(0.3, -1.0, 0.5, 1.2, 0.1, -0.4, 0.9, -0.2, 2.0, -1.4, 0.6, 1.1);
    private static final NDArray Y = NDArray.of(1.2, 0.4, -0.3, 2.2, 1.9, 1.1, 0.2, 3.1, 0.1, -0.8, -1.9, 1.4);

    enum Written {
        /// Around a variable, with a covariance by its factor.
        FACTOR {
            @Override
            void model() {
                NDArray mu = sample("mu", new Normal(0, 2).expand(2).toEvent(1));
                observe(vectors(new MultivariateNormal(mu, scale(2))), NDArray.as(0));
            }
        },
        /// Around 0 beside coefficients and a crossed factor, whose effects have directions and which they follow; covariances.
        CROSSED {
            @Override
            void model() {
                NDArray mu = sample("mu", new Normal(0, 2).expand(2).toEvent(1));
                NDArray tau = sample("tau_b", new HalfNormal(1));
                NDArray b;
                try (var _ = plate("level", 4)) {
                    b = sample("b", new Normal(0, tau));
                }
                NDArray l = scale(2);
                NDArray z = vectors(MultivariateNormal.covariance(0, l.matmul(l.transpose())));
                observe(z, mu.get(0).plus(mu.get(1).times(X)).plus(b.get(Index.at(LEVEL))));
            }
        },
        /// Beside effects that are standardised by hand, of which vectors are the location.
        BY_HAND {
            @Override
            void model() {
                NDArray z = vectors(new MultivariateNormal(0, scale(2)));
                NDArray tau = sample("tau_b", new HalfNormal(1));
                NDArray w = sample("w", new Normal(0, 1).expand(4).toEvent(1));
                observe(z, z.get(0).get(0).plus(tau.times(w)).get(Index.at(LEVEL)));
            }
        },
        /// A covariance for each vector, grouped into one event, around others of one covariance by its precision; three numbers each.
        NESTED {
            @Override
            void model() {
                NDArray l = scale(3);
                NDArray outer = sample("outer", MultivariateNormal.precision(0, l.matmul(l.transpose()).plus(Np.eye(3))));
                NDArray by = sample("by", new HalfNormal(1).expand(3).toEvent(1));
                NDArray z = sample("z", new MultivariateNormal(outer, by.reshape(3, 1, 1).times(l)).toEvent(1));
                observe(z.get(Index.ALL, Index.slice(0, 2)), z.get(Index.ALL, Index.at(2)).get(Index.at(GROUP)));
            }
        },
        /// Around a variable beside a crossed factor that is standardised by hand and comes after them.
        BESIDE_BY_HAND {
            @Override
            void model() {
                NDArray mu = sample("mu", new Normal(0, 2).expand(2).toEvent(1));
                NDArray z = vectors(new MultivariateNormal(mu, scale(2)));
                NDArray tau = sample("tau_b", new HalfNormal(1));
                observe(z, tau.times(sample("b", new Normal(0, 1).expand(4).toEvent(1))).get(Index.at(LEVEL)));
            }
        },
        /// Two crossed factors of vectors, of which the second follows the first.
        TWO {
            @Override
            void model() {
                NDArray z = vectors(new MultivariateNormal(sample("mu", new Normal(0, 2).expand(2).toEvent(1)), scale(2)));
                NDArray by = sample("by", new HalfNormal(1).expand(2).toEvent(1));
                NDArray w = sample("w", new MultivariateNormal(0, Np.diag(by)).expand(4).toEvent(1)).get(Index.at(LEVEL));
                observe(z, w.get(Index.ALL, Index.at(0)).plus(w.get(Index.ALL, Index.at(1)).times(X)));
            }
        };

        abstract void model();

        static NDArray scale(int d) {
            NDArray tau = sample("tau", new HalfNormal(1).expand(d).toEvent(1));
            return tau.reshape(d, 1).times(sample("correlation", new LKJCholesky(d, 2.0)));
        }

        static NDArray vectors(MultivariateNormal prior) {
            try (var _ = plate("group", 3)) {
                return sample("z", prior);
            }
        }

        static void observe(NDArray z, NDArray rest) {
            NDArray own = z.get(Index.at(GROUP));
            NDArray mean = own.get(Index.ALL, Index.at(0)).plus(own.get(Index.ALL, Index.at(1)).times(X)).plus(rest);
            sample("y", new Normal(mean, 0.5).toEvent(1), Y);
        }
    }

    /// Information that no pilot would find, with directions and a shear where they may be.
    private static Information random(PosteriorDensity density, Random random) {
        int d = density.dimension();
        int[] by = density.hierarchical().stream().flatMapToInt(s -> IntStream.range(s.first(), s.first() + s.size())).toArray();
        int[] free = density.free();
        List<Information.Vectors> vectors = density.vectors().stream().map(v -> {
            NDArray root = numbers(random, v.count(), v.length(), v.length()).times(Math.pow(10, random.nextInt(3) - 1));
            return new Information.Vectors(v.first(), root.matmul(Np.matrixTranspose(root)), numbers(random, v.count(), v.length()), v.follows(),
                    numbers(random, v.count(), v.length(), v.follows().size()), numbers(random, v.count(), v.length()));
        }).toList();
        return new Information(random.doubles(d, 0, 4).toArray(), random.doubles(d, -3, 3).toArray(),
                density.hierarchical().stream().filter(PosteriorDensity.Located::isTurnable)
                        .map(s -> new Information.Turn(s.first(), new OrthogonalMap.Columns(Linalg.qr(numbers(random, s.size(), s.size())).q()))).toList(),
                free.length == 0 || by.length == 0
                        ? Optional.empty()
                        : Optional.of(new Information.Shear(Arrays.stream(free).boxed().toList(), Arrays.stream(by).boxed().toList(), numbers(random, free.length, by.length),
                                NDArray.of(new double[free.length]))),
                vectors);
    }

    private static NDArray numbers(Random random, int... dims) {
        Shape shape = Shape.of(dims);
        return NDArray.of(shape, random.doubles(shape.size(), -1, 1).toArray());
    }

    /// The Jacobian of the whole way to the position as written, by differentiation.
    @ParameterizedTest
    @EnumSource
    void theDensityIsThatOfTheModelAsWrittenTimesTheJacobian(Written written) {
        var random = new Random(written.name().length());
        PosteriorDensity plain = PosteriorDensity.of(written::model, key(0));
        Information known = random(plain, random);
        var recentred = Recentering.asWritten(UnconstrainedModel.of(written::model, key(0))).to(known).model();
        PosteriorDensity density = plain.informed(known);
        double[] u = random.doubles(density.dimension(), -1, 1).toArray();
        double[] q = density.written(u);
        NDArray jacobian = Functions.jacrev((NDArray x) -> recentred.flatten(recentred.written(recentred.unflatten(x)))).apply(NDArray.of(u));
        double[] gradient = new double[u.length];
        double[] unused = new double[u.length];
        double expected = plain.valueAndGradient(q, unused) + Linalg.slogdet(jacobian).logdet().doubleValue();
        assertThat(density.valueAndGradient(u, gradient)).isCloseTo(expected, within(1e-11 * Math.abs(expected)));
        assertThat(density.ofWritten(q)).containsExactly(u, within(1e-9));
        for (int i = 0; i < u.length; i++) {
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (density.valueAndGradient(up, unused) - density.valueAndGradient(down, unused)) / 2e-5;
            assertThat(gradient[i]).as(density.label(i)).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
        }
        Information again = Information.ofNumbers(known.numbers());
        assertThat(again.numbers()).isEqualTo(known.numbers());
        assertThat(plain.informed(again).valueAndGradient(u, unused)).isEqualTo(density.valueAndGradient(u, gradient));
        assertThat(unused).isEqualTo(gradient);
    }

    private static PosteriorDensity adapted(Model model) {
        PosteriorDensity written = PosteriorDensity.of(model, key(0));
        return new CenteringPilot(100).adapt(written, written.start(InitStrategy.initToMedian(), key(1)), 3, () -> false).density();
    }

    /// Normal data: given all others the vectors are standard normal in the coordinates that the pilot finds, with the score −u wherever one looks, be they around a variable
    /// or beside coefficients.
    @ParameterizedTest
    @ValueSource(doubles = {-8, -2, 1, 4})
    void vectorsWithNormalDataAreStandardNormal(double logScale) {
        Model beside = () -> {
            NDArray mu = sample("mu", new Normal(0, 2).expand(2).toEvent(1));
            Written.observe(Written.vectors(new MultivariateNormal(0, Written.scale(2))), mu.get(0).plus(mu.get(1).times(X)));
        };
        for (Model model : List.of(Written.FACTOR::model, beside, Written.CROSSED::model)) {
            PosteriorDensity density = adapted(model);
            double[] u = new Random(5).doubles(density.dimension(), -2, 2).toArray();
            for (int i : density.coordinates("tau")) {
                u[i] = logScale;
            }
            double[] gradient = new double[u.length];
            density.valueAndGradient(u, gradient);
            for (int i : density.coordinates("z")) {
                assertThat(gradient[i]).as(density.label(i)).isCloseTo(-u[i], within(1e-5));
            }
            NDArray x = Np.stack(List.of(Np.onesLike(X), X), 1).reshape(4, 3, 2);
            for (int g = 0; g < 3; g++) {
                NDArray own = x.get(Index.ALL, Index.at(g));
                NDArray known = density.information().orElseThrow().vectors().getFirst().precision().get(g);
                assertThat(known.toDoubleArray()).containsExactly(own.transpose().matmul(own).times(4).toDoubleArray(), within(1e-5));
            }
        }
    }

    /// Beside effects of another factor, by whatever they are written, and beside vectors: those that follow all others are standard normal given these.
    @ParameterizedTest
    @CsvSource({"CROSSED, z, tau_b", "BESIDE_BY_HAND, z, tau_b", "TWO, w, by"})
    void whatFollowsOtherFactorsIsStandardNormalGivenThem(Written written, String site, String other) {
        PosteriorDensity density = adapted(written::model);
        for (double scale : new double[] {-6, -1, 2}) {
            double[] u = new Random(5).doubles(density.dimension(), -2, 2).toArray();
            for (String s : List.of("tau", other)) {
                Arrays.stream(density.coordinates(s)).forEach(i -> u[i] = scale);
            }
            double[] gradient = new double[u.length];
            density.valueAndGradient(u, gradient);
            for (int i : density.coordinates(site)) {
                assertThat(gradient[i]).as(density.label(i)).isCloseTo(-u[i], within(1e-5));
            }
        }
    }

    /// What is said of effects when the vectors beside them are not known: of the sum of the effects over the root of their number no more than by the prior of the mean of the
    /// groups' intercepts, of variance 4.
    @Test
    void effectsBesideVectorsHaveDirectionsOfTheirOwn() {
        PosteriorDensity density = adapted(Written.BESIDE_BY_HAND::model);
        Information known = density.information().orElseThrow();
        int first = density.coordinates("b")[0];
        assertThat(known.turns()).extracting(Information.Turn::first).containsExactly(first);
        double[] precision = Arrays.copyOfRange(known.precision(), first, first + 4);
        NDArray directions = known.turns().getFirst().directions().matrix();
        int least = IntStream.range(0, 4).boxed().min(Comparator.comparingDouble(i -> precision[i])).orElseThrow();
        assertThat(precision[least]).isBetween(0.02, 1.0 / 16);
        assertThat(Math.abs(directions.get(Index.ALL, Index.at(least)).sum().doubleValue())).isCloseTo(2, within(0.05));
    }

    /// What may follow and be followed, and what stays as written: constants, scales of other sites, vectors that are long, masked or scaled.
    @Test
    void vectorsAreSitesWhoseLocationOrCovarianceIsSampled() {
        PosteriorDensity crossed = PosteriorDensity.of(Written.CROSSED::model, key(0));
        assertThat(crossed.vectors()).singleElement().satisfies(v -> {
            assertThat(new int[] {v.first(), v.count(), v.length()}).containsExactly(crossed.coordinates("z")[0], 3, 2);
            assertThat(v.follows()).containsExactlyElementsOf(coordinates(crossed, "mu", "b"));
        });
        // What they are the location of does not lead them.
        Model around = () -> {
            NDArray z = Written.vectors(new MultivariateNormal(0, Written.scale(2)));
            NDArray tau = sample("tau_b", new HalfNormal(1));
            NDArray b = sample("b", new Normal(z.get(0).get(0), tau).expand(4).toEvent(1));
            NDArray c = sample("c", new Normal(b, tau).toEvent(1));
            Written.observe(z, sample("a", new Normal(0, tau).expand(4).toEvent(1)).plus(c).get(Index.at(LEVEL)));
        };
        PosteriorDensity others = PosteriorDensity.of(around, key(0));
        assertThat(others.vectors()).singleElement().satisfies(v -> assertThat(v.follows()).containsExactlyElementsOf(coordinates(others, "a")));
        assertThat(crossed.free()).containsExactly(crossed.coordinates("mu"));
        PosteriorDensity nested = PosteriorDensity.of(Written.NESTED::model, key(0));
        assertThat(nested.vectors()).extracting(PosteriorDensity.Vectors::first).containsExactly(nested.coordinates("outer")[0], nested.coordinates("z")[0]);
        assertThat(nested.vectors()).extracting(PosteriorDensity.Vectors::follows).containsExactly(List.of(), coordinates(nested, "outer"));
        Model none = () -> {
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray l = tau.times(Np.eye(2));
            sample("constant", new MultivariateNormal(0, Np.eye(2)));
            sample("masked", new MultivariateNormal(0, l).mask(NDArray.of(true).get(0)));
            sample("long", new MultivariateNormal(0, tau.times(Np.eye(7))));
            NDArray scale = sample("scale", new MultivariateNormal(0, l));
            sample("x", new Normal(0, Np.exp(scale.get(0))));
        };
        assertThat(PosteriorDensity.of(none, key(0)).vectors()).isEmpty();
    }

    private static List<Integer> coordinates(PosteriorDensity density, String... sites) {
        return Arrays.stream(sites).flatMapToInt(s -> Arrays.stream(density.coordinates(s))).boxed().sorted().toList();
    }

    private static void gaussian() {
        NDArray mu = sample("mu", new Normal(0, 2).expand(2).toEvent(1));
        NDArray tau = sample("tau", new HalfNormal(1));
        NDArray x = NDArray.of(-1.0, 0, 1.5);
        NDArray y = NDArray.of(new double[][] {{0.3, 0.9, 1.1}, {-0.6, 0.2, 1.9}, {1.4, 0.8, -0.2}, {0.1, 0.5, 1.6}});
        NDArray z;
        try (var _ = plate("group", 4)) {
            z = sample("z", new MultivariateNormal(mu, tau.times(NDArray.of(new double[][] {{1, 0}, {0.5, 0.8}}))));
        }
        sample("y", new Normal(z.get(Index.ALL, Index.slice(0, 1)).plus(z.get(Index.ALL, Index.slice(1, 2)).times(x)), 0.7).toEvent(2), y);
    }

    private static MCMC run(Centering centering) {
        return new MCMC(new NUTS(VectorsTest::gaussian).centering(centering)).numWarmup(500).numSamples(1000).progress(ProgressListener.NONE);
    }

    /// The expectations of `kiln-prob/tools/vector-hierarchy.py`, each within four Monte Carlo standard errors: a chance of 6e-5 for each of seven. The scale is where a chain
    /// that does not enter the neck is wrong.
    @Test
    void thePosteriorIsExact() {
        Posterior posterior = run(Centering.ADAPTED).run(key(3));
        assertThat(posterior.centering()).containsOnlyKeys("z");
        assertMean(draws(posterior, "tau", 0), 0.3809752952);
        assertMean(squares(draws(posterior, "tau", 0), 0.3809752952), 0.282724603502 * 0.282724603502);
        assertMean(draws(posterior, "z", 0), 0.643902710047);
        assertMean(draws(posterior, "z", 1), 0.324969787729);
        assertMean(squares(draws(posterior, "z", 1), 0.324969787729), 0.280856421042 * 0.280856421042);
        assertMean(draws(posterior, "mu", 0), 0.597226357118);
        assertMean(draws(posterior, "mu", 1), 0.311260123478);
        assertThat(Arrays.stream(posterior.divergences()).sum()).isZero();
        assertThat(posterior.parametrisation().toString()).startsWith("Sampled in coordinates of its own: z (8 axes, decentred where their scale is below ");
    }

    private static double[][] draws(Posterior posterior, String site, int element) {
        NDArray all = posterior.samplesByChain(site).reshape(4, 1000, -1);
        return IntStream.range(0, 4).mapToObj(c -> all.get(c).get(Index.ALL, Index.at(element)).toDoubleArray()).toArray(double[][]::new);
    }

    private static double[][] squares(double[][] x, double mean) {
        return Arrays.stream(x).map(c -> Arrays.stream(c).map(v -> (v - mean) * (v - mean)).toArray()).toArray(double[][]::new);
    }

    private static void assertMean(double[][] x, double want) {
        double mean = Arrays.stream(x).flatMapToDouble(Arrays::stream).average().orElseThrow();
        assertThat((mean - want) / MonteCarloError.mcseMean(x)).isBetween(-4.0, 4.0);
    }

    @Test
    void threadsDoNotChangeADrawAndPlacesAreThoseOfTheModelAsWritten() {
        MCMC small = run(Centering.ADAPTED).numWarmup(150).numSamples(40);
        Posterior want = small.run(key(7));
        Posterior got = small.threads(1).run(key(7));
        for (String site : List.of("z", "mu", "tau")) {
            assertThat(got.samplesByChain(site).toDoubleArray()).isEqualTo(want.samplesByChain(site).toDoubleArray());
        }
        PosteriorDensity density = adapted(VectorsTest::gaussian);
        NDArray z = NDArray.of(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
        double[] at = density.position(Map.of("z", z, "tau", NDArray.as(-1.0), "mu", NDArray.of(1.0, 2)));
        assertThat(Objects.requireNonNull(density.constrain(new double[][][] {{at}}).get("z")).toDoubleArray()).containsExactly(z.toDoubleArray(), within(1e-10));
    }
}
