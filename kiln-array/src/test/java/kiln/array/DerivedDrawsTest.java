package kiln.array;

import static kiln.array.Np.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Goodness of fit of 20,000 draws each; a correct sampler fails a test of these for one seed in a million.
class DerivedDrawsTest {
    private static final int N = 20_000;
    private static final Shape DRAWS = Shape.of(N);
    private static final double FALSE_ALARM = 1e-6;

    private static Arguments continuous(String name, Function<PRNGKey, NDArray> draws, UnaryOperator<NDArray> cdf) {
        return Arguments.of(name, draws, cdf);
    }

    static Stream<Arguments> continuous() {
        return Stream.of(
                continuous("beta", k -> k.beta(scalar(0.7), scalar(2.5), DRAWS), x -> betainc(0.7, 2.5, x)),
                continuous("dirichlet", k -> k.dirichlet(array(1, 2, 3.5), DRAWS).get(Index.ALL, Index.at(1)), x -> betainc(2, 4.5, x)),
                continuous("chisquare", k -> k.chisquare(scalar(3.5), DRAWS), x -> gammainc(1.75, x.div(2))),
                continuous("f", k -> k.f(scalar(3.0), scalar(7.0), DRAWS), x -> betainc(1.5, 3.5, x.times(3).div(x.times(3).plus(7)))),
                continuous("t", k -> k.t(scalar(3.0), DRAWS), x -> {
                    NDArray tail = betainc(1.5, 0.5, reciprocal(square(x).div(3).plus(1))).times(0.5);
                    return where(x.lt(0), tail, tail.unaryMinus().plus(1));
                }),
                continuous("multivariateNormal", k -> k.multivariateNormal(array(1, -1), array(new double[][] {{4, 1}, {1, 2}}), DRAWS).sum(-1),
                        x -> ndtr(x.div(Math.sqrt(8)))),
                continuous("truncatedNormal", k -> k.truncatedNormal(-0.5, 2, DRAWS),
                        x -> ndtr(x).minus(ndtr(-0.5)).div(ndtr(2).minus(ndtr(-0.5)))),
                continuous("maxwell", k -> k.maxwell(DRAWS), x -> gammainc(1.5, square(x).div(2))),
                continuous("weibullMin", k -> k.weibullMin(2, 1.7, DRAWS), x -> expm1(pow(x.div(2), 1.7).unaryMinus()).unaryMinus()),
                continuous("pareto", k -> k.pareto(2.5, DRAWS), x -> pow(x, -2.5).unaryMinus().plus(1)),
                continuous("rayleigh", k -> k.rayleigh(3, DRAWS), x -> expm1(square(x).div(-18)).unaryMinus()),
                continuous("wald", k -> k.wald(1.5, DRAWS), x -> {
                    NDArray root = reciprocal(sqrt(x));
                    NDArray r = x.div(1.5);
                    return ndtr(root.times(r.minus(1))).plus(exp(2 / 1.5).times(ndtr(root.times(r.plus(1)).unaryMinus())));
                }),
                continuous("triangular", k -> k.triangular(-1, 0.5, 2, DRAWS),
                        x -> where(x.lt(0.5), square(x.plus(1)).div(4.5), square(x.minus(2)).div(-4.5).plus(1))),
                continuous("lognormal", k -> k.lognormal(0.7, DRAWS), x -> ndtr(log(x).div(0.7))),
                continuous("doubleSidedMaxwell", k -> k.doubleSidedMaxwell(1, 2, DRAWS),
                        x -> sign(x.minus(1)).times(gammainc(1.5, square(x.minus(1)).div(8))).plus(1).div(2)),
                continuous("generalizedNormal", k -> k.generalizedNormal(3, DRAWS),
                        x -> sign(x).times(gammainc(1 / 3.0, pow(abs(x), 3))).plus(1).div(2)),
                continuous("uniform between arrays", k -> k.uniform(DRAWS, scalar(-1.0), scalar(4.0)), x -> x.plus(1).div(5)),
                continuous("truncatedNormal between arrays", k -> k.truncatedNormal(scalar(-0.5), scalar(2.0), DRAWS),
                        x -> ndtr(x).minus(ndtr(-0.5)).div(ndtr(2).minus(ndtr(-0.5)))),
                // A component of a uniform point on the sphere in three dimensions is uniform on [−1, 1].
                continuous("orthogonal, an element", k -> k.orthogonal(3, DRAWS).get(Index.DOTS, Index.at(2), Index.at(0)),
                        x -> x.plus(1).div(2)),
                continuous("orthogonal, another", k -> k.orthogonal(3, DRAWS).get(Index.DOTS, Index.at(0), Index.at(0)),
                        x -> x.plus(1).div(2)),
                continuous("ball of the sum of absolute values", k -> k.ball(2, 1, DRAWS).get(Index.ALL, Index.at(0)),
                        x -> sign(x).times(subtract(1, square(subtract(1, abs(x))))).plus(1).div(2)),
                continuous("ball, by radius", k -> sqrt(square(k.ball(3, DRAWS)).sum(-1)), x -> pow(x, 3)),
                continuous("ball, by height", k -> k.ball(3, DRAWS).get(Index.ALL, Index.at(2)),
                        x -> x.times(3).minus(pow(x, 3)).plus(2).div(4)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("continuous")
    void kolmogorovSmirnov(String name, Function<PRNGKey, NDArray> draws, UnaryOperator<NDArray> cdf) {
        NDArray x = sort(draws.apply(PRNGKey.key(7)), 0);
        NDArray steps = arange(N).div(N);
        double distance = Math.max(
                cdf.apply(x).minus(steps).max().item(), steps.plus(1.0 / N).minus(cdf.apply(x)).max().item());
        assertThat(distance).as(name).isLessThan(Math.sqrt(Math.log(2 / FALSE_ALARM) / (2 * N)));
    }

    private static Arguments discrete(String name, Function<PRNGKey, NDArray> draws, double... probabilities) {
        return Arguments.of(name, draws, probabilities);
    }

    static Stream<Arguments> discrete() {
        return Stream.of(
                discrete("rademacher", k -> k.rademacher(DRAWS).plus(1), 0.5, 0, 0.5),
                discrete("randint", k -> k.randint(DRAWS, -1, 3, DType.INT32).astype(DType.INT64).plus(1), 0.25, 0.25, 0.25, 0.25),
                discrete("bit 17 of 32", k -> bitwiseAnd(rightShift(k.bits(DRAWS), 17), 1).astype(DType.INT64), 0.5, 0.5),
                discrete("bit 60 of 64", k -> bitwiseAnd(rightShift(k.bits(DRAWS, DType.INT64), 60), 1), 0.5, 0.5),
                discrete("determinant of orthogonal", k -> Linalg.det(k.orthogonal(2, DRAWS)).gt(0).astype(DType.INT64), 0.5, 0.5),
                discrete("geometric", k -> minimum(k.geometric(0.4, DRAWS), 5), 0, 0.4, 0.24, 0.144, 0.0864, 0.1296),
                discrete("binomial", k -> k.binomial(NDArray.of(4L).reshape(), scalar(0.3), DRAWS), 0.2401, 0.4116, 0.2646, 0.0756, 0.0081),
                discrete("choice", k -> k.choice(4, DRAWS, true), 0.25, 0.25, 0.25, 0.25),
                discrete("choice by weights", k -> k.choice(array(1, 0, 3, 4), DRAWS, true), 0.125, 0, 0.375, 0.5),
                // The first of two without replacement, then the second: P(j second) = Σᵢ pᵢ pⱼ / (1 − pᵢ).
                discrete("choice by weights without replacement",
                        k -> secondOfTwo(k, array(0.5, 0.3, 0.2)), 0.5 * 0.3 / 0.7 + 0.5 * 0.2 / 0.8, 0.3 * 0.5 / 0.5 + 0.3 * 0.2 / 0.8, 0.2 * 0.5 / 0.5 + 0.2 * 0.3 / 0.7),
                discrete("choice without replacement", k -> each(k, one -> one.choice(3, Shape.of(2), false).get(1)), 1 / 3.0, 1 / 3.0, 1 / 3.0),
                discrete("permutation", k -> each(k, one -> one.permutation(NDArray.of(0L, 1, 2), 0).get(0)), 1 / 3.0, 1 / 3.0, 1 / 3.0));
    }

    private static NDArray each(PRNGKey key, Function<PRNGKey, NDArray> draw) {
        return NDArray.of(Arrays.stream(key.split(N)).mapToLong(one -> draw.apply(one).longValue()).toArray());
    }

    private static NDArray secondOfTwo(PRNGKey key, NDArray p) {
        return each(key, one -> one.choice(p, Shape.of(2), false).get(1));
    }

    /// Every count lies within 5.3 standard deviations: a normal deviate does not in one case of ten million.
    @ParameterizedTest(name = "{0}")
    @MethodSource("discrete")
    void counts(String name, Function<PRNGKey, NDArray> draws, double[] p) {
        NDArray x = draws.apply(PRNGKey.key(11));
        assertThat(x.dtype()).as(name).isEqualTo(DType.INT64);
        double[] counts = bincount(x, ones(1), p.length).toDoubleArray();
        for (int k = 0; k < p.length; k++) {
            assertThat(Math.abs(counts[k] - N * p[k])).as(name + " " + k).isLessThanOrEqualTo(5.3 * Math.sqrt(N * p[k] * (1 - p[k])));
        }
    }

    @Test
    void shapesAndBounds() {
        PRNGKey key = PRNGKey.key(3);
        assertThat(key.dirichlet(ones(4), Shape.of(2, 3)).shape()).isEqualTo(Shape.of(2, 3, 4));
        assertThat(key.ball(2, Shape.SCALAR).shape()).isEqualTo(Shape.of(2));
        assertThat(sort(key.choice(9, Shape.of(3, 3), false).reshape(-1), 0).toLongArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(key.bits(Shape.of(3)).dtype()).isEqualTo(DType.INT32);
        NDArray q = key.orthogonal(4, Shape.of(2));
        assertThat(abs(matrixTranspose(q).matmul(q).minus(eye(4))).max().item()).isLessThan(1e-14);
        NDArray rows = arange(12).reshape(4, 3);
        assertThat(sort(key.permutation(rows, 0), 0).toLongArray()).isEqualTo(rows.toLongArray());
        assertThat(DType.withDefault(DType.FLOAT32, () -> key.t(scalar(3.0), Shape.of(2))).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void badInputIsNamed() {
        PRNGKey key = PRNGKey.key(3);
        assertThatThrownBy(() -> key.choice(3, Shape.of(4), false))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("choice: there are not enough to choose from without replacement.")
                .hasMessageContaining("Expected: at most 3 draws");
        assertThatThrownBy(() -> key.choice(array(1, -1), Shape.of(1), true))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("choice: these are no weights to choose by.");
        assertThatThrownBy(() -> key.randint(Shape.SCALAR, 0, 1L << 31, DType.INT32))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("randint: the interval does not consist of numbers of the element type.")
                .hasMessageContaining("Got:      [0, 2147483648) of int32");
        assertThatThrownBy(() -> key.bits(Shape.SCALAR, DType.FLOAT32))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("bits: only integers hold random bits.")
                .hasMessageContaining("Got:      float32");
        assertThatThrownBy(() -> key.truncatedNormal(1, 1, Shape.SCALAR))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("Got:      1.0 and 1.0");
        assertThatThrownBy(() -> key.triangular(0, 3, 2, Shape.SCALAR))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("triangular: the corners are not in order.");
    }
}
