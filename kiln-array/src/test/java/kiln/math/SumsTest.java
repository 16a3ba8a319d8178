package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The order of summation, restated here in its most literal form, and its rounding error.
class SumsTest {
    private static double tree(double[] a) {
        return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
    }

    private static double[] random(int n, long seed) {
        return new SplittableRandom(seed).doubles(n, -1, 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 479, 480, 481, 959, 960, 1000, 5000})
    void sumFollowsTheContract(int n) {
        double[] x = random(n + 11, n);
        double[] lanes = new double[480];
        for (int i = 0; i < n; i++) {
            lanes[i % 480] += x[5 + i];
        }
        double[] a = new double[8];
        for (int i = 0; i < Math.min(n, 480); i++) {
            a[i % 8] += lanes[i];
        }
        assertThat(Sums.sum(x, 5, n)).isEqualTo(tree(a));
        assertThat(Sums.fold(lanes, 0, Math.min(n, 480))).isEqualTo(tree(a));
        assertThat(Sums.blocks(n)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"47999, 1, 48000", "48000, 2, 24000", "48001, 2, 24480", "95999, 2, 48000", "96000, 4, 24000", "100000, 4, 25440",
            "192001, 8, 24480", "768000, 32, 24000", "3000001, 32, 94080"})
    void longSumsHaveBlocks(int n, int blocks, int length) {
        assertThat(Sums.blocks(n)).isEqualTo(blocks);
        assertThat(Sums.blockLength(n)).isEqualTo(length);
        assertThat((blocks - 1) * length).isLessThan(n);
        assertThat(blocks * length).isGreaterThanOrEqualTo(n);
        double[] x = random(n + 11, n);
        double[] total = new double[480];
        for (int b = 0; b < blocks; b++) {
            double[] lanes = new double[480];
            for (int i = b * length; i < Math.min(n, (b + 1) * length); i++) {
                lanes[i % 480] += x[5 + i];
            }
            for (int i = 0; i < 480; i++) {
                total[i] += lanes[i];
            }
        }
        double[] a = new double[8];
        for (int i = 0; i < 480; i++) {
            a[i % 8] += total[i];
        }
        assertThat(Sums.sum(x, 5, n)).isEqualTo(tree(a));
    }

    /// The bound is what makes the last block of the most blocks non-empty.
    @Test
    void noBlockIsEmpty() {
        for (int n = 1; n < 2_000_000; n += 7) {
            assertThat((Sums.blocks(n) - 1) * Sums.blockLength(n)).isLessThan(n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 100, 1003})
    void dotFollowsTheContract(int n) {
        double[] x = random(n + 3, 1);
        double[] y = random(n + 6, 2);
        double[] a = new double[8];
        for (int i = 0; i < n; i++) {
            a[i % 8] = Math.fma(x[3 + i], y[6 + i], a[i % 8]);
        }
        assertThat(Sums.dot(x, 3, y, 6, n)).isEqualTo(tree(a));
    }

    @Test
    void negativeZerosSumToPositiveZero() {
        double[] x = new double[1000];
        Arrays.fill(x, -0.0);
        assertThat(Double.doubleToRawLongBits(Sums.sum(x, 0, 1000))).isZero();
        assertThat(Double.doubleToRawLongBits(Sums.sum(x, 0, 3))).isZero();
    }

    @Test
    void infinitiesAndNaNPassThrough() {
        double[] x = {1, Double.POSITIVE_INFINITY, 2};
        assertThat(Sums.sum(x, 0, 3)).isEqualTo(Double.POSITIVE_INFINITY);
        x[0] = Double.NEGATIVE_INFINITY;
        assertThat(Sums.sum(x, 0, 3)).isNaN();
    }

    @Test
    void integersSumExactly() {
        double[] x = new double[100_000];
        Arrays.setAll(x, i -> i);
        assertThat(Sums.sum(x, 0, x.length)).isEqualTo(4_999_950_000.0);
    }
}
