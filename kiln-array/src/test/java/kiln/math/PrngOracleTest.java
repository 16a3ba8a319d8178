package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kiln.math.Threefry.Layout;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every record of prng.json, in both layouts.
///
/// Tolerances: `exact`; `f32` 2 ulp of float or 1e-6 relative (JAX's own log1p and erfinv are float functions);
/// `f64` 1e-13; `f32loose` 2e-5 and `f64loose` 1e-10 relative (chains of such functions), each with an absolute part for values near 0.
class PrngOracleTest {
    /// What is computed on arrays is held to its records by kiln.array.PRNGKeyTest, NumPyro's rule by kiln.dist.NumPyroDrawsTest.
    private static final Set<String> ON_ARRAYS = Set.of("bernoulli", "categorical", "numpyro_categorical_probs");

    @TestFactory
    Stream<DynamicTest> everyRecord() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode layouts = Oracles.read("prng.json").get("layouts");
        for (Layout layout : List.of(Layout.PARTITIONABLE, Layout.ORIGINAL)) {
            JsonNode records = layouts.get(layout == Layout.ORIGINAL ? "original" : "partitionable");
            assertThat(records.size()).isGreaterThan(300);
            for (JsonNode r : records) {
                if (ON_ARRAYS.contains(r.get("op").asText())) {
                    continue;
                }
                String name = layout + " " + r.get("op").asText() + " key " + r.get("key")
                        + (r.has("shape") ? " shape " + r.get("shape") : "") + (r.has("dtype") ? " " + r.get("dtype") : "");
                tests.add(DynamicTest.dynamicTest(name, () -> check(layout, r)));
            }
        }
        return tests.stream();
    }

    private static long key(JsonNode pair) {
        return pair.get(0).asLong() << 32 | pair.get(1).asLong();
    }

    private static void check(Layout layout, JsonNode r) {
        long key = key(r.get("key"));
        int n = 1;
        for (JsonNode d : r.path("shape")) {
            n *= d.asInt();
        }
        boolean isFloat = r.path("dtype").asText().equals("float32");
        JsonNode expected = r.get("expected");
        switch (r.get("op").asText()) {
            case "random_bits" -> assertThat(bits(layout, key, r.get("width").asInt(), n)).containsExactly(longs(expected));
            case "split" -> assertThat(Threefry.split(key, layout, n)).containsExactly(keys(expected));
            case "fold_in" -> assertThat(Threefry.foldIn(key, (int) r.get("data").asLong())).isEqualTo(key(expected));
            case "uniform" -> {
                double min = r.path("minval").asDouble(0);
                double max = r.path("maxval").asDouble(1);
                close(r, isFloat
                        ? widen(Samplers.uniformFloat(key, layout, n, (float) min, (float) max))
                        : Samplers.uniform(key, layout, n, min, max));
            }
            case "normal" -> close(r, isFloat
                    ? widen(Samplers.normalFloat(key, layout, n))
                    : Samplers.normal(key, layout, n));
            case "randint" -> randint(layout, key, n, r);
            case "permutation" -> assertThat(widen(Samplers.permutation(key, layout, r.get("n").asInt())))
                    .containsExactly(longs(expected));
            case "exponential", "gumbel", "laplace", "logistic", "cauchy" -> {
                var standard = StandardDraw.valueOf(r.get("op").asText().toUpperCase(Locale.ROOT));
                close(r, isFloat ? widen(standard.floats(key, layout, n)) : standard.doubles(key, layout, n));
            }
            case "gamma", "loggamma" -> gamma(layout, key, n, r, isFloat);
            case "poisson" -> {
                float[] rate = new float[n];
                Arrays.fill(rate, (float) r.get("rate").asDouble());
                assertThat(widen(Samplers.poisson(key, layout, rate))).containsExactly(longs(expected));
            }
            case "chain_split_then_normal" -> {
                assertThat(Threefry.key(r.get("seed").asLong())).isEqualTo(key);
                assertThat(Threefry.split(key, layout, 2, 0)).isEqualTo(key(r.get("next_key")));
                long sub = Threefry.split(key, layout, 2, 1);
                assertThat(sub).isEqualTo(key(r.get("subkey")));
                assertThat(bits(layout, sub, 32, n)).containsExactly(longs(r.get("bits")));
                close(doubles(r.get("expected_flat")), widen(Samplers.normalFloat(sub, layout, n)), "f32");
            }
            case "chain_split_walk" -> {
                long[] walk = keys(expected);
                for (int i = 0; i + 1 < walk.length; i++) {
                    assertThat(Threefry.split(walk[i], layout, 3, i % 3)).isEqualTo(walk[i + 1]);
                }
            }
            default -> throw new AssertionError("no test for " + r.get("op"));
        }
    }

    private static void randint(Layout layout, long key, int n, JsonNode r) {
        long min = r.get("minval").asLong();
        long max = r.get("maxval").asLong();
        long[] got = r.get("dtype").asText().equals("int32")
                ? widen(Samplers.randint32(key, layout, n, (int) min, (int) max))
                : Samplers.randint64(key, layout, n, min, max);
        assertThat(got).containsExactly(longs(r.get("expected")));
    }

    private static void gamma(Layout layout, long key, int n, JsonNode r, boolean isFloat) {
        double[] a = new double[n];
        Arrays.fill(a, r.get("concentration").asDouble());
        boolean isLog = r.get("op").asText().equals("loggamma");
        float[] single = new float[n];
        double[] wide = new double[n];
        Samplers.gamma(key, layout, narrow(a), isLog, single, 0, n);
        Samplers.gamma(key, layout, a, isLog, wide, 0, n);
        close(r, isFloat ? widen(single) : wide);
    }

    private static void close(JsonNode r, double[] got) {
        close(doubles(r.get("expected")), got, r.get("tol").asText());
    }

    private static void close(double[] want, double[] got, String tolerance) {
        assertThat(got).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            double size = Math.abs(want[i]);
            double allowed = switch (tolerance) {
                case "exact" -> 0;
                case "f32" -> Math.max(2 * Math.ulp((float) size), 1e-6 * size);
                case "f64" -> 1e-13 * size;
                case "f32loose" -> 2e-5 * (size + 1e-3);
                case "f64loose" -> 1e-10 * (size + 1e-6);
                default -> throw new AssertionError(tolerance);
            };
            assertThat(got[i]).as("draw %d", i).isCloseTo(want[i], within(allowed));
        }
    }

    private static long[] bits(Layout layout, long key, int width, int n) {
        return switch (width) {
            case 8 -> {
                byte[] b = Threefry.bits8(key, layout, n);
                long[] out = new long[n];
                Arrays.setAll(out, i -> b[i] & 0xFF);
                yield out;
            }
            case 16 -> {
                short[] b = Threefry.bits16(key, layout, n);
                long[] out = new long[n];
                Arrays.setAll(out, i -> b[i] & 0xFFFF);
                yield out;
            }
            case 32 -> Arrays.stream(Threefry.bits32(key, layout, n)).mapToLong(Integer::toUnsignedLong).toArray();
            default -> Threefry.bits64(key, layout, n);
        };
    }

    /// The leaves of a nested array; a scalar is one leaf.
    private static Stream<JsonNode> leaves(JsonNode node) {
        return node.isArray() ? StreamSupport.stream(node.spliterator(), false).flatMap(PrngOracleTest::leaves) : Stream.of(node);
    }

    private static double[] doubles(JsonNode node) {
        return leaves(node).mapToDouble(Oracles::number).toArray();
    }

    private static long[] longs(JsonNode node) {
        return leaves(node)
                .mapToLong(v -> v.asText().startsWith("0x") ? Long.parseUnsignedLong(v.asText().substring(2), 16) : v.asLong())
                .toArray();
    }

    private static long[] keys(JsonNode node) {
        long[] words = longs(node);
        long[] keys = new long[words.length / 2];
        Arrays.setAll(keys, i -> words[2 * i] << 32 | words[2 * i + 1]);
        return keys;
    }

    private static double[] widen(float[] x) {
        double[] out = new double[x.length];
        Arrays.setAll(out, i -> x[i]);
        return out;
    }

    private static long[] widen(int[] x) {
        return Arrays.stream(x).asLongStream().toArray();
    }

    private static float[] narrow(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
    }

    @TestFactory
    Stream<DynamicTest> seeds() throws IOException {
        return StreamSupport.stream(Oracles.read("prng.json").get("seed_to_key").spliterator(), false)
                .map(r -> DynamicTest.dynamicTest("seed " + r, () -> {
                    long seed = Long.parseLong(r.get("seed").asText());
                    boolean is64Bit = r.get("x64").asBoolean();
                    assertThat(Threefry.key(seed, is64Bit)).isEqualTo(key(r.get("key")));
                    if (is64Bit != Math.abs(seed) < 1L << 32) {
                        assertThat(Threefry.key(seed)).isEqualTo(key(r.get("key")));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> random123() throws IOException {
        return StreamSupport.stream(Oracles.read("prng.json").get("random123_threefry2x32_20").spliterator(), false)
                .map(r -> DynamicTest.dynamicTest("known answer " + r, () -> assertThat(Threefry.block(
                                key(r.get("key")),
                                (int) r.get("counter").get(0).asLong(),
                                (int) r.get("counter").get(1).asLong()))
                        .isEqualTo(key(r.get("expected")))));
    }

    /// Digits printed in public JAX and NumPyro tutorials.
    @Test
    void printedNormals() {
        float[] want = {
            1.3284667f, 0.22779723f, -0.5049753f, 1.3871988f, -0.7382383f, -0.56204265f, 0.5238776f, 0.29912323f, -0.01665386f
        };
        close(widen(want), widen(Samplers.normalFloat(Threefry.key(1234), Layout.ORIGINAL, 9)), "f32");
    }
}
