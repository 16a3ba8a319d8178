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
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.*;
import kiln.dist.transform.AffineTransform;
import kiln.func.Carried;
import kiln.infer.mcmc.CenteringPilot;
import kiln.infer.reparam.LocScaleReparam;
import kiln.infer.reparam.TransformReparam;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sites that a model has standardised and scales by hand: the same coordinates as those of the model that has them located and scaled by their distributions.
class ByHandTest {
    private static final NDArray ROWS = NDArray.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3).astype(DType.INT64);
    private static final NDArray COLUMNS = NDArray.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2).astype(DType.INT64);
    private static final NDArray Y = NDArray.of(1.2, 0.4, -0.3, 2.2, 1.9, 1.1, 0.2, 3.1, 0.1, -0.8, -1.9, 1.4);

    /// The same posterior, each with the sites in the same order.
    enum Pair {
        /// A location and a scale that are sampled before.
        LOCATED {
            @Override
            void model(boolean byHand) {
                NDArray mu = sample("mu", new Normal(0, 2));
                NDArray tau = sample("tau", new HalfNormal(1.5));
                NDArray x;
                try (var _ = plate("unit", 4)) {
                    x = byHand ? mu.plus(tau.times(sample("x", new Normal(0, 1)))) : sample("x", new Normal(mu, tau));
                }
                observe(x.get(Index.at(ROWS)));
            }
        },
        /// The location added where they are used.
        SHIFTED {
            @Override
            void model(boolean byHand) {
                NDArray mu = sample("mu", new Normal(0, 2));
                NDArray tau = sample("tau", new HalfNormal(1.5));
                NDArray x = sample("x", new Normal(byHand ? NDArray.as(0) : mu, byHand ? NDArray.as(1) : tau).expand(4).toEvent(1)).get(Index.at(ROWS));
                observe(byHand ? x.times(tau).plus(mu) : x);
            }
        },
        /// Two factors around a regression, scaled where they are used.
        CROSSED {
            @Override
            void model(boolean byHand) {
                NDArray alpha = sample("alpha", new Normal(0, 3));
                NDArray tau = sample("tau", new HalfNormal(1));
                NDArray sigma = sample("sigma", new HalfNormal(1));
                NDArray a = sample("a", new Normal(0, byHand ? NDArray.as(1) : tau).expand(4).toEvent(1)).get(Index.at(ROWS));
                NDArray b = sample("b", new Normal(0, byHand ? NDArray.as(1) : sigma).expand(3).toEvent(1)).get(Index.at(COLUMNS));
                observe(alpha.times(Y).plus(byHand ? a.times(tau) : a).plus(byHand ? sigma.times(b) : b));
            }
        },
        /// Effects around effects: the inner ones have the outer ones as locations.
        NESTED {
            @Override
            void model(boolean byHand) {
                NDArray tau = sample("tau", new HalfNormal(1));
                NDArray mu = sample("mu", new Normal(0, 3));
                NDArray outer = effects("outer", 3, mu, tau, byHand);
                NDArray inner = effects("inner", 12, outer.get(Index.at(COLUMNS)), Np.exp(mu.times(0.1)), byHand);
                observe(inner);
            }
        },
        /// A heavy-tailed family, a scale for each element, a location for each, and another of its own degrees of freedom.
        FAMILIES {
            @Override
            void model(boolean byHand) {
                NDArray df = sample("df", new Gamma(4, 1));
                NDArray beta = sample("beta", new Normal(0, 1));
                NDArray rate = sample("rate", new HalfNormal(1).expand(4).toEvent(1));
                NDArray loc = beta.times(NDArray.of(-1.0, 0.5, 2, 0));
                NDArray zero = NDArray.as(0);
                NDArray one = NDArray.as(1);
                NDArray t = sample("t", new StudentT(df, byHand ? zero : loc, byHand ? one : rate).expand(4).toEvent(1));
                NDArray g = sample("g", new Gumbel(byHand ? zero : loc, byHand ? one : rate).expand(4).toEvent(1));
                NDArray more = Np.square(byHand ? loc.plus(rate.times(g)) : g);
                observe((byHand ? loc.plus(t.times(rate)) : t).get(Index.at(ROWS)).plus(more.get(Index.at(COLUMNS))));
            }
        };

        abstract void model(boolean byHand);

        PosteriorDensity density(boolean byHand) {
            return PosteriorDensity.of(() -> model(byHand), key(0));
        }

        private static NDArray effects(String name, int n, NDArray loc, NDArray scale, boolean byHand) {
            try (var _ = plate(name + "s", n)) {
                return byHand ? loc.plus(scale.times(sample(name, new Normal(0, 1)))) : sample(name, new Normal(loc, scale));
            }
        }

        private static void observe(NDArray mean) {
            sample("y", new Normal(mean, 0.5).toEvent(1), Y);
        }
    }

    private static Information random(PosteriorDensity density, Random random) {
        int d = density.dimension();
        int[] by = density.hierarchical().stream().flatMapToInt(s -> IntStream.range(s.first(), s.first() + s.size())).toArray();
        int[] free = density.free();
        return new Information(
                random.ints(d, 0, 4).mapToDouble(i -> new double[] {0, 0.01, 1, 300}[i]).toArray(),
                random.doubles(d, -3, 3).toArray(),
                density.hierarchical().stream().filter(PosteriorDensity.Located::isTurnable)
                        .map(s -> new Information.Turn(s.first(), new OrthogonalMap.Columns(Linalg.qr(numbers(Shape.of(s.size(), s.size()), random)).q()))).toList(),
                free.length == 0
                        ? Optional.empty()
                        : Optional.of(new Information.Shear(Arrays.stream(free).boxed().toList(), Arrays.stream(by).boxed().toList(),
                                numbers(Shape.of(free.length, by.length), random), NDArray.of(new double[free.length]))),
                List.of());
    }

    private static NDArray numbers(Shape shape, Random random) {
        return NDArray.of(shape, random.doubles(shape.size(), -1, 1).toArray());
    }

    /// Density, gradient and the values of what both have, at the same positions.
    @ParameterizedTest
    @EnumSource
    void thePositionsAreThoseOfTheModelThatIsNotStandardised(Pair pair) {
        PosteriorDensity byHand = pair.density(true);
        PosteriorDensity written = pair.density(false);
        assertThat(byHand.hierarchical()).isEqualTo(written.hierarchical()).isNotEmpty();
        assertThat(byHand.free()).isEqualTo(written.free());
        var random = new Random(4);
        for (int n = 0; n < 8; n++) {
            Information known = random(written, random);
            double[] u = random.doubles(written.dimension(), -1, 1).toArray();
            assertSame(written.informed(known), byHand.informed(known), u);
            assertBack(byHand, byHand.informed(known), u);
        }
        double[] u = random.doubles(written.dimension(), -1, 1).toArray();
        assertSame(written, byHand.centred(), u);
        assertBack(byHand, byHand.centred(), u);
        assertPriors(written, byHand.centred(), u);
        assertThat(byHand.deviations().isPresent()).isEqualTo(written.deviations().isPresent());
        written.deviations().ifPresent(to -> {
            assertSame(to, byHand.deviations().orElseThrow(), u);
            assertPriors(to, byHand.deviations().orElseThrow(), u);
        });
    }

    private static void assertSame(PosteriorDensity want, PosteriorDensity got, double[] u) {
        double[] gradient = new double[u.length];
        double[] wantGradient = new double[u.length];
        double value = want.valueAndGradient(u, wantGradient);
        assertThat(got.valueAndGradient(u, gradient)).isCloseTo(value, within(1e-11 * (1 + Math.abs(value))));
        double most = Arrays.stream(wantGradient).map(Math::abs).max().orElseThrow();
        assertThat(gradient).containsExactly(wantGradient, within(1e-10 * (1 + most)));
        var values = got.constrain(new double[][][] {{u}});
        want.constrain(new double[][][] {{u}}).forEach((name, x) -> {
            if (want.hierarchical().stream().noneMatch(s -> want.coordinates(name).length > 0 && want.coordinates(name)[0] == s.first())) {
                assertThat(Objects.requireNonNull(values.get(name)).toDoubleArray()).as(name).containsExactly(x.toDoubleArray(), within(1e-11));
            }
        });
    }

    private static void assertPriors(PosteriorDensity want, PosteriorDensity got, double[] u) {
        double[] scores = new double[u.length];
        double[] wantScores = new double[u.length];
        want.priorScores(u, wantScores);
        got.priorScores(u, scores);
        assertThat(scores).containsExactly(wantScores, within(1e-10));
    }

    /// To the position as written, its values, and back.
    private static void assertBack(PosteriorDensity written, PosteriorDensity density, double[] u) {
        double[] q = density.written(u);
        assertThat(density.ofWritten(q)).containsExactly(u, within(1e-8));
        var values = density.constrain(new double[][][] {{u}});
        written.constrain(new double[][][] {{q}}).forEach((name, x) ->
                assertThat(Objects.requireNonNull(values.get(name)).toDoubleArray()).as(name).containsExactly(x.toDoubleArray(), within(1e-11)));
        var strategy = InitStrategy.initToValue(Map.of());
        assertThat(density.written(density.start(strategy, key(3)))).containsExactly(written.start(strategy, key(3)), within(1e-9));
    }

    /// A site may come before what scales it, be scaled by handlers, and by more than one site.
    @Test
    void everyWayOfWritingItIsFound() {
        assertFound(() -> {
            NDArray z = sample("z", new Normal(0, 1).expand(3).toEvent(1));
            NDArray tau = sample("tau", new HalfNormal(1));
            sample("y", new Normal(z.times(tau).plus(sample("mu", new Normal(0, 1))), 1).toEvent(1), NDArray.of(1.0, 2, 4));
        }, "z");
        Model centred = () -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            NDArray tau = sample("tau", new HalfNormal(1));
            sample("y", new Normal(sample("x", new Normal(mu, tau).expand(3).toEvent(1)), 1).toEvent(1), NDArray.of(1.0, 2, 4));
        };
        assertFound(handle(centred, reparam(Map.of("x", new LocScaleReparam(0)))), "x_decentered");
        Model transformed = () -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray x = sample("x", new TransformedDistribution(new Laplace(0, 1).expand(3), new AffineTransform(mu, tau)));
            sample("y", new Normal(x, 1).toEvent(1), NDArray.of(1.0, 2, 4));
        };
        assertFound(handle(transformed, reparam(Map.of("x", new TransformReparam()))), "x_base");
        assertFound(() -> {
            NDArray tau = sample("tau", new HalfCauchy(1));
            NDArray lambda = sample("lambda", new HalfCauchy(1).expand(3).toEvent(1));
            NDArray beta = sample("z", new Normal(0, 1).expand(3).toEvent(1)).times(lambda).times(tau);
            sample("y", new Normal(beta.sum(), 1), 0.4);
        }, "z");
        // Two effects of one unit: their sum locates none of them.
        assertFound(() -> {
            NDArray a = sample("a", new Normal(0, 1).expand(3).toEvent(1)).times(sample("tau", new HalfNormal(1)));
            NDArray b = sample("b", new Normal(0, 1).expand(3).toEvent(1)).times(sample("sigma", new HalfNormal(1)));
            sample("y", new Poisson(Np.exp(a.plus(b))).toEvent(1), NDArray.of(1, 2, 4));
        }, "a", "b");
    }

    @Test
    void whatIsNotScaledStaysAsWritten() {
        assertFound(() -> {
            NDArray beta = sample("beta", new Normal(0, 1).expand(3).toEvent(1));
            NDArray sigma = sample("sigma", new HalfNormal(1));
            NDArray z = sample("z", new Normal(0, 1));
            sample("y", new Normal(beta.plus(z), sigma).toEvent(1), NDArray.of(1.0, 2, 4));
        });
        assertFound(() -> {
            NDArray tau = sample("tau", new HalfNormal(1));
            handle(() -> factor("scaler", Np.sin(tau.times(sample("scaled", new Normal(0, 1))))), scale(0.5)).run();
            scan((NDArray x, NDArray e) -> Carried.of(x.plus(tau.times(sample("walk", new Normal(0, 1)))).plus(e)), Np.scalar(0.0), Np.zeros(4));
            NDArray twice = sample("twice", new Normal(0, 1));
            factor("once", Np.sin(twice.times(tau)));
            factor("more", Np.cos(twice));
            NDArray wide = sample("wide", new Normal(0, 2));
            factor("wider", Np.sin(wide.times(tau)));
            NDArray own = sample("own", new Normal(0, 1));
            factor("owner", Np.sin(own.times(Np.exp(own).times(tau))));
            NDArray round = sample("round", new Normal(0, 1));
            NDArray about = sample("about", new Normal(0, 1));
            factor("circle", Np.sin(round.times(about)));
        });
        assertFound(() -> {
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray z = sample("z", new Normal(0, 1));
            factor("branch", Np.sin(tau.gt(1).isTrue() ? z.times(tau) : z));
        });
    }

    private static void assertFound(Model model, String... sites) {
        PosteriorDensity density = PosteriorDensity.of(model, key(0));
        assertThat(density.hierarchical().stream().map(s -> density.label(s.first()).replace("[0]", ""))).containsExactly(sites);
    }

    /// Locations that sites with coordinates of their own have are not followed; scales that they have leave a site as it is.
    @Test
    void besideLocatedSites() {
        PosteriorDensity density = PosteriorDensity.of(() -> {
            NDArray tau = sample("tau", new HalfNormal(1));
            NDArray mu = sample("mu", new Normal(0, tau));
            NDArray x = mu.plus(tau.times(sample("z", new Normal(0, 1).expand(3).toEvent(1))));
            NDArray more = Np.exp(mu).times(sample("more", new Normal(0, 1)));
            sample("y", new Normal(x.plus(more), 1).toEvent(1), NDArray.of(1.0, 2, 4));
        }, key(0));
        assertThat(density.hierarchical().stream().map(s -> density.label(s.first()))).containsExactly("mu", "z[0]");
        var random = new Random(6);
        double[] u = random.doubles(density.dimension(), -1, 1).toArray();
        assertBack(density, density.informed(random(density, random)), u);
    }

    /// A normal hierarchy whose likelihood is known is standard normal in these coordinates, wherever one looks: the score of an element is −u.
    @Test
    void thePilotFindsThem() {
        NDArray sigma = NDArray.of(0.1, 0.5, 1, 3, 10);
        PosteriorDensity written = PosteriorDensity.of(() -> {
            NDArray mu = sample("mu", new Normal(0, 2));
            NDArray tau = sample("tau", new HalfNormal(1.5));
            NDArray z = sample("z", new Normal(0, 1).expand(5).toEvent(1));
            sample("y", new Normal(mu.plus(tau.times(z)), sigma).toEvent(1), NDArray.of(0.3, -1.2, 2.5, 0.7, 1.9));
        }, key(0));
        PosteriorDensity density =
                new CenteringPilot(100).adapt(written, written.start(InitStrategy.initToMedian(), key(1)), 3, () -> false).density();
        assertThat(density.parametrisation().toString()).matches("Sampled in coordinates of its own: z, written decentred \\(5 directions, decentred where their scale is"
                + " below [0-9.]+ to [0-9.]+\\); mu without what follows z\\.");
        for (double logTau : new double[] {-8, -1, 3}) {
            double[] u = new Random(5).doubles(7, -2, 2).toArray();
            u[1] = logTau;
            double[] gradient = new double[7];
            density.valueAndGradient(u, gradient);
            for (int i = 2; i < 7; i++) {
                assertThat(gradient[i]).isCloseTo(-u[i], within(1e-5));
            }
        }
    }
}
