package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Fit;
import kiln.dist.DistributionCases.Row;
import kiln.dist.Quadrature.Rule;
import kiln.func.Pytree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every density has mass 1, and the mean and variance that the distribution says, by sums and integrals that know nothing but the density:
/// counts are summed, numbers integrated between quantiles and parameters, events of several numbers by grids of small examples.
class MassTest {
    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    static List<Row> theMassIsOne() {
        return CaseCheck.MASS.rows();
    }

    static List<Row> momentsAreThoseOfTheDensity() {
        return CaseCheck.MOMENTS.rows();
    }

    @ParameterizedTest
    @MethodSource
    void theMassIsOne(Row row) {
        for (Weighted e : weighted(row)) {
            assertThat(e.rule().total(x -> Np.ones(x.size(0)))).as("mass of %s", e.d()).isCloseTo(1, within(room(row, 1e-10)));
        }
    }

    /// Where a density is infinite at 1, the doubles next to 1 leave some mass out.
    private static double room(Row row, double otherwise) {
        return row.oracle().startsWith("RelaxedBernoulli") ? 1e-7 : otherwise;
    }

    @ParameterizedTest
    @MethodSource
    void momentsAreThoseOfTheDensity(Row row) {
        for (Weighted e : weighted(row)) {
            for (int i = 0; i < e.mean().size(); i++) {
                int at = i;
                double mean = e.mean().get(i).item();
                double variance = e.variance().get(i).item();
                if (row.fit() == Fit.CIRCLE) {
                    near(row, e.rule().total(x -> Np.sin(x.minus(mean))), 0);
                    near(row, e.rule().total(x -> Np.cos(x.minus(mean))), 1 - variance);
                } else if (Double.isFinite(mean)) {
                    near(row, e.rule().total(x -> EntropyTest.entry(e.d(), x, at)), mean);
                    if (Double.isFinite(variance)) {
                        near(row, e.rule().total(x -> Np.square(EntropyTest.entry(e.d(), x, at).minus(mean))), variance);
                    }
                }
            }
        }
    }

    private static void near(Row row, double got, double want) {
        assertThat(got).isCloseTo(want, within(room(row, 1e-8) * Math.max(1, Math.abs(want))));
    }

    /// A distribution, or one element of its batch, as values with their probabilities.
    record Weighted(Distribution d, Rule rule, NDArray mean, NDArray variance) {
        static Weighted of(Distribution d, Rule rule) {
            var closed = DistributionOracleTest.Closed.of(d);
            boolean has = closed.mean() && closed.variance();
            return new Weighted(d, rule, has ? d.mean().reshape(-1) : v(), has ? d.variance().reshape(-1) : v());
        }
    }

    private static List<Weighted> weighted(Row row) {
        Distribution d = row.example();
        if (d.eventShape().rank() > 0) {
            return several(FormulaTest.name(d));
        }
        int batch = Math.max(1, d.batchShape().size());
        boolean has = DistributionOracleTest.Closed.of(d).mean();
        NDArray none = Np.zeros(batch, 0);
        NDArray mean = has ? d.mean().reshape(batch, 1) : none;
        NDArray variance = has ? d.variance().reshape(batch, 1) : none;
        return IntStream.range(0, batch)
                .mapToObj(b -> new Weighted(d, element(d, b), mean.get(b), variance.get(b)))
                .toList();
    }

    // ---- numbers

    private static Rule element(Distribution d, int b) {
        if (d.isDiscrete()) {
            NDArray k = Np.arange(20_051).minus(50);
            return new Rule(k.times(1.0), density(d, k, b));
        }
        Rule rule = Quadrature.rule(breaks(d, b));
        Rule smooth = new Rule(rule.x(), Np.where(rule.w().gt(0), density(d, rule.x(), b).times(rule.w()), 0.0));
        if (!FormulaTest.name(d).startsWith("Hurdle")) {
            return smooth;
        }
        NDArray zero = v(0);
        return new Rule(Np.concatenate(List.of(smooth.x(), zero), 0), Np.concatenate(List.of(smooth.w(), density(d, zero, b)), 0));
    }

    private static NDArray density(Distribution d, NDArray x, int b) {
        int[] ones = IntStream.range(0, d.batchShape().rank()).map(_ -> 1).toArray();
        NDArray logProb = d.logProb(x.reshape(Shape.of(x.size(0)).then(Shape.of(ones))));
        return Np.exp(logProb.reshape(x.size(0), -1).transpose().get(b));
    }

    /// The ends, quantiles where the mass lies, and the parameters, at which a density may have a corner.
    private static double[] breaks(Distribution d, int b) {
        double[] ends = quantiles(d, b, 0, 1).toArray();
        DoubleStream parameters = Pytree.leaves(d).stream().flatMapToDouble(p -> DoubleStream.of(p.times(1.0).reshape(-1).toDoubleArray()));
        DoubleStream all = DoubleStream.concat(parameters, quantiles(d, b, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1 - 1e-3));
        return DoubleStream.concat(DoubleStream.of(ends), all.filter(x -> x > ends[0] && x < ends[1])).distinct().sorted().toArray();
    }

    private static DoubleStream quantiles(Distribution d, int b, double... q) {
        return DoubleStream.of(q).map(p -> Np.broadcastTo(d.icdf(NDArray.as(p)), d.batchShape()).reshape(-1).get(b).item());
    }

    // ---- several numbers

    private static final NDArray L = NDArray.of(new double[][] {{1.5, 0}, {-0.4, 0.7}});
    private static final NDArray R = NDArray.of(new double[][] {{1, 0.5}, {0.5, 1}});
    private static final NDArray ONE = NDArray.of(new double[][] {{0.8}});
    private static final NDArray PAIR = NDArray.of(new double[][] {{0, 1}, {1, 0}});

