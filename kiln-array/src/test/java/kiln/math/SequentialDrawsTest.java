package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import kiln.math.Threefry.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The draws of fast keys: the published generator by its known answers, the draws by their distributions, keys by their independence.
///
/// Each comparison would fail for a correct sampler under another key with a probability below 10⁻⁶ (5 standard deviations).
class SequentialDrawsTest {
    private static final int N = 10_000_000;
    private static final double LIMIT = 5;

    /// Where the rectangles of the ziggurat end; and half of what lies beyond, by mpmath.
    private static final double TAIL = 4.0244420039704765;

    private static final double TAIL_MEDIAN = 4.1846921419888561;

    /// The first outputs for the state 1, 2, 3, 4, from the reference C code (they stand in the tests of Rust's `rand_xoshiro`).
    @Test
    void theGeneratorGivesItsKnownAnswers() {
        var generator = new Xoshiro(1, 2, 3, 4);
        for (String want : new String[] {
            "41943041", "58720359", "3588806011781223", "3591011842654386", "9228616714210784205", "9973669472204895162",
            "14011001112246962877", "12406186145184390807", "15849039046786891736", "10450023813501588000"
        }) {
            assertThat(Long.toUnsignedString(generator.nextLong())).isEqualTo(want);
        }
    }

    /// Words of arrays are those of 256 generators in turn, each of which is the JDK's generator of that name from the same state.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 600, 2000})
    void wordsAreThoseOfTheJdksGenerators(int n) {
        long key = Threefry.foldIn(Threefry.key(5), 3);
        int lanes = Math.min(n, 256);
        long[] words = Threefry.bits64(key, Layout.SEQUENTIAL, n);
        int[] halves = Threefry.bits32(key, Layout.SEQUENTIAL, n);
        for (int lane = 0; lane < lanes; lane++) {
            ByteBuffer state = ByteBuffer.allocate(32);
            for (int w = 0; w < 4; w++) {
                state.putLong(Threefry.block(key, 0x5EED0000 + w, lane));
            }
            var jdk = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(state.array());
            for (int i = lane; i < n; i += lanes) {
                long want = jdk.nextLong();
                assertThat(words[i]).as("word %d of %d", i, n).isEqualTo(want);
                assertThat(halves[i]).isEqualTo((int) (want >>> 32));
            }
        }
    }

    /// The rectangles have equal areas and lie below the density, and no further one has room.
    @Test
    void theRectanglesHaveEqualAreas() {
        double[] edge = Ziggurat.edges();
        double area = Math.sqrt(Math.PI / 2) / 1024;
        double bottom = 0;
        for (int k = 0; k < edge.length; k++) {
            double top = Math.exp(-0.5 * edge[k] * edge[k]);
            // Two heights, each an ulp from the right one here and there: 2 · 2 · 2⁻⁵³ times a width of about 1.
            assertThat(edge[k] * (top - bottom)).as("rectangle %d", k).isCloseTo(area, within(4.5e-16));
            bottom = top;
        }
        // By mpmath with 40 digits.
        assertThat(edge).hasSize(1021);
        assertThat(edge[0]).isCloseTo(4.0244420039704765, within(2e-15));
        assertThat(edge[1020]).isCloseTo(0.17030914885188200, within(1e-13));
        double highest = bottom;
        assertThat(IntStream.range(0, 1000).mapToDouble(i -> i * 1e-3).map(x -> x * (Math.exp(-0.5 * x * x) - highest)))
                .allMatch(room -> room < area);
    }

