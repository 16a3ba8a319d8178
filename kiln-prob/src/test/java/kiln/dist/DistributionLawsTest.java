package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Row;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every distribution: shapes, wrappers, bijections of supports, and that the transforms of functions change nothing.
class DistributionLawsTest {
    private static final PRNGKey KEY = PRNGKey.key(20);

    static List<Row> rows() {
        return DistributionCases.ROWS;
    }

    static List<Row> withQuantiles() {
        return CaseCheck.QUANTILES.rows();
    }

    static List<Row> withBijection() {
        return CaseCheck.BIJECTION.rows();
    }

    private static NDArray values(Row row, Shape sample) {
        return CaseCheck.values(row, KEY, sample);
    }

    private static void same(NDArray got, NDArray want, double tolerance) {
        assertThat(got.shape()).isEqualTo(want.shape());
        double[] g = got.toDoubleArray();
        double[] w = want.toDoubleArray();
        for (int i = 0; i < w.length; i++) {
            if (Double.compare(g[i], w[i]) != 0) {
                assertThat(g[i]).isCloseTo(w[i], within(tolerance * Math.max(1, Math.abs(w[i]))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shapesAreSampleThenBatchThenEvent(Row row) {
        Distribution d = row.example();
        for (Shape s : List.of(Shape.SCALAR, Shape.of(2), Shape.of(2, 3))) {
            NDArray x = values(row, s);
            assertThat(x.shape()).isEqualTo(s.then(d.batchShape()).then(d.eventShape()));
            assertThat(d.logProb(x).shape()).isEqualTo(s.then(d.batchShape()));
            assertThat(d.logProb(x).toDoubleArray()).doesNotContain(Double.NaN, Double.NEGATIVE_INFINITY);
            assertThat(Np.all(d.support().check(x)).isTrue()).isTrue();
        }
        var closed = DistributionOracleTest.Closed.of(d);
        Shape one = d.batchShape().then(d.eventShape());
        if (closed.mean()) {
            assertThat(d.mean().shape()).isEqualTo(one);
        }
        if (closed.variance()) {
            assertThat(d.variance().shape()).isEqualTo(one);
        }
        if (closed.entropy()) {
            assertThat(d.entropy().shape()).isEqualTo(d.batchShape());
        }
    }

    /// The quantile of `q` is where the distribution function reaches `q`, and of a count the first place where it does.
    @ParameterizedTest
    @MethodSource("withQuantiles")
    void quantilesInvertTheDistributionFunction(Row row) {
        Distribution d = row.example();
        var closed = DistributionOracleTest.Closed.of(d);
        assertThat(closed.icdf()).as("what has a distribution function has quantiles").isEqualTo(closed.cdf());
        for (double q : new double[] {1e-9, 0.01, 0.2, 0.5, 0.73, 0.99, 1 - 1e-7}) {
            NDArray x = d.icdf(NDArray.as(q));
            assertThat(x.shape()).isEqualTo(d.batchShape());
            NDArray ulp = Np.abs(x).times(1e-15).plus(1e-300);
            double[] reached = d.cdf(d.isDiscrete() ? x : x.plus(ulp)).toDoubleArray();
            double[] before = d.cdf(x.minus(d.isDiscrete() ? NDArray.as(1.0) : ulp)).toDoubleArray();
            for (int i = 0; i < reached.length; i++) {
                assertThat(reached[i]).as("cdf(icdf(%s))", q).isGreaterThanOrEqualTo(q - (d.isDiscrete() ? 0 : 1e-12));
                assertThat(before[i]).as("cdf just below icdf(%s)", q).isLessThan(q + (d.isDiscrete() ? 0 : 1e-12));
            }
        }
        if (d.isDiscrete() && row.draws()) {
            NDArray k = values(row, Shape.of(50));
            NDArray back = d.icdf(d.cdf(k));
            // Where the next count does not change the sum any more, the first one with this sum is the answer.
            same(Np.where(d.cdf(k.minus(1)).lt(d.cdf(k)), back, k.astype(back.dtype())), k.astype(back.dtype()), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void enumeratedValuesHaveMassOne(Row row) {
        Distribution d = row.example();
        if (d.hasEnumerateSupport()) {
            NDArray all = d.enumerateSupport(true);
            same(Np.exp(d.logProb(all)).sum(0), Np.full(d.batchShape(), 1), 1e-12);
            NDArray thin = d.enumerateSupport(false);
            assertThat(thin.shape().slice(0, 1)).isEqualTo(all.shape().slice(0, 1));
            assertThat(thin.size()).isEqualTo(all.size(0));
            same(d.logProb(thin), d.logProb(all), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void expandRepeatsTheDensity(Row row) {
        Distribution d = row.example();
        Distribution e = d.expandBy(4);
        NDArray x = values(row, Shape.of(4));
        assertThat(e.batchShape()).isEqualTo(Shape.of(4).then(d.batchShape()));
        assertThat(e.eventShape()).isEqualTo(d.eventShape());
        same(e.logProb(x), d.logProb(x), 0);
        assertThat(d.expand(d.batchShape()).batchShape()).isEqualTo(d.batchShape());
        if (row.draws()) {
            // Copies are independent draws: the same as further samples.
            same(e.sample(KEY), d.sample(KEY, Shape.of(4)), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void toEventAddsTheDensities(Row row) {
        Distribution d = row.example();
        Distribution e = d.toEvent();
        NDArray x = values(row, Shape.of(2));
        assertThat(e.batchShape()).isEqualTo(Shape.SCALAR);
        assertThat(e.eventShape()).isEqualTo(d.batchShape().then(d.eventShape()));
        same(e.logProb(x), Density.sumRightmost(d.logProb(x), d.batchShape().rank()), 0);
        assertThat(e.support().eventDim()).isEqualTo(d.support().eventDim() + d.batchShape().rank());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void maskSwitchesElementsOff(Row row) {
        Distribution d = row.example();
        NDArray x = values(row, Shape.SCALAR);
        NDArray on = Np.arange(Math.max(1, d.batchShape().size())).rem(2).eq(0).reshape(d.batchShape());
        same(d.mask(on).logProb(x), Np.where(on, d.logProb(x), 0.0), 0);
        same(d.mask(false).logProb(x), Np.full(d.batchShape(), 0), 0);
        assertThat(d.mask(true)).isSameAs(d);
    }

    @ParameterizedTest
    @MethodSource("withBijection")
    void theBijectionOfTheSupportComesBack(Row row) {
        Transform t = row.example().support().bijection();
        NDArray x = values(row, Shape.of(5));
        same(t.call(t.inverse(x)), x, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void transformsOfFunctionsChangeNothing(Row row) {
        Distribution d = row.example();
        NDArray x = values(row, Shape.of(3));
        Function<NDArray, NDArray> density = d::logProb;
        same(Functions.jit(density).apply(x), d.logProb(x), 1e-13);
        same(Functions.vmap(density).apply(x), Np.stack(Stream.of(0, 1, 2).map(i -> d.logProb(x.get(i))).toList(), 0), 1e-13);
        same(Validation.without(() -> Functions.jit(density).apply(x)), d.logProb(x), 1e-13);
        if (!Pytree.leaves(d).isEmpty()) {
            // The distribution itself is the argument: its parameters are traced.
            same(Functions.jit((Distribution p) -> p.logProb(x)).apply(d), d.logProb(x), 1e-13);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void outsideTheSupportTheDensityIsZeroForTracedValuesToo(Row row) {
        Distribution d = row.example();
        NDArray inside = values(row, Shape.SCALAR);
        if (d.support().isUnconstrained() || inside.size() == 0) {
            return;
        }
        NDArray low = inside.times(0.0).minus(1e9).plus(0.5);
        NDArray x = Np.any(d.support().check(low)).isTrue() ? low.unaryMinus() : low;
        assertThat(d.logProb(x).toDoubleArray()).containsOnly(Double.NEGATIVE_INFINITY);
        same(Functions.jit((NDArray p) -> d.logProb(p)).apply(x), d.logProb(x), 0);
    }

    /// At temperature 1 the density of a relaxed Bernoulli variable at 0 and 1 is e^−logits and e^logits, and not 0 times infinity.
    @Test
    void aRelaxedBernoulliOfTemperatureOneIsFiniteAtTheEnds() {
        same(new RelaxedBernoulliLogits(1, 0.7).logProb(NDArray.of(0.0, 1)), NDArray.of(-0.7, 0.7), 1e-14);
    }

    /// Far tails and ends of the support: a density is never NaN there, and neither is its derivative by the value or a parameter, whatever
    /// a `where` inside has switched off. (At an end the derivative may be infinite, as the limit is.)
    @ParameterizedTest
    @MethodSource("rows")
    void farOutAndAtTheEndsNothingIsNaN(Row row) {
        Distribution d = row.example();
        for (NDArray x : extremes(d, row)) {
            assertThat(d.logProb(x).toDoubleArray()).as("log density at %s", x).doesNotContain(Double.NaN);
            if (!d.isDiscrete()) {
                assertThat(Functions.grad((NDArray v) -> d.logProb(v).sum()).apply(x).toDoubleArray())
                        .as("derivative at %s", x)
                        .doesNotContain(Double.NaN);
            }
            if (Pytree.leaves(d).stream().allMatch(p -> p.dtype().isFloating())) {
                Distribution slope = Functions.grad((Distribution p) -> p.logProb(x).sum()).apply(d);
                for (NDArray part : Pytree.leaves(slope)) {
                    assertThat(part.toDoubleArray()).as("derivative by a parameter at %s", x).doesNotContain(Double.NaN);
                }
            }
        }
    }

    /// Values far out and at the ends: numbers, or what the bijection of the support makes of numbers far out; all counts in one place.
    private static List<NDArray> extremes(Distribution d, Row row) {
        Shape shape = d.batchShape().then(d.eventShape());
        if (d.isDiscrete() && d.eventShape().rank() > 0) {
            NDArray x = values(row, Shape.SCALAR);
            NDArray first = Np.arange(d.eventShape().size()).eq(0).reshape(d.eventShape());
            return List.of(x, Np.where(first, Np.expandDims(x.sum(-1), -1), 0));
        }
        if (d.isDiscrete()) {
            return DoubleStream.of(0, 1, 2, 5, 60, 1e6, 1e15).mapToObj(p -> Np.full(shape, p)).toList();
        }
        double[] far = {0, 1, -1, 2, 5, -5, 9, Math.PI, -Math.PI, 0.5, 1 - 0x1p-53, 1e-12, 1e-300, 40, -40, 1e5, -1e5, 1e150, -1e150};
        if (d.eventShape().rank() == 0) {
            return DoubleStream.of(far).mapToObj(p -> Np.full(shape, p)).toList();
        }
        if (d.eventShape().size() == 0 || d.support().equals(Constraints.sphere)) {
            return List.of(values(row, Shape.SCALAR));
        }
        Transform t = d.support().bijection();
        Shape free = t.inverseShape(shape);
        NDArray signs = Np.where(Np.arange(free.size()).rem(2).eq(0), 1.0, -1.0).reshape(free);
        return DoubleStream.of(0, 1, -1, 5, -5, 40, -40)
                .boxed()
                .flatMap(p -> Stream.of(t.call(Np.full(free, p)), t.call(signs.times(p))))
                .filter(x -> !Np.any(Np.isnan(x)).isTrue())
                .toList();
    }
}
