package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import kiln.math.Threefry.Layout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Draws that are made a tile at a time have the bits of the formula for one draw, applied to the words of the key.
class DrawTilesTest {
    private static final int[] LENGTHS = {0, 1, 7, 8, 255, 480, 481, 2000};
    private static final long KEY = Threefry.key(11);

    private static double[] doubles(Layout layout, int n, double min, DoubleUnaryOperator function) {
        return Arrays.stream(Threefry.bits64(KEY, layout, n))
                .mapToDouble(word -> (word >>> 12) * 0x1p-52)
                .map(f -> function.applyAsDouble(Math.max(min, f * (1 - min) + min)))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void float64(Layout layout) {
        for (int n : LENGTHS) {
            assertThat(Samplers.uniform(KEY, layout, n, 0, 1)).isEqualTo(doubles(layout, n, 0, u -> u));
            assertThat(Samplers.uniform(KEY, layout, n, -3, 1)).isEqualTo(doubles(layout, n, -3, u -> u));
            assertThat(StandardDraw.EXPONENTIAL.doubles(KEY, layout, n)).isEqualTo(doubles(layout, n, 0, u -> -Elementary.log1p(-u)));
            assertThat(StandardDraw.GUMBEL.doubles(KEY, layout, n))
                    .isEqualTo(doubles(layout, n, Double.MIN_NORMAL, u -> -Elementary.log(-Elementary.log(u))));
            assertThat(StandardDraw.LOGISTIC.doubles(KEY, layout, n)).isEqualTo(doubles(layout, n, Double.MIN_NORMAL, Elementary::logit));
            if (layout != Layout.SEQUENTIAL) {
                double least = Math.nextUp(-1.0);
                assertThat(Samplers.normal(KEY, layout, n)).isEqualTo(doubles(layout, n, least, Erf::sqrt2Erfinv));
                assertThat(Samplers.normal(KEY, layout, n, 2, 3)).isEqualTo(doubles(layout, n, least, u -> 2 + 3 * Erf.sqrt2Erfinv(u)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Layout.class, names = "SEQUENTIAL", mode = EnumSource.Mode.EXCLUDE)
    void float32(Layout layout) {
        // Long enough for the formula of the tails, which 3 of 1000 take.
        for (int n : new int[] {1, 7, 8, 480, 481, 20_000}) {
            float[] u = Samplers.uniformFloat(KEY, layout, n, Math.nextUp(-1f), 1);
            float[] z = Samplers.normalFloat(KEY, layout, n);
            float[] v = Samplers.uniformFloat(KEY, layout, n, 0, 1);
            float[] e = StandardDraw.EXPONENTIAL.floats(KEY, layout, n);
            for (int i = 0; i < n; i++) {
                assertThat(z[i]).isEqualTo(1.4142135f * Erf.erfinvFloat(u[i]));
                assertThat(e[i]).isEqualTo((float) -Elementary.log1p(-(double) v[i]));
            }
        }
    }
}