    /// What the rectangles leave, which is 0.3 % of all draws, by the halves of each of its 1022 pieces.
    @Test
    void drawsBesideTheRectanglesFit() {
        double[] edge = Arrays.copyOf(Ziggurat.edges(), Ziggurat.RECTANGLES + 1);
        int n = 4_000_000;
        var source = new Xoshiro(1, 2, 3, 4);
        double[] counts = new double[2 * edge.length];
        int negative = 0;
        for (int i = 0; i < n; i++) {
            double x = Ziggurat.rest(source.nextLong(), source);
            negative += x < 0 ? 1 : 0;
            double size = Math.abs(x);
            int k = 0;
            for (int step = 512; step > 0; step /= 2) {
                k += k + step <= Ziggurat.RECTANGLES && size < edge[k + step - 1] ? step : 0;
            }
            counts[2 * k + (size < (k == 0 ? TAIL_MEDIAN : 0.5 * (edge[k - 1] + edge[k])) ? 0 : 1)]++;
        }
        double area = 3 * Math.sqrt(Math.PI / 2) / 1024;
        double chi2 = 0;
        for (int k = 0; k < edge.length; k++) {
            double from = edge[k];
            double to = k == 0 ? 40 : edge[k - 1];
            double middle = k == 0 ? TAIL_MEDIAN : 0.5 * (from + to);
            double bottom = k == 0 ? 0 : Math.exp(-0.5 * to * to);
            for (int half = 0; half < 2; half++) {
                double left = half == 0 ? from : middle;
                double right = half == 0 ? middle : to;
                double mass = Math.sqrt(2 * Math.PI) * (Erf.ndtr(-left) - Erf.ndtr(-right)) - bottom * (right - left);
                double expected = n * mass / area;
                chi2 += (counts[2 * k + half] - expected) * (counts[2 * k + half] - expected) / expected;
            }
        }
        assertThat(normal(chi2, 2 * edge.length - 1)).isLessThan(LIMIT);
        assertThat((negative - 0.5 * n) / Math.sqrt(0.25 * n)).isBetween(-LIMIT, LIMIT);
    }

    /// Pearson's statistic of 10⁷ draws in a thousand cells of equal probability, as a normal number by Wilson and Hilferty's cube root.
    private static double fit(double[] draws, DoubleUnaryOperator cdf) {
        int cells = 1000;
        int[] counts = new int[cells];
        for (double x : draws) {
            counts[Math.min(cells - 1, (int) (cells * cdf.applyAsDouble(x)))]++;
        }
        double expected = (double) draws.length / cells;
        return normal(Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum(), cells - 1);
    }

    private static double normal(double chi2, double dof) {
        return (Math.cbrt(chi2 / dof) - (1 - 2 / (9 * dof))) / Math.sqrt(2 / (9 * dof));
    }

    @Test
    void tenMillionNormalDrawsFit() {
        double[] z = Samplers.normal(Threefry.key(1), Layout.SEQUENTIAL, N);
        assertThat(fit(z, Erf::ndtr)).isLessThan(LIMIT);
        double[] moments = new double[5];
        for (double x : z) {
            double power = 1;
            for (int k = 1; k <= 4; k++) {
                power *= x;
                moments[k] += power / N;
            }
        }
        double unit = LIMIT / Math.sqrt(N);
        assertThat(moments[1]).isBetween(-unit, unit);
        assertThat(moments[2] - 1).isBetween(-unit * Math.sqrt(2), unit * Math.sqrt(2));
        assertThat(moments[3]).isBetween(-unit * Math.sqrt(15), unit * Math.sqrt(15));
        assertThat(moments[4] - 3).isBetween(-unit * Math.sqrt(96), unit * Math.sqrt(96));
        // Beyond the rectangles the tail has its own algorithm.
        double beyond = N * 2 * Erf.ndtr(-TAIL);
        double[] tail = Arrays.stream(z).map(Math::abs).filter(x -> x > TAIL).toArray();
        assertThat((tail.length - beyond) / Math.sqrt(beyond)).isBetween(-LIMIT, LIMIT);
        int cells = 10;
        int[] counts = new int[cells];
        for (double x : tail) {
            counts[(int) (cells * Erf.ndtr(-x) / Erf.ndtr(-TAIL))]++;
        }
        double expected = (double) tail.length / cells;
        assertThat(normal(Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum(), cells - 1))
                .isLessThan(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2.5, 40})
    void gammaDrawsFit(double a) {
        double[] draws = new double[1_000_000];
        Samplers.gamma(Threefry.key(2), Layout.SEQUENTIAL, new double[] {a}, false, draws, 0, draws.length);
        assertThat(fit(draws, x -> GammaInc.gammainc(a, x))).isLessThan(LIMIT);
        double[] one = new double[5000];
        double[] each = new double[one.length];
        Samplers.gamma(Threefry.key(2), Layout.SEQUENTIAL, new double[] {a}, false, one, 0, one.length);
        double[] shapes = one.clone();
        Arrays.fill(shapes, a);
        Samplers.gamma(Threefry.key(2), Layout.SEQUENTIAL, shapes, false, each, 0, each.length);
        assertThat(each).isEqualTo(one);
        double[] logs = new double[draws.length];
        Samplers.gamma(Threefry.key(2), Layout.SEQUENTIAL, new double[] {a}, true, logs, 0, logs.length);
        for (int i = 0; i < logs.length; i += 997) {
            assertThat(Math.exp(logs[i])).isCloseTo(draws[i], within(1e-12 * draws[i]));
        }
    }

