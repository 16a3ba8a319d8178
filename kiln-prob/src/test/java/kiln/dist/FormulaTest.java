package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.FormulaScope.Definition;
import kiln.dist.FormulaScope.Function;
import kiln.dist.constraint.Constraints;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The formulas that `docs/distributions.md` prints say what the code computes: each is read from the documentation comment, evaluated in
/// plain doubles by [Formula], and compared with `logProb`, `mean` and `variance`.
class FormulaTest {
    private static final Path SOURCES = Path.of("src/main/java/kiln/dist");
    private static final PRNGKey KEY = PRNGKey.key(31);
    private static final int POINTS = 4;

    /// Families whose density is not written in the notation, and where it is checked instead.
    static final Map<String, String> DENSITY_IN_WORDS = Map.of(
            "TransformedDistribution", "the inverse and the Jacobian are those of any transforms: WrappersTest, TransformOracleTest");

    /// Families whose moments are described and not written as a formula, and what checks them.
    private static final Map<String, String> MOMENTS_IN_WORDS = Map.ofEntries(
            Map.entry("Categorical", "sums over the categories: MassTest"),
            Map.entry("CategoricalLogits", "sums over the categories: MassTest"),
            Map.entry("FoldedDistribution", "an integral over the base: QuadratureMomentsTest, IndependentValuesTest"),
            Map.entry("GaussianStateSpace", "a recursion: EntropyTest integrates it, and draws have them"),
            Map.entry("Gompertz", "the variance is an integral: QuadratureMomentsTest"),
            Map.entry("InverseWishartCholesky", "entry by entry from ratios of Γ: EntropyTest integrates them"),
            Map.entry("LKJCholesky", "entry by entry from ratios of Γ: EntropyTest integrates them"),
            Map.entry("LeftTruncatedDistribution", "an integral over the base: QuadratureMomentsTest, IndependentValuesTest"),
            Map.entry("OrderedLogistic", "sums over the categories: MassTest"),
            Map.entry("ProjectedNormal", "the variances are integrals over an angle: IndependentValuesTest"),
            Map.entry("RelaxedBernoulliLogits", "an integral: QuadratureMomentsTest"),
            Map.entry("RightTruncatedDistribution", "an integral over the base: QuadratureMomentsTest, IndependentValuesTest"),
            Map.entry("SineBivariateVonMises", "sums over Bessel functions: IndependentValuesTest"),
            Map.entry("SineSkewed", "those of the base, turned: IndependentValuesTest, EntropyTest"),
            Map.entry("TwoSidedTruncatedDistribution", "an integral over the base: QuadratureMomentsTest"),
            Map.entry("WishartCholesky", "entry by entry from ratios of Γ: EntropyTest integrates them"));

    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    private static final NDArray L2 = NDArray.of(new double[][] {{1.3, 0}, {-0.4, 0.7}});
    private static final NDArray L3 = NDArray.of(new double[][] {{1.5, 0, 0}, {-0.4, 0.7, 0}, {0.2, 1.1, 2}});

