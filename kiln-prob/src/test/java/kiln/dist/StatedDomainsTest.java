package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The supports and the domains of parameters that `docs/distributions.md` prints are those that the code keeps to: each is read from the
/// documentation comment, values on both sides are tried, and bad parameters are refused by their name.
class StatedDomainsTest {
    private static final Path SOURCES = Path.of("src/main/java/kiln/dist");
    private static final double INF = Double.POSITIVE_INFINITY;

    static List<Distribution> families() {
        return FormulaTest.families();
    }

    // ---- supports

    private static final Map<String, Constraint> SETS = Map.ofEntries(
            Map.entry("real vectors", Constraints.realVector),
            Map.entry("real matrices", Constraints.realMatrix),
            Map.entry("the simplex", Constraints.simplex),
            Map.entry("positive definite matrices", Constraints.positiveDefinite),
            Map.entry("correlation matrices", Constraints.corrMatrix),
            Map.entry("Cholesky factors of correlation matrices", Constraints.corrCholesky),
            Map.entry("lower triangular matrices with a positive diagonal", Constraints.lowerCholesky),
            Map.entry("vectors of length 1", Constraints.sphere),
            Map.entry("pairs of angles in [−π, π]", Constraints.independent(Constraints.circular, 1)),
            Map.entry("vectors of angles in [−π, π]", Constraints.independent(Constraints.circular, 1)),
            Map.entry("vectors of numbers in [0, 1]", Constraints.independent(Constraints.unitInterval, 1)),
            Map.entry("vectors of k counts with sum totalCount", Constraints.multinomial(NDArray.as(9))));

    /// Families whose support is that of another one, or a set in words.
    private static final List<String> SUPPORT_IN_WORDS = List.of(
            "Delta", "Expanded", "GaussianCopula", "HurdleLogits", "HurdleProbs", "ImproperUniform", "Independent",
            "IntervalCensoredDistribution", "LeftCensoredDistribution", "Masked", "MixtureGeneral", "MixtureSameFamily",
            "RightCensoredDistribution", "TransformedDistribution", "Unit", "ZeroInflatedLogits", "ZeroInflatedProbs", "ZeroSumNormal");

    @ParameterizedTest
    @MethodSource("families")
    void theSupportIsTheStatedSet(Distribution d) throws IOException {
        FamilyComment comment = FamilyComment.of(SOURCES, FormulaTest.name(d));
        String text = comment.fact("support");
        Constraint set = SETS.get(text);
        if (set != null) {
            assertThat(d.support().toString()).isEqualTo(set.toString());
            return;
        }
        FormulaText formula = FormulaTest.formula(comment);
        Interval range = interval(text, FormulaTest.scope(d, formula, 0));
        assertThat(range == null).as("support in words: " + text).isEqualTo(SUPPORT_IN_WORDS.contains(FormulaTest.name(d)));
        if (range != null) {
            for (double x : range.probes()) {
                NDArray at = Np.full(d.batchShape(), x);
                boolean inside = range.contains(x);
                assertThat(Np.broadcastTo(d.support().check(at), d.batchShape()).reshape(-1).get(0).isTrue()).as("%s in %s", x, text).isEqualTo(inside);
                double logProb = d.logProb(at).reshape(-1).get(0).item();
                // At an end that the support leaves out the density is its limit, see SupportEndsTest.
                boolean atEnd = x == range.low() || x == range.high();
                assertThat(inside || atEnd || Double.isNaN(x) || logProb == -INF).as("density %s at %s", logProb, x).isTrue();
            }
        }
    }

    /// A set of numbers.
    ///
    /// @param whole whether only integers
    record Interval(double low, boolean withLow, double high, boolean withHigh, boolean whole) {
        boolean contains(double x) {
            boolean above = withLow ? x >= low : x > low;
            return above && (withHigh ? x <= high : x < high) && (!whole || x == Math.rint(x)) && Double.isFinite(x);
        }

        double[] probes() {
            DoubleStream ends = DoubleStream.of(low, high).filter(Double::isFinite).flatMap(e -> DoubleStream.of(e - 1, e - 0.25, e, e + 0.25, e + 1));
            return DoubleStream.concat(ends, DoubleStream.of(-1e6, -3, -0.5, 0, 0.5, 1, 2, 3, 1e6, Double.NaN)).toArray();
        }
    }

    private static @Nullable Interval interval(String text, FormulaScope scope) {
        Matcher numbers = Pattern.compile("numbers ([>≥≤]) (.*)").matcher(text);
        Matcher brackets = Pattern.compile("\\[(.*), (.*)\\]").matcher(text);
        Matcher integers = Pattern.compile("(.*?), .*…(?:, (.*))?").matcher(text);
        if (text.equals("the real line")) {
            return new Interval(-INF, false, INF, false, false);
        }
        if (text.equals("positive numbers")) {
            return new Interval(0, false, INF, false, false);
        }
        if (text.equals("{0, 1}")) {
            return new Interval(0, true, 1, true, true);
        }
        if (numbers.matches()) {
            double end = number(numbers.group(2), scope);
            return numbers.group(1).equals("≤")
                    ? new Interval(-INF, false, end, true, false)
                    : new Interval(end, numbers.group(1).equals("≥"), INF, false, false);
        }
        if (brackets.matches()) {
            return new Interval(number(brackets.group(1), scope), true, number(brackets.group(2), scope), true, false);
        }
        if (integers.matches()) {
            double high = integers.group(2) == null ? INF : number(integers.group(2), scope);
            return new Interval(number(integers.group(1), scope), true, high, true, true);
        }
        return null;
    }