    private static Rule grid(Distribution d, double half, int points) {
        return Quadrature.expectation(d, half, points);
    }

    /// Small examples with one or two free numbers; EntropyTest integrates matrices with three.
    private static List<Weighted> several(String name) {
        return switch (name) {
            case "Dirichlet" -> on(new Dirichlet(v(0.7, 2, 5)), d -> grid(d, 50, 400));
            case "MultivariateNormal" -> on(new MultivariateNormal(v(1, -2), L), d -> grid(d, 16, 200));
            case "LowRankMultivariateNormal" ->
                on(new LowRankMultivariateNormal(v(1, 2), NDArray.of(Shape.of(2, 1), 1, 0.5), v(0.5, 1)), d -> grid(d, 16, 300));
            case "MultivariateStudentT" -> on(new MultivariateStudentT(NDArray.as(30), v(0.5, -1), L), d -> grid(d, 25, 401));
            case "GaussianRandomWalk" -> on(new GaussianRandomWalk(NDArray.as(0.7), 2), d -> grid(d, 12, 300));
            case "GaussianStateSpace" ->
                on(new GaussianStateSpace(2, ONE, NDArray.of(new double[][] {{0.7}})).from(v(0.6)), d -> grid(d, 12, 300));
            case "CAR" -> on(new CAR(v(0.5, -1), 0.4, 2, PAIR), d -> grid(d, 12, 300));
            case "CirculantNormal" -> on(new CirculantNormal(v(0.5, -1), v(3, 1)), d -> grid(d, 16, 200));
            case "ZeroSumNormal" -> on(new ZeroSumNormal(NDArray.as(0.8), Shape.of(3)), d -> grid(d, 12, 300));
            case "MatrixNormal" -> on(
                    new MatrixNormal(NDArray.of(new double[][] {{1, 2}}), NDArray.of(new double[][] {{1.3}}), L), d -> grid(d, 22, 300));
            case "LKJ" -> on(new LKJ(2, NDArray.as(1.5)), d -> grid(d, 15, 400));
            case "LKJCholesky" -> on(new LKJCholesky(2, NDArray.as(0.7)), d -> grid(d, 25, 800));
            case "Wishart" -> on(new Wishart(NDArray.as(4.5), ONE), d -> grid(d, 30, 3000));
            case "WishartCholesky" -> on(new WishartCholesky(NDArray.as(4.5), ONE), d -> grid(d, 30, 3000));
            case "InverseWishart" -> on(new InverseWishart(NDArray.as(7.5), ONE), d -> grid(d, 30, 3000));
            case "InverseWishartCholesky" -> on(new InverseWishartCholesky(NDArray.as(7.5), ONE), d -> grid(d, 30, 3000));
            case "GaussianCopula" -> on(GaussianCopula.correlation(new Gamma(v(2, 5), v(0.5, 1)), R), d -> grid(d, 12, 300));
            case "GaussianCopulaBeta" -> on(GaussianCopulaBeta.correlation(v(2, 5), v(1.5, 2), R), d -> grid(d, 20, 300));
            case "EulerMaruyama" -> on(
                    new EulerMaruyama(v(0, 0.5), (x, t) -> new Sde.Terms(x.times(-1).plus(t), NDArray.as(0.5)), new Normal(1, 2)),
                    d -> grid(d, 22, 300));
            case "Independent" -> on(new Independent(new Normal(v(1, 2), 2), 1), d -> grid(d, 22, 200));
            case "Multinomial" -> on(new Multinomial(6, v(0.1, 0.5, 0.4)), MassTest::counts);
            case "MultinomialLogits" -> on(new MultinomialLogits(6, v(0.1, 2, -1)), MassTest::counts);
            case "DirichletMultinomial" -> on(new DirichletMultinomial(6, v(0.7, 2, 5)), MassTest::counts);
            case "ProjectedNormal" -> on(new ProjectedNormal(v(1, -0.5)), MassTest::circle);
            case "SineBivariateVonMises" -> on(new SineBivariateVonMises(0.5, -1, 1.4, 0.7, 0.6), MassTest::torus);
            case "SineSkewed" -> on(new SineSkewed(new VonMises(v(0.5, -1), v(0.6, 1)).toEvent(1), v(-0.3, 0.5)), MassTest::torus);
            default -> throw new AssertionError("no small example of " + name);
        };
    }

    private static List<Weighted> on(Distribution d, Function<Distribution, Rule> rule) {
        return List.of(Weighted.of(d, rule.apply(d)));
    }

    /// All vectors of three counts with sum 6.
    private static Rule counts(Distribution d) {
        List<double[]> all = new ArrayList<>();
        for (int a = 0; a <= 6; a++) {
            for (int b = 0; a + b <= 6; b++) {
                all.add(new double[] {a, b, 6 - a - b});
            }
        }
        NDArray x = NDArray.of(all.toArray(double[][]::new));
        return new Rule(x, Np.exp(d.logProb(x)));
    }

    /// The trapezoidal rule, which is exact for smooth periodic functions.
    private static Rule circle(Distribution d) {
        NDArray angle = Np.arange(200).times(2 * Math.PI / 200);
        NDArray x = Np.stack(List.of(Np.cos(angle), Np.sin(angle)), -1);
        return new Rule(x, Np.exp(d.logProb(x)).times(2 * Math.PI / 200));
    }

    private static Rule torus(Distribution d) {
        int n = 80;
        double step = 2 * Math.PI / n;
        NDArray i = Np.arange(n * n);
        NDArray x = Np.stack(List.of(i.rem(n), i.minus(i.rem(n)).div(n)), -1).times(step).minus(Math.PI);
        return new Rule(x, Np.exp(d.logProb(x)).times(step * step));
    }
}