    /// Events of several numbers in examples without a batch, so that arrays mean what the formula says.
    private static final List<Distribution> SINGLE = List.of(
            new CAR(v(0, 1, 2), 0.5, 2, NDArray.of(new double[][] {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}})),
            new Categorical(v(0.1, 0.2, 0.3, 0.4)),
            new CategoricalLogits(v(0.1, 2, -1)),
            new CirculantNormal(v(0, 1, 2, 3), v(3, 1, 0.5)),
            new Dirichlet(v(0.7, 2, 5)),
            new DirichletMultinomial(9, v(0.7, 2, 5)),
            new EulerMaruyama(v(0, 0.5, 0.75), FormulaTest::drift, new Normal(1, 2)),
            GaussianCopula.correlation(new Gamma(v(2, 5), v(0.5, 1)), NDArray.of(new double[][] {{1, 0.5}, {0.5, 1}})),
            GaussianCopulaBeta.correlation(v(2, 5), v(0.5, 1), NDArray.of(new double[][] {{1, 0.5}, {0.5, 1}})),
            new GaussianRandomWalk(NDArray.as(0.7), 4),
            new GaussianStateSpace(3, L2.times(0.4), L2, v(1, -2)),
            new ImproperUniform(Constraints.positive, Shape.SCALAR, Shape.of(3)),
            new Independent(new Normal(v(1, 2, 3), 2), 1),
            new InverseWishart(NDArray.as(8.5), L3),
            new InverseWishartCholesky(NDArray.as(8.5), L3),
            new LKJ(4, 1.7),
            new LKJCholesky(4, 0.7),
            new LowRankMultivariateNormal(v(1, 2, 3), NDArray.of(Shape.of(3, 1), 1, 0.5, -2), v(0.5, 1, 2)),
            new MatrixNormal(NDArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6), L2, L3),
            new MixtureGeneral(new Categorical(v(0.3, 0.7)), List.of(new Normal(-3, 1), new Laplace(2, 0.5))),
            new MixtureSameFamily(new Categorical(v(0.3, 0.2, 0.5)), new Normal(v(-3, 0, 1), v(1, 2, 0.5))),
            new Multinomial(9, v(0.1, 0.5, 0.4)),
            new MultinomialLogits(9, v(0.1, 2, -1)),
            new MultivariateNormal(v(1, -2, 0.5), L3),
            new MultivariateStudentT(NDArray.as(5.5), v(1, -2, 0.5), L3),
            new OrderedLogistic(NDArray.as(0.5), v(-1, 0.2, 1)),
            new ProjectedNormal(v(1, 0.5, -0.5)),
            new SineBivariateVonMises(0.5, -1, 1.4, 0.7, 0.6),
            new SineSkewed(new VonMises(v(0.5, -1), v(0.6, 1)).toEvent(1), v(-0.3, 0.5)),
            new Unit(NDArray.as(-3.25)),
            new Wishart(NDArray.as(4.5), L3),
            new WishartCholesky(NDArray.as(4.5), L3),
            new ZeroSumNormal(NDArray.as(0.7), Shape.of(3, 4)));

    private static Sde.Terms drift(NDArray x, NDArray t) {
        return new Sde.Terms(x.times(-1).plus(t), x.times(0.1).plus(0.5));
    }

    /// One example of each family.
    static List<Distribution> families() {
        Map<String, Distribution> single = new HashMap<>();
        SINGLE.forEach(d -> single.put(name(d), d));
        List<Distribution> out = DistributionCases.ROWS.stream()
                .map(r -> r.example())
                .map(d -> single.getOrDefault(name(d), d))
                .toList();
        assertThat(out.stream().map(FormulaTest::name).distinct().toList()).containsAll(single.keySet());
        return out;
    }

    static String name(Distribution d) {
        return d.getClass().getSimpleName();
    }

    static FormulaText formula(FamilyComment comment) {
        return FormulaText.of(comment.formula());
    }

    /// The reader itself: precedence, subscripts, sums, integrals and conditions, against numbers worked out by hand.
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "1 + 2 · 3 / 4 − x²; −6.5",
        "x / 2x; 0.5",
        "x/2 x; 4.5",
        "log e^−x x; −9",
        "log 2x − log(2) − log x; 0",
        "|1 − x| − |v|; −3",
        "Σᵢ vᵢ² + Πᵢ vᵢ; 25",
        "Σᵢ (vᵢ₊₁ − vᵢ) i; -10",
        "Σ_{k=1}^{x} k!; 9",
        "Σₙ (½)ⁿ; 2",
        "∫_{0}^{x} t² dt / x; 3",
        "∫₀^∞ e^−t dt; 1",
        "[x < 2 < 4] + [x ≥ 3]; 1",
        "vᵀ v + tr(v vᵀ); 50",
        "C(5, 2) + B(2, 3) · 12; 11",
        "I₀(1) − 1.2660658777520084; 0",
        "E₁(1) − 0.21938393439552029; 0"
    })
    void theNotationIsRead(String text, String want) {
        var scope = new FormulaScope(Map.of("x", Matrix.of(3), "v", Matrix.of(new double[] {4, 0, -3})), Map.of(), Map.of(), 1);
        assertThat(Formula.expression(text).at(scope).number()).isCloseTo(Double.parseDouble(want.replace('−', '-')), within(1e-13));
    }

    // ---- densities

    @ParameterizedTest
    @MethodSource("families")
    void theDensityIsTheFormula(Distribution d) throws IOException {
        FormulaText text = formula(FamilyComment.of(SOURCES, name(d)));
        boolean inWords = DENSITY_IN_WORDS.containsKey(name(d));
        boolean family = text.rest().size() == 1 && text.rest().getFirst().matches("[A-Z]\\w+\\(.*\\)");
        assertThat(text.densities().isEmpty() && !family).as("no readable formula: " + text.rest()).isEqualTo(inWords);
        if (inWords) {
            return;
        }
        for (Place place : places(d, text)) {
            double want = place.logProb();
            assertThat(logDensity(text, place)).as("log density at %s", place).isCloseTo(want, within(1e-10 * Math.max(1, Math.abs(want))));
        }
    }

    private static double logDensity(FormulaText text, Place place) {
        if (text.densities().isEmpty()) {
            var other = (Distribution) Formula.expression(text.rest().getFirst()).at(place.scope()).held();
            return other.logProb(place.value()).item();
        }
        for (FormulaText.Density density : text.densities()) {
            FormulaScope scope = bound(density.arguments(), place);
            if (scope != null && density.meaning().holds(scope)) {
                double p = density.meaning().at(scope).number();
                return density.isLog() ? p : Math.log(p);
            }
        }
        throw new AssertionError("no statement holds at " + place);
    }

    /// The scope with the value under the names of the arguments; null where an argument is another number.
    private static @Nullable FormulaScope bound(List<String> arguments, Place place) {
        if (arguments.size() == 1) {
            String name = arguments.getFirst();
            boolean literal = name.matches("[0-9]+");
            boolean same = literal && place.value().item() == Double.parseDouble(name);
            return !literal ? place.scope().with(name, matrix(place.value())) : same ? place.scope() : null;
        }
        FormulaScope scope = place.scope();
        for (int i = 0; i < arguments.size(); i++) {
            scope = scope.with(arguments.get(i), place.value().get(i).item());
        }
        return scope;
    }

    // ---- moments

    @ParameterizedTest
    @MethodSource("families")
    void theMomentsAreTheFormulas(Distribution d) throws IOException {
        FamilyComment comment = FamilyComment.of(SOURCES, name(d));
        FormulaText density = formula(comment);
        String fact = comment.fact("moments").replaceFirst("^(circular ones|none): ", "").replaceFirst("\\. [A-Z].*", "");
        FormulaText moments = FormulaText.of(List.of(fact));
        var known = new HashMap<>(density.definitions());
        known.putAll(moments.definitions());
        var closed = DistributionOracleTest.Closed.of(d);
        boolean general = known.containsKey("E xⁿ");
        boolean mean = closed.mean() && (general || known.containsKey("mean"));
        boolean variance = closed.variance() && (general || known.containsKey("variance"));
        boolean complete = moments.rest().isEmpty() && mean == closed.mean() && variance == closed.variance();
        boolean inWords = MOMENTS_IN_WORDS.containsKey(name(d)) || REFERENCE.matcher(fact).lookingAt() || !(closed.mean() || closed.variance());
        assertThat(complete || inWords).as("moments in words: " + comment.fact("moments")).isTrue();
        assertThat(complete && MOMENTS_IN_WORDS.containsKey(name(d))).as("listed as words, but readable").isFalse();
        double digits = fact.contains("…") ? 1e-9 : 1e-10;
        for (Place place : places(d, new FormulaText(density.densities(), known, density.rest()))) {
            FormulaScope scope = place.scope().with("x", matrix(place.value()));
            if (mean) {
                compare("mean", moment(scope, known, "mean"), place.of(d.mean()), digits);
            }
            if (variance) {
                compare("variance", moment(scope, known, "variance"), place.of(d.variance()), digits);
            }
        }
    }

    /// A fact that refers to another family, whose own formula is checked.
    private static final Pattern REFERENCE = Pattern.compile("those of (`[A-Z]|the base|the marginal)");

    private static void compare(String what, double[] got, NDArray want, double digits) {
        double[] w = want.toDoubleArray();
        assertThat(got.length == w.length || got.length == 1).as(what + " has the shape of the event").isTrue();
        for (int i = 0; i < w.length; i++) {
            double g = got[got.length == 1 ? 0 : i];
            if (Double.compare(g, w[i]) != 0) {
                assertThat(g).as(what).isCloseTo(w[i], within(digits * Math.max(1, Math.abs(w[i]))));
            }
        }
    }

    private static double[] moment(FormulaScope scope, Map<String, Definition> known, String name) {
        Definition general = known.get("E xⁿ");
        if (general != null) {
            double mean = general.meaning().at(scope.with("n", 1)).number();
            double square = general.meaning().at(scope.with("n", 2)).number();
            return new double[] {name.equals("mean") ? mean : Double.isInfinite(square) ? square : square - mean * mean};
        }
        Definition d = Objects.requireNonNull(known.get(name));
        if (d.parameters().size() == 2) {
            int n = (int) scope.number("rows");
            int m = (int) scope.number("columns");
            return IntStream.range(0, n * m)
                    .mapToDouble(i -> d.meaning().at(scope.with("i", i / m + 1).with("j", i % m + 1)).number())
                    .toArray();
        }
        if (d.parameters().size() == 1) {
            return IntStream.range(0, (int) scope.number("rows")).mapToDouble(i -> d.meaning().at(scope.with("i", i + 1)).number()).toArray();
        }
        return Arrays.stream(d.meaning().at(scope).rows()).flatMapToDouble(Arrays::stream).toArray();
    }

    // ---- values and parameters

    /// One element of the batch and one value.
    record Place(Distribution d, int element, NDArray value, double logProb, FormulaScope scope) {
        /// That element of a result of shape `batch + event`.
        NDArray of(NDArray all) {
            return all.reshape(Shape.of(Math.max(1, d.batchShape().size())).then(d.eventShape())).get(element);
        }

        @Override
        public String toString() {
            return value + " of " + d;
        }
    }

    static List<Place> places(Distribution d, FormulaText text) {
        NDArray all = values(d);
        NDArray logProb = d.logProb(all);
        int batch = Math.max(1, d.batchShape().size());
        NDArray flat = all.reshape(Shape.of(POINTS * batch).then(d.eventShape()));
        double[] p = logProb.toDoubleArray();
        return IntStream.range(0, POINTS * batch)
                .mapToObj(i -> new Place(d, i % batch, flat.get(i), p[i], scope(d, text, i % batch)))
                .toList();
    }

    private static NDArray values(Distribution d) {
        Shape shape = Shape.of(POINTS).then(d.batchShape()).then(d.eventShape());
        if (d instanceof IntervalCensoredDistribution) {
            NDArray ends = NDArray.of(new double[][] {{-1, 2}, {0.5, 0.5}, {1, 1.5}, {-3, -2}});
            return Np.broadcastTo(Np.expandDims(ends, 1), shape);
        }
        return d instanceof ImproperUniform ? Np.full(shape, 0.5) : d.sample(KEY, Shape.of(POINTS));
    }

    private static Matrix matrix(NDArray x) {
        double[] flat = x.toDoubleArray();
        if (x.rank() != 2) {
            return x.rank() == 0 ? Matrix.of(flat[0]) : Matrix.of(flat);
        }
        int n = x.size(0);
        return Matrix.of(IntStream.range(0, n).mapToObj(i -> x.get(i).toDoubleArray()).toArray(double[][]::new));
    }

    /// The parameters by their names: numbers of this element of the batch, or arrays of a distribution without one; bases as functions;
    /// and what the sentence below the formula explains.
    static FormulaScope scope(Distribution d, FormulaText text, int element) {
        Map<String, Matrix> values = new HashMap<>();
        Map<String, Function> functions = new HashMap<>();
        int origin = 1;
        for (RecordComponent c : d.getClass().getRecordComponents()) {
            Object part = component(d, c);
            if (part instanceof NDArray a) {
                boolean single = d.batchShape().size() == 1 && d.batchShape().rank() == 0;
                NDArray one = single ? a : Np.broadcastTo(a, d.batchShape()).reshape(-1).get(element);
                values.put(c.getName(), matrix(one));
            } else if (part instanceof Integer i) {
                values.put(c.getName(), Matrix.of(i));
            } else if (part instanceof Distribution base) {
                values.put(c.getName(), Matrix.holding(base));
                functions.put("p_base", (_, x) -> Math.exp(at(d, base.logProb(argument(base, x)), element)));
                functions.put("P_base", (_, x) -> base.isDiscrete() ? Math.exp(at(d, base.logProb(x.getFirst().number()), element)) : 0);
                functions.put("F", (_, x) -> at(d, base.cdf(NDArray.as(x.getFirst().number())), element));
            }
        }
        Shape event = d.eventShape();
        values.put("rows", Matrix.of(event.rank() == 0 ? 1 : event.dim(0)));
        values.put("columns", Matrix.of(event.rank() < 2 ? 1 : event.dim(1)));
        switch (d) {
            case CAR car -> {
                NDArray w = car.adjMatrix();
                values.put("n", Matrix.of(w.size(0)));
                values.put("D", matrix(Np.diag(w.sum(-1))));
            }
            case CirculantNormal c -> {
                int n = event.dim(0);
                values.put("n", Matrix.of(n));
                values.put("λ", Matrix.of(IntStream.range(0, n).mapToDouble(k -> c.covarianceRfft().get(Math.min(k, n - k)).item()).toArray()));
                origin = 0;
            }
            case Categorical c -> {
                values.put("k", Matrix.of(c.probs().size(-1)));
                origin = 0;
            }
            case CategoricalLogits c -> {
                values.put("k", Matrix.of(c.logits().size(-1)));
                origin = 0;
            }
            case OrderedLogistic o -> {
                values.put("m", Matrix.of(o.cutpoints().size(-1)));
                values.put("c", matrix(Np.concatenate(List.of(o.cutpoints(), v(Double.POSITIVE_INFINITY)), 0)));
                origin = 0;
            }
            case EulerMaruyama e -> {
                origin = 0;
                functions.put("p_init", (_, x) -> Math.exp(e.initDist().logProb(x.getFirst().number()).item()));
                functions.put("f", (_, x) -> drift(NDArray.as(x.get(0).number()), NDArray.as(x.get(1).number())).drift().item());
                functions.put("g", (_, x) -> drift(NDArray.as(x.get(0).number()), NDArray.as(x.get(1).number())).diffusion().item());
            }
            case GaussianCopula c -> {
                functions.put("p", (i, x) -> Math.exp(c.marginalDist().logProb(x.getFirst().number()).get(index(i)).item()));
                functions.put("F", (i, x) -> c.marginalDist().cdf(NDArray.as(x.getFirst().number())).get(index(i)).item());
            }
            case Independent i -> functions.put("p", (at, x) -> Math.exp(i.baseDist().logProb(x.getFirst().number()).get(index(at)).item()));
            case MixtureSameFamily m -> {
                NDArray w = m.mixingDistribution().enumerateSupport(false);
                values.put("w", matrix(Np.exp(m.mixingDistribution().logProb(w))));
                functions.put("p", (j, x) -> Math.exp(m.componentDistribution().logProb(x.getFirst().number()).get(index(j)).item()));
                values.put("m", matrix(m.componentDistribution().mean()));
                values.put("v", matrix(m.componentDistribution().variance()));
            }
            case MixtureGeneral m -> {
                NDArray w = m.mixingDistribution().enumerateSupport(false);
                values.put("w", matrix(Np.exp(m.mixingDistribution().logProb(w))));
                functions.put("p", (j, x) -> Math.exp(m.componentDistributions().get(index(j)).logProb(x.getFirst().number()).item()));
                values.put("m", matrix(Np.stack(m.componentDistributions().stream().map(Distribution::mean).toList(), 0)));
                values.put("v", matrix(Np.stack(m.componentDistributions().stream().map(Distribution::variance).toList(), 0)));
            }
            case MatrixNormal _ -> {
                values.put("n", Matrix.of(event.dim(0)));
                values.put("p", Matrix.of(event.dim(1)));
            }
            case MultivariateNormal _, LowRankMultivariateNormal _, MultivariateStudentT _, ProjectedNormal _ ->
                values.put("n", Matrix.of(event.dim(0)));
            case WishartFamily w -> {
                values.put("p", Matrix.of(event.dim(0)));
                functions.put("p_Wishart", (_, x) -> Math.exp(new Wishart(w.concentration(), w.scaleTril()).logProb(array(x)).item()));
                functions.put("p_InverseWishart", (_, x) -> Math.exp(new InverseWishart(w.concentration(), w.scaleTril()).logProb(array(x)).item()));
            }
            case SineSkewed s -> values.put("loc", matrix(s.baseDist().mean()));
            case ZeroSumNormal _ -> values.put("n", Matrix.of(Arrays.stream(event.dims()).asDoubleStream().toArray()));
            default -> {}
        }
        bases(d, values, element);
        return new FormulaScope(values, functions, text.definitions(), origin);
    }

    /// Mean and variance of a base, where it has them.
    private static void bases(Distribution d, Map<String, Matrix> values, int element) {
        Matrix held = values.get("baseDist");
        if (held != null && held.held() instanceof Distribution base && base.eventShape().rank() == 0 && d.eventShape().rank() == 0) {
            var closed = DistributionOracleTest.Closed.of(base);
            if (closed.mean() && closed.variance()) {
                values.put("m", Matrix.of(at(d, base.mean(), element)));
                values.put("v", Matrix.of(at(d, base.variance(), element)));
            }
        }
    }

    private static int index(List<Matrix> subscripts) {
        return (int) subscripts.getFirst().number() - 1;
    }

    private static NDArray array(List<Matrix> x) {
        return NDArray.of(x.getFirst().rows());
    }

    private static NDArray argument(Distribution base, List<Matrix> x) {
        Matrix m = x.getFirst();
        return base.eventShape().rank() == 0 ? NDArray.as(m.number()) : NDArray.of(Arrays.stream(m.rows()).mapToDouble(r -> r[0]).toArray());
    }

    /// An element of a result of the base, which broadcasts with the batch.
    private static double at(Distribution d, NDArray x, int element) {
        return Np.broadcastTo(x, d.batchShape()).reshape(-1).get(element).item();
    }

    static Object component(Distribution d, RecordComponent c) {
        try {
            return c.getAccessor().invoke(d);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(c.getName(), e);
        }
    }
}
