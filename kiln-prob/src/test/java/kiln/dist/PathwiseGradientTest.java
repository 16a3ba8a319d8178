package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Bessel;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Row;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Draws of distributions that promise it can be differentiated by every parameter, and the derivative is the right one.
///
/// Differentiating `F(z(θ); θ)` for a draw `z` gives `f dz/dθ + ∂F/∂θ`, whose expectation is 0 for a right derivative (and which is 0 at
/// every draw if the derivative is taken at a fixed probability).
class PathwiseGradientTest {
    private static final int N = 5_000;

    /// So many show whether a derivative is taken at a fixed probability.
    private static final int FEW = 200;
    private static final PRNGKey KEY = PRNGKey.key(29);

    static List<Row> rows() {
        return DistributionCases.ROWS.stream().filter(r -> r.example().hasRsample()).toList();
    }

    /// The example of a row, with weights that are still weights when something is added to them.
    private static Distribution example(Row row) {
        return switch (row.example()) {
            case MixtureSameFamily(Categorical c, Distribution d) -> new MixtureSameFamily(new CategoricalLogits(Np.log(c.probs())), d);
            case MixtureGeneral(Categorical c, List<Distribution> d, _) -> new MixtureGeneral(new CategoricalLogits(Np.log(c.probs())), d);
            default -> row.example();
        };
    }

    @Test
    void whatIsMadeOfGammaDrawsHasThem() {
        assertThat(rows().stream().map(Row::oracle)).contains("Gamma", "Beta", "Dirichlet", "StudentT", "Chi2", "InverseGamma");
    }

    /// The distribution with `t` added to one of its parameters; the factor of a correlation matrix stays one.
    static Distribution scaled(Distribution d, int parameter, NDArray t) {
        List<NDArray> leaves = Pytree.leaves(d);
        boolean isFactor = (d instanceof GaussianCopula || d instanceof GaussianCopulaBeta) && parameter == leaves.size() - 1;
        return Pytree.withLeaves(d, IntStream.range(0, leaves.size())
                .mapToObj(k -> k == parameter ? (isFactor ? turned(leaves.get(k), t) : leaves.get(k).plus(t)) : leaves.get(k))
                .toList());
    }

    /// `L + t` below the diagonal, its rows again of length 1.
    private static NDArray turned(NDArray factor, NDArray t) {
        NDArray moved = factor.plus(Np.tril(Np.onesLike(factor), -1).times(t));
        return moved.div(Np.expandDims(Np.sqrt(Np.square(moved).sum(-1)), -1));
    }

    /// Angles jump at ±π, where a distribution function has no period.
    static Stream<Row> withDistributionFunction() {
        return rows().stream().filter(r -> hasDistributionFunction(r.example()) && !(r.example() instanceof VonMises));
    }

