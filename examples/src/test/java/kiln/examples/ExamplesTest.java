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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every program in `examples/` runs with `./kiln run`, ends with status 0 and prints what its row says.
class ExamplesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("kiln.checkout", ".."));

    /// One row per program of `examples/` itself; those of `examples/numpyro/` have theirs in [NumPyroExamples]. A program without a row,
    /// or without a fact, fails the build.
    private static final List<Example> OWN = List.of(
            // Means and standard deviations of posteriordb's reference draws of kidiq-kidscore_momhsiq, within four combined Monte
            // Carlo standard errors (and half a unit of the last printed digit).
            example("LinearRegression")
                    .prints("Prior predictive: 90% of the scores between -")
                    .number("^ +intercept +(\\S+)", 25.794, 0.62)
                    .number("^ +intercept +\\S+ +(\\S+)", 5.861, 0.42)
                    .number("^ +high_school +(\\S+)", 5.987, 0.22)
                    .number("^ +high_school +\\S+ +(\\S+)", 2.216, 0.15)
                    .number("^ +iq +(\\S+)", 0.563, 0.0063 + 0.005)
                    .number("^ +sigma +(\\S+)", 18.139, 0.06)
                    .number("^ +sigma +\\S+ +(\\S+)", 0.6185, 0.04)
                    .prints("Number of divergences: 0")
                    // At IQ 105 the line is 25.794 + 5.987 + 105 · 0.563 = 90.9.
                    .number("^ +105\\.0 +(\\S+)", 90.9, 0.3),
            // The reference draws of eight_schools-eight_schools_noncentered.
            example("EightSchools")
                    .number("^ +mu +(\\S+)", 4.411, 0.27)
                    .number("^ +tau +(\\S+)", 3.602, 0.33)
                    .number("^ +A +28\\.0 +(\\S+)", 6.151, 0.45)
                    // The funnel's end makes a few: 1.0 on average over 40 keys, 9 at most, with this compiler and with the one before.
                    .number("^Number of divergences: (\\d+)", 0, 20),
            // The reference draws of eight_schools-eight_schools_noncentered, within four combined Monte Carlo standard errors.
            example("Checkpoint")
                    .number("^Stopped by the program after (\\d+) of 1000 draws", 250, 249)
                    .number("^ +mu +(\\S+)", 4.411, 0.3)
                    .number("^ +tau +(\\S+)", 3.602, 0.36)
                    .prints("The same draws as those of a run that was not stopped: true"),
            // The posterior is Beta(16, 14): its mean, sd and evidence log B(16, 14) - log B(10, 10), and 10 · 16 / 30 heads.
            example("VariationalCoin")
                    .number("^alpha (\\S+)", 16, 0.5)
                    .number("^alpha \\S+  beta (\\S+)", 14, 0.5)
                    .number("^log evidence at least (\\S+)", -7.0694, 0.005)
                    .number("^fairness (\\S+)", 16 / 30.0, 0.0115)
                    .number("^fairness \\S+ \\+- (\\S+)", 0.0896, 0.008)
                    .number("^heads in ten more throws (\\S+)", 16 / 3.0, 0.3),
            // The digits of a public NumPyro tutorial; the log evidence is -22.88 by quadrature over s_eps, a bound is at most that.
            example("VariationalLine")
                    .number("^  w_MAP_loc = (\\S+)", 0.52685213, 1.2e-7)
                    .number("^  b_MAP_loc = (\\S+)", -0.7979058, 1.2e-7)
                    .number("^  s_eps_MAP_loc = (\\S+)", 0.7400651, 1.2e-7)
                    .numbers("^  log evidence at least (\\S+)", new double[] {-23.18, -23.18}, 0.3),
            // The digits of a public NumPyro tutorial, and its posterior.
            example("NormalPlate")
                    .prints("[[ 1.3284667   0.22779723 -0.5049753 ]")
                    .prints("[ 1.3871989  -0.7382383  -0.56204265]")
                    .prints("[ 0.5238776   0.29912323 -0.01665386]]")
                    .prints("[[ 1.3284667  10.2277975 ]")
                    .prints("[ 0.56284374  9.437958  ]")
                    .prints("[-0.01665386 10.882737  ]]")
                    .numbers("^\\((\\S+),", new double[] {-1.2515389, -1.1470195, -0.16715223, -0.05887505, 0.78741604}, 2e-7)
                    .numbers("^\\(\\S+, (\\S+)\\)", new double[] {0.15910524, 0.10654547, 1.1439366, 2.5868776, 1.2294955}, 4e-7)
                    .number("^ +mu +(\\S+)", 0.98, 0.05)
                    .number("^ +s +(\\S+)", 6.02, 0.1),
            // 0.9 · 0.2 · N(10; 8, 1) = 0.00972; of 1000 traces 900 ± 4 · 9.5 are lazy.
            example("Sleep")
                    .number("^p\\(1, 0, 10\\) = (\\S+)", 0.9 * 0.2 * Math.exp(-2) / Math.sqrt(2 * Math.PI), 5e-5)
                    .prints("alarm_slept")
                    .number("^   1\\.0 +(\\d+) ", 900, 38)
                    .prints("amount_slept, hours (1000 of 1000 traces)")
                    .number("^  (\\S+)  \\{feeling_lazy=1, ignore_alarm=1\\}", 0.72, 5e-5)
                    .number("^   7\\.65  (\\S+)$", sleepDensity(7.65), 5e-7)
                    .number("^  exactly +(\\S+)", 0.9 * (0.8 * bell(4) + 0.2 * bell(2)) / sleepDensity(6), 5e-7)
                    // Four standard errors of 20,000 weighted runs: their effective number is at least 2,000.
                    .number("^  importance sampling +(\\S+)", 0.9 * (0.8 * bell(4) + 0.2 * bell(2)) / sleepDensity(6), 0.036)
                    // Lazy nights turn into others with rate 0.050 and back with 0.012, so draws are 32 proposals apart: 620 effective ones.
                    .number("^  Metropolis-Hastings +(\\S+)", 0.9 * (0.8 * bell(4) + 0.2 * bell(2)) / sleepDensity(6), 0.064)
                    .number("^  SMC +(\\S+)", 0.9 * (0.8 * bell(4) + 0.2 * bell(2)) / sleepDensity(6), 0.036)
                    // The value that the tutorial prints, and the exact end of gradient descent.
                    .number("^log density of 5 at mu = 1: (\\S+)", -8.9189, 5e-5)
                    .number("^mu after 1000 steps: (\\S+),", 5 - 4 * Math.pow(0.99, 1000), 5e-5),
            // The values printed in JAX's tutorial on automatic batching.
            example("LogisticBatching")
                    .number("^not batched +(\\S+)", -213.2356, 1e-3)
                    .prints("[100] and [100, 10]")
                    .prints("[-147.84033 -207.02205 -109.2607")
                    .numbers("^ *\\d+  (-\\d+\\.\\d+)$", column("/elbo.csv", 1), 1e-3));

    /// The density of a standard normal number.
    private static double bell(double z) {
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    /// The density of hours slept in `Sleep`.
    private static double sleepDensity(double hours) {
        return 0.9 * (0.8 * bell(hours - 10) + 0.2 * bell(hours - 8)) + 0.1 * bell(hours - 6);
    }

    private static final List<Example> EXAMPLES = Stream.concat(OWN.stream(), NumPyroExamples.ROWS.stream()).toList();

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

    /// Two programs at a time: one samples while the JVM of the other starts.
    @TestFactory
    Stream<DynamicTest> everyExampleRunsAndPrintsItsFacts() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<DynamicTest> tests = EXAMPLES.stream().map(example -> {
            var command = new ArrayList<>(List.of("./kiln", "run", "examples/" + example.name() + ".java"));
            command.addAll(example.arguments());
            var run = CompletableFuture.supplyAsync(() -> Shell.run(CHECKOUT, Map.of(), 300, command), pool);
            return DynamicTest.dynamicTest(example.name(), () -> {
                var result = run.join();
                assertThat(result.exit()).as("exit status of %s, which printed:%n%s%s", example.name(), result.out(), result.err()).isZero();
                example.check(result.out());
            });
        }).toList();
        pool.shutdown();
        return tests.stream();
    }

    @Test
    void everyProgramHasARowAndEveryRowAProgram() throws IOException {
        var programs = new ArrayList<>(programs(""));
        programs.addAll(programs("numpyro/"));
        assertThat(EXAMPLES.stream().map(Example::name)).containsExactlyInAnyOrderElementsOf(programs);
        assertThat(EXAMPLES).allSatisfy(example -> assertThat(example.facts()).as(example.name()).isNotEmpty());
    }

    /// {@return the names of the programs of a folder below `examples/`, with the folder}
    private static List<String> programs(String folder) throws IOException {
        try (var files = Files.list(CHECKOUT.resolve("examples/" + folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> folder + name.substring(0, name.length() - ".java".length()))
                    .toList();
        }
    }

    @Test
    void theModelOfTheReadmeRuns(@TempDir Path folder) throws IOException {
        String readme = Files.readString(CHECKOUT.resolve("README.md"));
        String program = readme.substring(readme.indexOf("```java") + "```java".length());
        Path file = Files.writeString(folder.resolve("Readme.java"), program.substring(0, program.indexOf("```")));
        var result = Shell.run(CHECKOUT, Map.of(), 300, List.of("./kiln", "run", file.toString()));
        assertThat(result.exit()).as("the README's model, which printed:%n%s%s", result.out(), result.err()).isZero();
        // The data are y = 1 + 2x with noise of standard deviation 0.3.
        example("README").number("^ +a +(\\S+)", 1, 0.2).number("^ +b +(\\S+)", 2, 0.3).number("^ +sigma +(\\S+)", 0.3, 0.15)
                .check(result.out());
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
