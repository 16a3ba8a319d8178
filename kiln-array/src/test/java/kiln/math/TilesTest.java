package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The contract of [Tiles]: the same bits as the scalar functions, for every length, in place or not, on any values.
class TilesTest {
    private interface Tile {
        void apply(double[] x, double[] y, int n);
    }

    private record Pair(DoubleUnaryOperator scalar, Tile tile) {}

    private static final Map<String, Pair> FUNCTIONS = new TreeMap<>();

    static {
        FUNCTIONS.put("exp", new Pair(Elementary::exp, Tiles::exp));
        FUNCTIONS.put("expm1", new Pair(Elementary::expm1, Tiles::expm1));
        FUNCTIONS.put("log", new Pair(Elementary::log, Tiles::log));
        FUNCTIONS.put("log1p", new Pair(Elementary::log1p, Tiles::log1p));
        FUNCTIONS.put("sigmoid", new Pair(Elementary::sigmoid, Tiles::sigmoid));
        FUNCTIONS.put("softplus", new Pair(Elementary::softplus, Tiles::softplus));
        FUNCTIONS.put("logSigmoid", new Pair(Elementary::logSigmoid, Tiles::logSigmoid));
        FUNCTIONS.put("tanh", new Pair(Elementary::tanh, Tiles::tanh));
        FUNCTIONS.put("sqrt", new Pair(Math::sqrt, Tiles::sqrt));
        FUNCTIONS.put("log1mexp", new Pair(Elementary::log1mexp, Tiles::log1mexp));
        FUNCTIONS.put("sin", new Pair(Elementary::sin, Tiles::sin));
        FUNCTIONS.put("cos", new Pair(Elementary::cos, Tiles::cos));
        FUNCTIONS.put("lgamma", new Pair(Gamma::lgamma, Tiles::lgamma));
        FUNCTIONS.put("digamma", new Pair(Gamma::digamma, Tiles::digamma));
        FUNCTIONS.put("trigamma", new Pair(Gamma::trigamma, Tiles::trigamma));
        FUNCTIONS.put("erf", new Pair(Erf::erf, Tiles::erf));
        FUNCTIONS.put("erfc", new Pair(Erf::erfc, Tiles::erfc));
        FUNCTIONS.put("erfcx", new Pair(Erf::erfcx, Tiles::erfcx));
        FUNCTIONS.put("ndtr", new Pair(Erf::ndtr, Tiles::ndtr));
        FUNCTIONS.put("logNdtr", new Pair(Erf::logNdtr, Tiles::logNdtr));
        FUNCTIONS.put("logNdtrDerivative", new Pair(Erf::logNdtrDerivative, Tiles::logNdtrDerivative));
    }

    private interface TwoTiles {
        void apply(double[] x, double[] y, double[] z, int n);
    }

    /// A call with two results, and the functions that they are.
    private record Both(DoubleUnaryOperator first, DoubleUnaryOperator second, TwoTiles tile) {}

    private static final Map<String, Both> PAIRS = new TreeMap<>(Map.of(
            "softplusSigmoid", new Both(Elementary::softplus, Elementary::sigmoid, Tiles::softplusSigmoid),
            "lgammaDigamma", new Both(Gamma::lgamma, Gamma::digamma, Tiles::lgammaDigamma),
            "logNdtrAndDerivative", new Both(Erf::logNdtr, Erf::logNdtrDerivative, Tiles::logNdtrAndDerivative)));

    private static final double[] SPECIAL = {
        0.0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE,
        Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE, 707.4, 708, 708.1, 709.7, 709.79, -707.4, -708, -708.1, -745.1, -745.2,
        0x1p-53 - 1, -0.9999999, 1e-300, -1e-300, 1e-17, -1e-17, 350, 350.1, -350, -350.1, 0x1p999, 0x1p1000, 1e20, 1.5, 2, 8, 0.5, 2.5,
        Math.nextDown(2.5), Math.nextDown(2.0), 26, 26.1, 37, 37.1, 38, 39.1, -26.1, -37.1, -39.1, -1e20, -1.1e20, 1e100, 1.1e100,
        1e155, 1e300, 1.1e300, 1e306, -1e-301, -0.5, -0.6931471805599453, -700.1, 1e6, 1.1e6, Math.PI, Math.PI / 2
    };

