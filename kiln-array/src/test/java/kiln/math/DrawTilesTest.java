package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import kiln.math.Threefry.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Draws made tile by tile have the bits of the block function and of the quantile, one number at a time.
class DrawTilesTest {
    private static final long KEY = 0x9E3779B97F4A7C15L;

    @ParameterizedTest
    @EnumSource(names = {"PARTITIONABLE", "ORIGINAL"})
    void wordsOfWholeArraysAreThoseOfTheBlockFunction(Layout layout) {
        for (int n : new int[] {0, 1, 7, 479, 480, 481, 5000}) {
            long[] words = Threefry.bits64(KEY, layout, n);
            long[] keys = Threefry.split(KEY, layout, n);
            int[] halves = Threefry.bits32(KEY, Layout.PARTITIONABLE, n);
            for (int i = 0; i < n; i++) {
                long block = layout == Layout.PARTITIONABLE ? Threefry.block(KEY, 0, i) : Threefry.block(KEY, i, i + n);
                assertThat(words[i]).isEqualTo(block);
                assertThat(keys[i]).isEqualTo(Threefry.split(KEY, layout, n, i));
                long own = Threefry.block(KEY, 0, i);
                assertThat(halves[i]).isEqualTo((int) (own >>> 32) ^ (int) own);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PARTITIONABLE", "ORIGINAL"})
    void normalDrawsAreQuantilesOfUniformOnes(Layout layout) {
        for (int n : new int[] {1, 480, 100_001}) {
            double[] uniform = Samplers.uniform(KEY, layout, n, Math.nextUp(-1.0), 1);
            double[] normal = Samplers.normal(KEY, layout, n);
            for (int i = 0; i < n; i++) {
                assertThat(normal[i]).isEqualTo(Erf.sqrt2Erfinv(uniform[i]));
            }
        }
    }

    /// The ends, where the far formula holds.
    @Test
    void farTailsToo() {
        double[] x = {Math.nextUp(-1.0), Math.nextDown(1.0), 1 - 1e-14, -1 + 1e-12, 0, -0.0, 0.85, -0.85, Math.nextUp(0.85), 1e-300};
        double[] y = x.clone();
        QuantileTiles.sqrt2Erfinv(y);
        for (int i = 0; i < x.length; i++) {
            assertThat(y[i]).isEqualTo(Erf.sqrt2Erfinv(x[i]));
        }
    }
}