    private static double number(String text, FormulaScope scope) {
        return Formula.expression(text).at(scope).number();
    }

    // ---- parameters

    /// Parameters of which any value is allowed.
    static final List<String> FREE = List.of("Delta.logDensity", "Delta.v", "Masked.mask", "Unit.logFactor");

    @ParameterizedTest
    @MethodSource("families")
    void whatLiesOutsideTheStatedDomainIsRefused(Distribution d) throws IOException {
        FamilyComment comment = FamilyComment.of(SOURCES, FormulaTest.name(d));
        FormulaScope scope = FormulaTest.scope(d, FormulaTest.formula(comment), 0);
        for (RecordComponent c : d.getClass().getRecordComponents()) {
            if (c.getType() != NDArray.class) {
                continue;
            }
            String text = Objects.requireNonNull(comment.parameters().get(c.getName()), c.getName());
            NDArray good = (NDArray) FormulaTest.component(d, c);
            List<NDArray> bad = bad(text, good, scope);
            assertThat(bad.isEmpty()).as("%s: no readable domain in: %s", c.getName(), text).isEqualTo(FREE.contains(FormulaTest.name(d) + "." + c.getName()));
            for (NDArray x : bad) {
                assertThatThrownBy(() -> with(d, c.getName(), x))
                        .as("%s = %s", c.getName(), x)
                        .isInstanceOf(DomainException.class)
                        .hasMessageContaining(c.getName());
            }
        }
    }

    static Distribution with(Distribution d, String name, NDArray value) throws Throwable {
        RecordComponent[] parts = d.getClass().getRecordComponents();
        Object[] values = Arrays.stream(parts).map(c -> c.getName().equals(name) ? value : FormulaTest.component(d, c)).toArray();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (Distribution) d.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static final Map<String, UnaryOperator<NDArray>> SPOILED = new HashMap<>();

    static {
        SPOILED.put("lower triangular with a positive diagonal", x -> x.times(-1));
        SPOILED.put("Cholesky factor of a correlation matrix", x -> x.times(2));
        SPOILED.put("sum 1 along the last axis", x -> x.times(0.9));
        SPOILED.put("strictly increasing", x -> x.times(-1));
        SPOILED.put("absolute sum ≤ 1", x -> Np.full(x.shape(), 0.9));
        SPOILED.put("whether", x -> Np.full(x.shape(), 2));
        SPOILED.put("symmetric, 1 ", x -> Np.tril(x, 0));
    }

    /// Values outside the domain that the text states, of the shape of the good ones.
    private static List<NDArray> bad(String text, NDArray good, FormulaScope scope) {
        List<NDArray> out = new ArrayList<>();
        SPOILED.forEach((words, spoil) -> {
            if (text.contains(words)) {
                out.add(spoil.apply(good));
            }
        });
        DoubleStream numbers = Stream.of(text.split("; ", -1)).flatMapToDouble(clause -> outside(clause, scope));
        if (!good.dtype().isFloating()) {
            numbers = numbers.filter(x -> !Double.isNaN(x));
        }
        numbers.forEach(x -> out.add(Np.full(good.shape(), x)));
        return out;
    }

    private static DoubleStream outside(String clause, FormulaScope scope) {
        Matcher bound = Pattern.compile("(integer )?([>≥<]) ([^,]*?)(?: if .*|, sum .*|, not .*)?").matcher(clause.replace("`", ""));
        Matcher range = Pattern.compile("in ([(\\[])(.*), (.*)([)\\]])").matcher(clause);
        if (range.matches()) {
            double low = number(range.group(2), scope);
            double high = number(range.group(3), scope);
            DoubleStream open = DoubleStream.concat(range.group(1).equals("(") ? DoubleStream.of(low) : DoubleStream.empty(),
                    range.group(4).equals(")") ? DoubleStream.of(high) : DoubleStream.empty());
            return DoubleStream.concat(open, DoubleStream.of(low - 0.5, high + 0.5, Double.NaN));
        }
        if (bound.matches()) {
            double end = number(bound.group(3), scope);
            double step = bound.group(2).equals("<") ? 0.5 : -0.5;
            DoubleStream more = bound.group(2).equals("≥") ? DoubleStream.of(end - 1) : DoubleStream.of(end, end + step);
            return DoubleStream.concat(more, bound.group(1) == null ? DoubleStream.of(Double.NaN) : DoubleStream.of(0.5));
        }
        return clause.matches("(any )?finite( values?| angle)?(, .*)?") ? DoubleStream.of(Double.NaN, INF) : clause.equals("integer") ? DoubleStream.of(0.5) : DoubleStream.empty();
    }
}
