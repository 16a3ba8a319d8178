package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.LKJCholesky.SampleMethod;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Options that change how a distribution computes, but not what.
class OptionsTest {
    private static final PRNGKey KEY = PRNGKey.key(5);

    /// Both samplers of correlation matrices: every correlation has a beta distribution on (−1, 1) with both parameters η + d/2 − 1
    /// (Lewandowski, Kurowicka and Joe 2009, sec. 1), by Kolmogorov's test with 20,000 draws; false alarms 1e-6 each, 24 of them.
    @ParameterizedTest
    @EnumSource(SampleMethod.class)
    void correlationsHaveTheirBetaMarginals(SampleMethod method) {
        int draws = 20_000;
        for (int d : new int[] {2, 4}) {
            NDArray eta = NDArray.of(0.6, 3.5);
            NDArray r = new LKJ(d, eta).sampleMethod(method).sample(KEY, Shape.of(draws));
            for (int batch = 0; batch < 2; batch++) {
                double b = eta.get(batch).item() + d / 2.0 - 1;
                for (int i = 1; i < d; i++) {
                    for (int j = 0; j < i; j++) {
                        NDArray one = r.get(Index.ALL, Index.at(batch), Index.at(i), Index.at(j));
                        uniform(new Beta(b, b).cdf(one.plus(1).div(2)));
                    }
                }
            }
        }
    }

    private static void uniform(NDArray u) {
        double[] x = u.toDoubleArray();
        Arrays.sort(x);
        double distance = 0;
        for (int i = 0; i < x.length; i++) {
            distance = Math.max(distance, Math.max((i + 1.0) / x.length - x[i], x[i] - (double) i / x.length));
        }
        assertThat(distance * Math.sqrt(x.length)).isLessThan(Math.sqrt(Math.log(2 / 1e-6) / 2));
    }

    /// The determinant is a product of independent beta variables, so the mean of its logarithm is known; five standard errors.
    @ParameterizedTest
    @EnumSource(SampleMethod.class)
    void determinantsHaveTheirMean(SampleMethod method) {
        int d = 4;
        double eta = 1.3;
        NDArray l = new LKJCholesky(d, eta).sampleMethod(method).sample(KEY, Shape.of(20_000));
        assertThat(Np.all(new LKJCholesky(d, eta).support().check(l)).isTrue()).isTrue();
        NDArray log = Np.log(Np.diagonal(l)).sum(-1).times(2);
        double want = 0;
        for (int k = 1; k < d; k++) {
            NDArray b = NDArray.as(eta + (d - 1 - k) / 2.0);
            want += Np.digamma(b).minus(Np.digamma(b.plus(k / 2.0))).item();
        }
        double error = Np.std(log).item() / Math.sqrt(20_000);
        assertThat(log.mean().item()).isCloseTo(want, within(5 * error));
    }

    @Test
    void sparseCountsHaveTheSameDensity() {
        NDArray rate = NDArray.of(new double[][] {{0.3, 2, 0}, {5, 0.01, 1}});
        var dense = new Poisson(rate);
        var sparse = dense.isSparse(true);
        NDArray one = NDArray.of(0L, 3, 0);
        NDArray two = NDArray.of(new long[] {0, 0, 0, 7, 0, 0}).reshape(2, 3);
        for (NDArray k : List.of(one, two, NDArray.of(new long[6]).reshape(2, 3), NDArray.as(0))) {
            assertThat(sparse.logProb(k).toDoubleArray()).containsExactly(dense.logProb(k).toDoubleArray(), within(1e-15));
            assertThat(sparse.logProb(k).shape()).isEqualTo(dense.logProb(k).shape());
        }
        Function<NDArray, NDArray> f = r -> new Poisson(r.plus(0.1)).isSparse(true).logProb(two).sum();
        Function<NDArray, NDArray> g = r -> new Poisson(r.plus(0.1)).logProb(two).sum();
        assertThat(Functions.jit(Functions.grad(f)).apply(rate).toDoubleArray())
                .containsExactly(Functions.grad(g).apply(rate).toDoubleArray(), within(1e-14));
        assertThat(sparse.logProb(NDArray.of(0, -1, 0.5)).toDoubleArray()[1]).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void sparseNeighboursHaveTheSameDensity() {
        NDArray path = NDArray.of(new double[][] {{0, 1, 0, 0}, {1, 0, 1, 1}, {0, 1, 0, 0}, {0, 1, 0, 0}});
        var dense = new CAR(NDArray.of(0, 1, 2, 0.5), NDArray.of(0.5, -0.3), NDArray.as(2), path, false);
        NDArray x = KEY.normal(Shape.of(5, 2, 4));
        assertThat(dense.isSparse(true).logProb(x).toDoubleArray()).containsExactly(dense.logProb(x).toDoubleArray(), within(1e-13));
        assertThat(dense.isSparse(true).sample(KEY).toDoubleArray()).containsExactly(dense.sample(KEY).toDoubleArray());
    }

    /// With a largest number the draws can be compiled, and are the same numbers.
    @Test
    void aTracedNumberOfTrialsNeedsALargest() {
        NDArray probs = NDArray.of(new double[][] {{0.1, 0.2, 0.7}, {0.25, 0.25, 0.5}});
        NDArray n = NDArray.of(4L, 7);
        for (Function<NDArray, Distribution> make : List.<Function<NDArray, Distribution>>of(
                count -> new Multinomial(count, probs).totalCountMax(9),
                count -> new MultinomialLogits(count, Np.log(probs)).totalCountMax(9),
                count -> new DirichletMultinomial(count, probs.times(5)).totalCountMax(9))) {
            NDArray eager = make.apply(n).sample(KEY, Shape.of(3));
            NDArray compiled = Functions.jit((NDArray count) -> make.apply(count).sample(KEY, Shape.of(3))).apply(n);
            assertThat(compiled.toDoubleArray()).containsExactly(eager.toDoubleArray());
            assertThat(compiled.sum(-1).toDoubleArray()).containsExactly(4, 7, 4, 7, 4, 7);
            assertThat(compiled.dtype()).isEqualTo(eager.dtype());
        }
        assertThat(new Multinomial(n, probs).totalCountMax(7).sample(KEY).toDoubleArray())
                .containsExactly(new Multinomial(n, probs).sample(KEY).toDoubleArray());
        assertThatThrownBy(() -> Functions.jit((NDArray count) -> new Multinomial(count, probs).sample(KEY)).apply(n))
                .hasMessageContaining("Multinomial: the number of draws is not known while a function is traced.")
                .hasMessageContaining("Fix:      say how many trials to make: d.totalCountMax(100).");
        assertThatThrownBy(() -> new Multinomial(n, probs).totalCountMax(5))
                .hasMessageContaining("Multinomial: totalCount must be ≤ totalCountMax.")
                .hasMessageContaining("totalCount up to 7, totalCountMax 5");
    }
}