    private static boolean hasDistributionFunction(Distribution d) {
        try {
            d.cdf(d.sample(KEY));
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /// What has several numbers, and its moments; the mean of directions and angles is one, and not the expectation: [AngleGradientTest].
    static Stream<Row> withMoments() {
        return rows().stream().filter(r -> !(r.example() instanceof ProjectedNormal || r.example() instanceof SineBivariateVonMises || r.example() instanceof SineSkewed)).filter(r -> !hasDistributionFunction(r.example()) && DistributionOracleTest.Closed.of(r.example()).variance());
    }

    /// Every element of a batch within 5.3 standard errors: a right derivative is not in one case of ten million.
    @ParameterizedTest
    @MethodSource("withDistributionFunction")
    void derivativesAverageToThatOfTheDistribution(Row row) {
        averageToThatOfTheDistribution(row.oracle(), example(row));
    }

    /// What has no row of its own.
    @Test
    void soDoThoseOfTruncatedStudentT() {
        var t = new StudentT(NDArray.of(0.8, 4.0), NDArray.as(0.5), NDArray.as(2.0));
        averageToThatOfTheDistribution("above", new LeftTruncatedDistribution(t, NDArray.as(1.0)));
        averageToThatOfTheDistribution("between", new TwoSidedTruncatedDistribution(t, NDArray.as(-3.0), NDArray.as(9.0)));
    }

    private static void averageToThatOfTheDistribution(String name, Distribution example) {
        List<NDArray> parameters = Pytree.leaves(example);
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            if (!parameters.get(k).dtype().isFloating()) {
                continue;
            }
            if (Np.abs(ofProbabilities(example, parameter, FEW)).max().item() < 1e-8) {
                continue;
            }
            NDArray slopes = ofProbabilities(example, parameter, N);
            double[] mean = slopes.mean(0).toDoubleArray();
            double[] error = Np.std(slopes, 1, 0).toDoubleArray();
            for (int i = 0; i < mean.length; i++) {
                assertThat(Math.abs(mean[i])).as("%s, parameter %d, element %d", name, k, i)
                        .isLessThanOrEqualTo(5.3 * error[i] / Math.sqrt(N) + 1e-12);
            }
        }
    }

    private static NDArray ofProbabilities(Distribution example, int parameter, int n) {
        return slope(t -> {
            Distribution d = scaled(example, parameter, t);
            return d.cdf(d.sample(KEY, Shape.of(n)));
        });
    }

    /// Derivatives of draws and of their squares average to those of the moments; every element within 5.3 standard errors.
    @ParameterizedTest
    @MethodSource("withMoments")
    void derivativesAverageToThoseOfTheMoments(Row row) {
        List<NDArray> parameters = Pytree.leaves(example(row));
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            if (!parameters.get(k).dtype().isFloating()) {
                continue;
            }
            averageToThoseOfTheMoments(row.oracle(), example(row), parameter);
        }
    }

    private static void averageToThoseOfTheMoments(String name, Distribution example, int parameter) {
        NDArray slopes = slope(t -> {
            NDArray x = scaled(example, parameter, t).sample(KEY, Shape.of(N));
            return Np.stack(List.of(x, Np.square(x)), 1);
        });
        double[] want = slope(t -> {
            Distribution d = scaled(example, parameter, t);
            return Np.stack(List.of(d.mean(), d.variance().plus(Np.square(d.mean()))), 0);
        }).toDoubleArray();
        double[] mean = slopes.mean(0).toDoubleArray();
        double[] error = Np.std(slopes, 1, 0).toDoubleArray();
        for (int i = 0; i < mean.length; i++) {
            assertThat(Math.abs(mean[i] - want[i])).as("%s, parameter %d, element %d, squares last", name, parameter, i)
                    .isLessThanOrEqualTo(5.3 * error[i] / Math.sqrt(N) + 1e-9 * Math.abs(want[i]) + 1e-12);
        }
    }

    /// A distribution with a draw of its own beside an atom or in several numbers.
    ///
    /// @param weight the place of the probabilities, which no draw follows
    record Chosen(Distribution d, int weight) {}

    static Stream<Chosen> chosen() {
        var odds = new CategoricalLogits(NDArray.of(0.3, -0.4));
        var plane = new MultivariateNormal(NDArray.of(new double[][] {{0.5, -1}, {2, 1}}), NDArray.of(new double[][] {{1.2, 0}, {0.4, 0.7}}));
        return Stream.of(
                new Chosen(new HurdleGamma(0.3, NDArray.of(0.6, 2.5), 1.5), 0),
                new Chosen(new HurdleLogNormal(NDArray.of(0.1, 0.7), 0.2, 0.5), 0),
                new Chosen(new HurdleProbs(new Exponential(2), 0.4), 1),
                new Chosen(new HurdleLogits(new Gamma(3, NDArray.of(0.5, 2.0)), 0.4), 2),
                new Chosen(new MixtureGeneral(odds, List.of(new Normal(0.2, 1.5), new Delta(0.4))), 0),
                new Chosen(new MixtureGeneral(odds, List.of(new Normal(0.2, 1.5), new HurdleGamma(0.3, 2, 1)), Constraints.real), 0),
                new Chosen(new MixtureSameFamily(odds, plane), 0));
    }