    /// A shape that changes from draw to draw gives the distribution of each.
    @Test
    void gammaDrawsOfManyShapesFit() {
        double[] shapes = IntStream.range(0, 1_000_000).mapToDouble(i -> 0.2 + i % 7).toArray();
        double[] draws = new double[shapes.length];
        Samplers.gamma(Threefry.key(3), Layout.SEQUENTIAL, shapes, false, draws, 0, draws.length);
        double[] u = IntStream.range(0, draws.length).mapToDouble(i -> GammaInc.gammainc(shapes[i], draws[i])).toArray();
        assertThat(fit(u, x -> x)).isLessThan(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.7, 4.7, 9.99, 10, 35, 1000})
    void poissonDrawsFit(double rate) {
        int n = 1_000_000;
        long[] draws = Samplers.sequentialPoisson(Threefry.key(4), new double[] {rate}, n);
        int top = (int) (rate + 20 * Math.sqrt(rate) + 20);
        int[] counts = new int[top];
        for (long k : draws) {
            counts[(int) k]++;
        }
        double chi2 = 0;
        int cells = 0;
        double restSeen = n;
        double rest = n;
        for (int k = 0; k < top; k++) {
            double expected = n * Math.exp(k * Math.log(rate) - rate - Gamma.lgamma(k + 1.0));
            if (expected > 10) {
                chi2 += (counts[k] - expected) * (counts[k] - expected) / expected;
                cells++;
                restSeen -= counts[k];
                rest -= expected;
            }
        }
        chi2 += (restSeen - rest) * (restSeen - rest) / Math.max(rest, 1);
        assertThat(normal(chi2, cells)).isLessThan(LIMIT);
    }

    @Test
    void poissonEdges() {
        double[] rates = {0, Double.NaN, Double.POSITIVE_INFINITY, 50, 0.5, 1e9};
        long[] draws = Samplers.sequentialPoisson(Threefry.key(1), rates, rates.length);
        assertThat(draws[0]).isZero();
        assertThat(draws[1]).isEqualTo(-1);
        assertThat(draws[2]).isEqualTo(Integer.MAX_VALUE);
        assertThat(draws[3]).isBetween(10L, 110L);
        assertThat(draws[4]).isBetween(0L, 10L);
        assertThat(draws[5] - 1e9).isBetween(-2e5, 2e5);
    }

    /// Correlations of 10⁵ normal draws of keys that are related: split, folded, of neighbouring seeds; and of neighbouring draws of one key.
    @Test
    void relatedKeysAreNotCorrelated() {
        int n = 100_000;
        long root = Threefry.key(9);
        long[] split = Threefry.split(root, Layout.SEQUENTIAL, 12);
        long[] keys = new long[37];
        for (int i = 0; i < 12; i++) {
            keys[i] = split[i];
            keys[12 + i] = Threefry.foldIn(root, i);
            keys[24 + i] = Threefry.key(i);
        }
        keys[36] = root;
        double[][] draws = Arrays.stream(Arrays.stream(keys).distinct().toArray())
                .mapToObj(k -> Samplers.normal(k, Layout.SEQUENTIAL, n))
                .toArray(double[][]::new);
        for (int a = 0; a < draws.length; a++) {
            for (int b = 0; b < a; b++) {
                assertThat(correlation(draws[a], draws[b], 0)).as("keys %d and %d", a, b).isBetween(-LIMIT, LIMIT);
            }
            for (int lag : new int[] {1, 2, 255, 256, 257, 512}) {
                assertThat(correlation(draws[a], draws[a], lag)).as("key %d, lag %d", a, lag).isBetween(-LIMIT, LIMIT);
            }
        }
    }

    private static double correlation(double[] x, double[] y, int lag) {
        int n = x.length - lag;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i] * y[i + lag];
        }
        return sum / Math.sqrt(n);
    }
}