    @TestFactory
    Stream<DynamicTest> sameBitsAsScalar() {
        return FUNCTIONS.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> forEachInput((x, n) -> check(e.getValue(), x, n))));
    }

    @TestFactory
    Stream<DynamicTest> bothResultsHaveTheBitsOfTheScalars() {
        return PAIRS.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> forEachInput((x, n) -> checkBoth(e.getValue(), x, n))));
    }

    private interface Input {
        void check(double[] x, int n);
    }

    private static void forEachInput(Input input) {
        SplittableRandom random = new SplittableRandom(20260101);
        int[] lengths = {0, 1, 7, 64, 479, 480, 481, 1000, 4800};
        for (int round = 0; round < 270; round++) {
            int n = lengths[round % lengths.length];
            double[] x = new double[n + 3];
            double scale = round % 3 == 0 ? 1 : round % 3 == 1 ? 30 : 700;
            for (int i = 0; i < x.length; i++) {
                x[i] = round % 10 == 9 ? Double.longBitsToDouble(random.nextLong()) : scale * (2 * random.nextDouble() - 1);
                x[i] = round % 2 == 0 ? Math.abs(x[i]) : x[i];
            }
            input.check(x, n);
        }
        for (double special : SPECIAL) {
            double[] x = new double[480];
            Arrays.setAll(x, i -> 0.25 + i * 1e-3);
            x[479] = special;
            input.check(x, 480);
        }
        for (double special : SPECIAL) {
            double[] x = new double[480];
            Arrays.setAll(x, i -> -0.25 - i * 1e-3);
            x[7] = special;
            input.check(x, 480);
        }
        input.check(SPECIAL, SPECIAL.length);
    }

    @Test
    void sameBitsAsScalarPowers() {
        SplittableRandom random = new SplittableRandom(20260101);
        for (int n : new int[] {0, 1, 7, 480, 481, 4800}) {
            double[] x = new double[n];
            double[] y = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = i % 97 == 5 ? SPECIAL[random.nextInt(SPECIAL.length)] : Math.abs(10 * random.nextDouble() - (n == 481 ? 1 : 0));
                y[i] = i % 101 == 6 ? SPECIAL[random.nextInt(SPECIAL.length)] : 400 * random.nextDouble() - 200;
            }
            double[] z = new double[n];
            Tiles.pow(x, y, z, n);
            for (int i = 0; i < n; i++) {
                assertThat(Double.valueOf(z[i])).as("%s^%s", x[i], y[i]).isEqualTo(Double.valueOf(Elementary.pow(x[i], y[i])));
            }
            double[] inPlace = y.clone();
            Tiles.pow(x, inPlace, inPlace, n);
            assertThat(inPlace).containsExactly(z);
        }
        for (double a : SPECIAL) {
            for (double b : SPECIAL) {
                double[] z = new double[1];
                Tiles.pow(new double[] {a}, new double[] {b}, z, 1);
                assertThat(Double.valueOf(z[0])).as("%s^%s", a, b).isEqualTo(Double.valueOf(Elementary.pow(a, b)));
            }
        }
    }

    private static void checkBoth(Both f, double[] x, int n) {
        double[] argument = x.clone();
        double[] y = new double[x.length];
        double[] z = new double[x.length];
        Arrays.fill(y, 123);
        Arrays.fill(z, 124);
        f.tile.apply(argument, y, z, n);
        assertThat(argument).containsExactly(x);
        assertBits(f.first, x, y, n, 123);
        assertBits(f.second, x, z, n, 124);
    }

    /// The first `n` elements are those of the scalar function, the others were not touched.
    private static void assertBits(DoubleUnaryOperator f, double[] x, double[] y, int n, double untouched) {
        for (int i = 0; i < y.length; i++) {
            double want = i < n ? f.applyAsDouble(x[i]) : untouched;
            if (Double.doubleToLongBits(y[i]) != Double.doubleToLongBits(want)) {
                assertThat(y[i]).as("element %d of %d, x = %s", i, n, x[i]).isEqualTo(want);
            }
        }
    }

    private static void check(Pair f, double[] x, int n) {
        double[] y = new double[x.length];
        Arrays.fill(y, 123);
        f.tile.apply(x, y, n);
        assertBits(f.scalar, x, y, n, 123);
        double[] inPlace = x.clone();
        f.tile.apply(inPlace, inPlace, n);
        double[] want = y.clone();
        System.arraycopy(x, n, want, n, x.length - n);
        assertThat(inPlace).containsExactly(want);
    }
}