    /// Their draws follow the parameters of what is drawn, rightly, and not its probability: what does not promise a derivative by every parameter.
    @ParameterizedTest
    @MethodSource("chosen")
    void drawsFollowWhatIsChosenButNotItsProbability(Chosen row) {
        assertThat(row.d().hasRsample()).isFalse();
        int n = Pytree.leaves(row.d()).size();
        for (int k = 0; k < n; k++) {
            boolean isGateOfComponent = row.d() instanceof MixtureGeneral(_, List<Distribution> d, _) && d.getLast() instanceof HurdleGamma && k == 3;
            if (k == row.weight() || isGateOfComponent) {
                int parameter = k;
                NDArray slopes = slope(t -> scaled(row.d(), parameter, t).sample(KEY, Shape.of(100)));
                assertThat(Np.all(slopes.eq(0)).isTrue()).isTrue();
            } else {
                averageToThoseOfTheMoments(row.toString(), row.d(), k);
            }
        }
    }

    /// Of a copula of exponential variables draws do not jump, so that differences of each tell its derivative; and the mean of products of normal
    /// ones rises as the correlation.
    @Test
    void drawsOfCopulasFollowTheirCorrelation() {
        Function<NDArray, NDArray> factor = r -> Np.stack(List.of(NDArray.of(1.0, 0.0), Np.stack(List.of(r, Np.sqrt(Np.subtract(1, Np.square(r)))), 0)), 0);
        Function<NDArray, NDArray> draws = t -> new GaussianCopula(new Exponential(NDArray.of(2, 0.5)), factor.apply(t.plus(0.6))).sample(KEY, Shape.of(50));
        double h = 1e-3;
        NDArray want = draws.apply(Np.scalar(h)).minus(draws.apply(Np.scalar(-h))).times(8)
                .minus(draws.apply(Np.scalar(2 * h)).minus(draws.apply(Np.scalar(-2 * h)))).div(12 * h);
        assertThat(Np.abs(slope(draws).minus(want)).max().item()).isLessThan(1e-8 * Np.abs(want).max().item());
        NDArray products = slope(t -> {
            NDArray x = new GaussianCopula(new Normal(NDArray.of(1, -2), NDArray.of(2, 3)), factor.apply(t.plus(0.6))).sample(KEY, Shape.of(N));
            return Np.prod(x.minus(NDArray.of(1, -2)), -1);
        });
        within(products, 6);
    }

    /// Of directions in the plane: the length of the expectation is `√(π/8) r e^(−r²/4) (I₀(r²/4) + I₁(r²/4))` (Mardia and Jupp 2000, 9.3.32).
    @Test
    void directionsTurnWithTheirParameters() {
        Function<NDArray, NDArray> first = t -> new ProjectedNormal(NDArray.of(1.2, 0).times(t)).sample(KEY, Shape.of(N)).get(Index.ALL, Index.at(0));
        NDArray want = slope(t -> {
            NDArray r = t.plus(1).times(1.2);
            NDArray quarter = Np.square(r).times(0.25);
            return r.times(Math.sqrt(Math.PI / 8)).times(Bessel.i0e(quarter).plus(Bessel.i1e(quarter)));
        });
        within(slope(t -> first.apply(t.plus(1))), want.item());
    }

    private static NDArray slope(Function<NDArray, NDArray> f) {
        return Functions.jvp(f, Np.scalar(0.0), Np.scalar(1.0)).tangent();
    }

