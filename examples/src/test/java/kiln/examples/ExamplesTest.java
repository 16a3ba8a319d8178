package kiln.examples;

import static kiln.examples.Example.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every program in `examples/` runs with `./kiln run`, ends with status 0 and prints what its row says.
class ExamplesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("kiln.checkout", ".."));

    /// One row per program; a program without a row, or without a fact, fails the build.
    private static final List<Example> EXAMPLES = List.of(
            // The values printed in JAX's tutorial on automatic batching.
            example("LogisticBatching")
                    .number("^not batched +(\\S+)", -213.2356, 1e-3)
                    .prints("[100] and [100, 10]")
                    .prints("[-147.84033 -207.02205 -109.2607")
                    .numbers("^ *\\d+  (-\\d+\\.\\d+)$", column("/elbo.csv", 1), 1e-3));

    /// {@return a column of a table of numbers among the test resources}
    private static double[] column(String resource, int index) {
        try (var in = Objects.requireNonNull(ExamplesTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[index]))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleRunsAndPrintsItsFacts() {
        return EXAMPLES.stream().map(example -> DynamicTest.dynamicTest(example.name(), () -> {
            var command = new ArrayList<>(List.of("./kiln", "run", "examples/" + example.name() + ".java"));
            command.addAll(example.arguments());
            var result = Shell.run(CHECKOUT, Map.of(), 300, command);
            assertThat(result.exit()).as("exit status of %s, which printed:%n%s%s", example.name(), result.out(), result.err()).isZero();
            example.check(result.out());
        }));
    }

    @Test
    void everyProgramHasARowAndEveryRowAProgram() throws IOException {
        try (var files = Files.list(CHECKOUT.resolve("examples"))) {
            var programs = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()));
            assertThat(EXAMPLES.stream().map(Example::name)).containsExactlyInAnyOrderElementsOf(programs.toList());
        }
        assertThat(EXAMPLES).allSatisfy(example -> assertThat(example.facts()).as(example.name()).isNotEmpty());
    }

    @Test
    void aFactThatDoesNotHoldIsNoticed() {
        var row = example("Any").prints("posterior").number("^mu = (\\S+)", 0.98, 0.05);
        row.check("posterior\nmu = 1.02\n");
        assertThatThrownBy(() -> row.check("posterior\nmu = 1.04\n")).isInstanceOf(AssertionError.class).hasMessageContaining("1.04");
        assertThatThrownBy(() -> row.check("posterior\n")).isInstanceOf(AssertionError.class).hasMessageContaining("^mu = ");
        assertThatThrownBy(() -> row.check("mu = 0.98\n")).isInstanceOf(AssertionError.class).hasMessageContaining("posterior");
    }
}
