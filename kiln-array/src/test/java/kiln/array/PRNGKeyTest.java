package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kiln.math.Threefry.Layout;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The draws of keys as arrays against `oracles/prng.json`, in both layouts; the bits below them are tested in `kiln.math`.
final class PRNGKeyTest {
    private static final JsonNode ORACLE = read();
    private static final Set<String> NOT_DRAWS =
            Set.of("random_bits", "split", "fold_in", "chain_split_walk", "numpyro_categorical_probs");

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(PRNGKeyTest.class.getResourceAsStream("/oracles/prng.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> recordsOfTheCurrentLayout() {
        return records("partitionable", Layout.PARTITIONABLE);
    }

    @TestFactory
    Stream<DynamicTest> recordsOfTheOriginalLayout() {
        return records("original", Layout.ORIGINAL);
    }

    private static Stream<DynamicTest> records(String name, Layout layout) {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode r : ORACLE.get("layouts").get(name)) {
            String title = r.get("op").asText() + " " + r.path("key") + " " + r.path("shape") + " " + r.path("dtype").asText();
            if (NOT_DRAWS.contains(r.get("op").asText())) {
                continue;
            }
            tests.add(DynamicTest.dynamicTest(title, () -> check(r, layout)));
        }
        return tests.stream();
    }

    private static void check(JsonNode r, Layout layout) {
        long words = pack(r.get("key"));
        PRNGKey key = PRNGKeyTest.key(words, layout);
        Shape shape = Shape.of(ints(r.path("shape")));
        JsonNode want = r.has("expected") ? r.get("expected") : r.get("expected_flat");
        boolean single = !r.path("dtype").asText().equals("float64");
        Supplier<NDArray> draw =
                switch (r.get("op").asText()) {
                    case "uniform" -> () -> key.uniform(shape, r.path("minval").asDouble(0), r.path("maxval").asDouble(1));
                    case "normal" -> () -> key.normal(shape);
                    case "randint" -> () -> key.randint(
                            shape,
                            r.get("minval").asLong(),
                            r.get("maxval").asLong(),
                            r.get("dtype").asText().equals("int32") ? DType.INT32 : DType.INT64);
                    case "bernoulli" -> () -> key.bernoulli(r.get("p").asDouble(), shape);
                    case "permutation" -> () -> key.permutation(r.get("n").asInt());
                    case "exponential" -> () -> key.exponential(shape);
                    case "gumbel" -> () -> key.gumbel(shape);
                    case "laplace" -> () -> key.laplace(shape);
                    case "logistic" -> () -> key.logistic(shape);
                    case "cauchy" -> () -> key.cauchy(shape);
                    case "gamma" -> () -> key.gamma(NDArray.as(r.get("concentration").asDouble()), shape);
                    case "loggamma" -> () -> key.loggamma(NDArray.as(r.get("concentration").asDouble()), shape);
                    case "categorical" -> () -> key.categorical(NDArray.of(doubles(r.get("logits"))), shape);
                    case "poisson" -> () -> key.poisson(NDArray.as(r.get("rate").asDouble()), shape);
                    case "chain_split_then_normal" -> () -> key.split()[1].normal(shape);
                    default -> throw new AssertionError(r);
                };
        NDArray got = single ? DType.withDefault(DType.FLOAT32, draw) : draw.get();
        compare(r.get("tol").asText(), got, want);
    }

    private static void compare(String tolerance, NDArray got, JsonNode want) {
        double relative =
                switch (tolerance) {
                    case "exact" -> 0;
                    // Two units in the last place of float32: the elementary functions of XLA and ours round differently.
                    case "f32" -> 2.4e-7;
                    case "f64" -> 1e-14;
                    case "f32loose" -> 2e-5;
                    case "f64loose" -> 1e-10;
                    default -> throw new AssertionError(tolerance);
                };
        List<JsonNode> flat = new ArrayList<>();
        flatten(want, flat);
        assertThat(got.size()).isEqualTo(flat.size());
        for (int i = 0; i < flat.size(); i++) {
            Dense g = got.known();
            if (got.dtype().isInteger()) {
                assertThat(g.longAt(i)).isEqualTo(integer(flat.get(i)));
            } else {
                double w = flat.get(i).isBoolean() ? (flat.get(i).asBoolean() ? 1 : 0) : flat.get(i).asDouble();
                double scale = Math.max(Math.abs(w), tolerance.endsWith("loose") ? 0 : 1);
                assertThat(Math.abs(g.doubleAt(i) - w)).as("element %d: %s, want %s", i, g.doubleAt(i), w)
                        .isLessThanOrEqualTo(relative * scale);
            }
        }
    }

    private static long integer(JsonNode n) {
        String text = n.asText();
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    private static PRNGKey key(long words, Layout layout) {
        // Every key of the table is the key of its low word.
        return layout == Layout.ORIGINAL ? PRNGKey.original(words) : PRNGKey.key(words);
    }

    private static long pack(JsonNode two) {
        return two.get(0).asLong() << 32 | two.get(1).asLong();
    }

    private static int[] ints(JsonNode n) {
        int[] out = new int[n.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = n.get(i).asInt();
        }
        return out;
    }

    @Test
    void aKeyIsReadBackFromItsText() {
        for (long seed : new long[] {0, 42, -1, 1L << 40, Long.MIN_VALUE, 0xFFFFFFFFL}) {
            for (PRNGKey k : new PRNGKey[] {PRNGKey.key(seed), PRNGKey.original(seed), PRNGKey.fast(seed), PRNGKey.key(seed).split()[1]}) {
                assertThat(PRNGKey.parse(k.toString())).isEqualTo(k);
            }
        }
        assertThatThrownBy(() -> PRNGKey.parse("PRNGKey[1]"))
                .hasMessage("PRNGKey.parse: the text is not a key.\n  Expected: PRNGKey[0, 42]\n  Got:      \"PRNGKey[1]\"");
    }

    private static double[] doubles(JsonNode n) {
        double[] out = new double[n.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = n.get(i).asDouble();
        }
        return out;
    }

    private static void flatten(JsonNode n, List<JsonNode> out) {
        if (n.isArray()) {
            n.forEach(x -> flatten(x, out));
        } else {
            out.add(n);
        }
    }
}