    /// `E cos(x − loc) = A(κ) = I₁(κ)/I₀(κ)` with `A′ = 1 − A/κ − A²`, and the mean of the sine is 0.
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.7, 3, 40, 1000})
    void vonMisesDrawsTurnWithTheirParameters(double kappa) {
        for (double loc : new double[] {0, 2.9}) {
            double a = 1 - new VonMises(loc, kappa).variance().item();
            // A′ cancels where the angles lie together; there it is ½ κ⁻² + ¼ κ⁻³ + ⅜ κ⁻⁴ + ….
            double rise = kappa < 100 ? 1 - a / kappa - a * a : (0.5 + (0.25 + 0.375 / kappa) / kappa) / (kappa * kappa);
            within(slope(t -> cos(new VonMises(loc, t.plus(kappa)), loc)), rise);
            within(slope(t -> cos(new VonMises(t.plus(loc), kappa), loc - 1)), -a * Math.sin(1));
        }
    }

    private static NDArray cos(VonMises d, double away) {
        return Np.cos(d.sample(KEY, Shape.of(N)).minus(away));
    }

    private static void within(NDArray slopes, double want) {
        assertThat(Math.abs(slopes.mean().item() - want)).isLessThan(5.3 * Np.std(slopes, 1).item() / Math.sqrt(N));
    }

    /// Quantiles, found by iteration or not, have the derivatives of their differences, compiled too.
    @ParameterizedTest
    @MethodSource("withQuantiles")
    void quantilesHaveDerivatives(Row row) {
        List<NDArray> parameters = Pytree.leaves(example(row));
        NDArray q = Density.trailing(NDArray.of(0.03, 0.42, 0.87), row.example().batchShape().rank());
        for (int k = -1; k < parameters.size(); k++) {
            if (k >= 0 && !parameters.get(k).dtype().isFloating()) {
                continue;
            }
            int parameter = k;
            Function<NDArray, NDArray> f = t -> {
                Distribution d = parameter < 0 ? example(row) : scaled(example(row), parameter, t);
                NDArray p = parameter < 0 ? q.plus(t) : q;
                return Np.stack(List.of(d.icdf(p), d.isf(p)), 0);
            };
            double h = 1e-4;
            NDArray want = f.apply(Np.scalar(h)).minus(f.apply(Np.scalar(-h))).times(8)
                    .minus(f.apply(Np.scalar(2 * h)).minus(f.apply(Np.scalar(-2 * h)))).div(12 * h);
            NDArray got = slope(f);
            NDArray room = Np.abs(want).plus(1).times(1e-6);
            assertThat(Np.all(Np.abs(got.minus(want)).le(room)).isTrue()).as("%s, parameter %d: %s, differences %s", row, k, got, want).isTrue();
            NDArray compiled = Functions.jit((NDArray t) -> Functions.jvp(f, t, Np.scalar(1.0)).tangent()).apply(Np.scalar(0.0));
            assertThat(Np.all(Np.abs(compiled.minus(got)).le(Np.abs(got).times(1e-12))).isTrue()).as("%s compiled, parameter %d: %s, %s", row, k, compiled, got).isTrue();
        }
    }

    /// Where an atom is the quantile, it is so on a plateau of probabilities: it moves with its place and with nothing else.
    @Test
    void quantilesAtAtomsMoveWithThem() {
        NDArray q = NDArray.of(0.1, 0.5, 0.9);
        var normal = new Normal(0.2, 1.5);
        var weights = new CategoricalLogits(NDArray.of(0.3, 0.1, -0.5));
        for (Distribution d : List.of(
                new MixtureGeneral(weights, List.of(normal, new Delta(0.4), new Laplace(0, 1))),
                new MixtureGeneral(weights, List.of(normal, new Delta(0.4).expand(2), new Delta(NDArray.of(0.5, -2.0), NDArray.as(0.0), 0))).expand(3, 2),
                new MixtureSameFamily(weights, new Delta(NDArray.of(-1.0, 0.7, 2.0), NDArray.as(0.0), 0)),
                new FoldedDistribution(new MixtureGeneral(weights, List.of(normal, new Delta(-0.7), normal))),
                new MixtureGeneral(weights, List.of(normal, new TransformedDistribution(new Delta(0.2), List.of(new AffineTransform(1, -3))), normal)),
                new MixtureGeneral(weights, List.of(normal, new HurdleProbs(new Exponential(2), 0.7), normal), Constraints.real))) {
            NDArray at = Density.trailing(q, d.batchShape().rank());
            List<NDArray> parameters = Pytree.leaves(d);
            for (int k = -1; k < parameters.size(); k++) {
                int parameter = k;
                Function<NDArray, NDArray> f = t -> (parameter < 0 ? d : scaled(d, parameter, t)).icdf(parameter < 0 ? at.plus(t) : at);
                double h = 1e-4;
                NDArray want = f.apply(Np.scalar(h)).minus(f.apply(Np.scalar(-h))).times(8)
                        .minus(f.apply(Np.scalar(2 * h)).minus(f.apply(Np.scalar(-2 * h)))).div(12 * h);
                NDArray got = slope(f);
                assertThat(Np.abs(got.minus(want)).max().item()).as("%s, parameter %d: %s, differences %s", d, k, got, want).isLessThan(1e-8);
                NDArray compiled = Functions.jit((NDArray t) -> Functions.jvp(f, t, Np.scalar(1.0)).tangent()).apply(Np.scalar(0.0));
                assertThat(Np.abs(compiled.minus(got)).max().item()).isLessThan(1e-12);
            }
        }
    }

    static Stream<Row> withQuantiles() {
        return DistributionCases.ROWS.stream().filter(r -> !r.example().isDiscrete() && DistributionOracleTest.Closed.of(r.example()).icdf());
    }

    static Stream<Row> withParameters() {
        return rows().stream().filter(r -> !(r.example() instanceof Unit));
    }

    /// No draw ignores a parameter (but the weights of `Delta` and `Unit`), and compiled gradients are the interpreter's.
    @ParameterizedTest
    @MethodSource("withParameters")
    void everyParameterHasAGradient(Row row) {
        List<NDArray> leaves = Pytree.leaves(row.example());
        List<Integer> places = IntStream.range(0, leaves.size())
                .filter(k -> leaves.get(k).dtype().isFloating() && !(row.oracle().equals("Delta") && k == 1)).boxed().toList();
        List<NDArray> parameters = places.stream().map(leaves::get).toList();
        Function<List<NDArray>, List<NDArray>> f = Functions.grad((List<NDArray> p) -> {
            List<NDArray> moved = new ArrayList<>(leaves);
            IntStream.range(0, p.size()).forEach(i -> moved.set(places.get(i), p.get(i)));
            return Np.square(Pytree.withLeaves(row.example(), moved).sample(KEY, Shape.of(5))).sum();
        });
        List<NDArray> gradients = f.apply(parameters);
        List<NDArray> compiled = Functions.jit(f).apply(parameters);
        for (int i = 0; i < places.size(); i++) {
            NDArray g = gradients.get(i);
            assertThat(Np.all(Np.isfinite(g)).isTrue() && Np.any(g.ne(0)).isTrue()).as("%s, parameter %d: %s", row, places.get(i), g).isTrue();
            assertThat(Np.abs(compiled.get(i).minus(g)).max().item()).isLessThanOrEqualTo(1e-12 * Np.abs(g).max().item());
        }
    }

    /// `d/da E log p` under `Gamma(a, 1)` of the density of `Gamma(3, 2)`: `2 ψ'(a) − 2`; with the entropy it is the gradient of an ELBO.
    @Test
    void gradientOfAnElbo() {
        Function<NDArray, NDArray> elbo = a -> {
            var q = new Gamma(a, 1);
            return new Gamma(3, 2).logProb(q.sample(KEY, Shape.of(N))).plus(q.entropy());
        };
        NDArray at = Np.scalar(2.5);
        NDArray slopes = Functions.jvp(elbo, at, Np.scalar(1.0)).tangent();
        // The entropy is a + log Γ(a) + (1 − a) ψ(a): its derivative is 1 + (1 − a) ψ'(a). ψ'(5/2) = π²/2 − 4 − 4/9.
        double trigamma = Math.PI * Math.PI / 2 - 4 - 4.0 / 9;
        double want = 2 * trigamma - 2 + 1 - 1.5 * trigamma;
        assertThat(Math.abs(slopes.mean().item() - want)).isLessThan(5.3 * Np.std(slopes, 1).item() / Math.sqrt(N));
    }
}
