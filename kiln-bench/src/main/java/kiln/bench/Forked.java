package kiln.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import kiln.array.PRNGKey;
import kiln.bench.kernel.GaussianProcess;
import kiln.bench.kernel.Kernel;
import kiln.bench.kernel.Kernels;
import kiln.bench.kernel.NativeCode;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.UnconstrainedModel;
import kiln.infer.mcmc.MetricAdaptation;
import kiln.infer.mcmc.NUTS;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// What runs in a process of its own for one row of a table. It prints a line per column: its name, then its samples.
///
/// A process per row, because within one a second model would change how the code that all models share is compiled.
final class Forked {
    private Forked() {}

    /// Starts such a process on the module path and class path of this one and waits for it.
    ///
    /// The start of a model is timed as `./kiln run` starts it, with the launcher's archive of classes and profiles, or plainly without.
    ///
    /// @param row what to measure, see [#main]
    /// @return samples by column; empty if it failed, which is said on standard error
    static SequencedMap<String, double[]> start(String... row) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        boolean starts = row[0].startsWith("start-up");
        if (row[0].equals("start-up")) {
            // The JVM drops an archive without a word where its options differ from those that it was made with; this asks it to fail.
            command.addAll(List.of("-XX:AOTCache=" + System.getProperty("kiln.bench.aot", ""), "-XX:AOTMode=on"));
        }
        command.addAll(List.of("-p", System.getProperty("jdk.module.path"), "--add-modules", "kiln"));
        if (!starts) {
            command.addAll(List.of("--add-exports", "kiln.array/kiln.math=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
        }
        if (row[0].equals("openblas-vector")) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("kiln."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add(Forked.class.getName());
        command.addAll(List.of(row));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        SequencedMap<String, double[]> columns = new LinkedHashMap<>();
        if (process.waitFor() != 0) {
            System.err.println(String.join(" ", row) + " failed: it has no row in the table.");
            return columns;
        }
        output.lines().forEach(line -> {
            String[] cells = line.split("\t", -1);
            columns.put(cells[0], Arrays.stream(cells).skip(1).mapToDouble(Double::parseDouble).toArray());
        });
        return columns;
    }

    /// Measures.
    ///
    /// @param args `kernel NAME`, `shared NAME`, `leapfrog NAME`, `value NAME`, `openblas`, `openblas-vector`, `posterior NAME`, `distribution NAME`,
    ///             `chains NAME`, `start-up` or `start-up-plain`
    static void main(String[] args) {
        // Kiln may warn on standard output; the samples keep it for themselves.
        PrintStream out = System.out;
        System.setOut(System.err);
        switch (args[0]) {
            case "kernel" -> print(out, kernel(Kernels.named(args[1])));
            case "shared" -> print(out, shared(Kernels.named(args[1])));
            case "leapfrog" -> print(out, leapfrog(Kernels.named(args[1])));
            case "value" -> print(out, value(Kernels.named(args[1])));
            case "openblas", "openblas-vector" -> print(out, openBlas());
            case "posterior" -> print(out, posterior(Posteriordb.named(args[1])));
            case "distribution" -> print(out, DistributionTable.measure(args[1]));
            case "chains" -> print(out, ChainTable.measure(Posteriordb.named(args[1])));
            case "start-up", "start-up-plain" -> print(out, StartUp.measure());
            default -> throw new IllegalArgumentException("there is nothing to measure called " + args[0]);
        }
    }

    private static SequencedMap<String, double[]> kernel(Kernel kernel) {
        List<String> columns = new ArrayList<>(List.of("Kiln", "Java"));
        List<Task> tasks = new ArrayList<>();
        tasks.add(EvaluationTask.of(kernel.kiln(), kernel.point()));
        tasks.add(EvaluationTask.of(kernel.java(), kernel.point()));
        if (!NativeCode.compiler().isEmpty()) {
            columns.add("C");
            tasks.add(EvaluationTask.of(kernel.c(), kernel.point()));
        }
        return named(columns, Interleaved.sample(tasks, 1.5, 2));
    }

    private static SequencedMap<String, double[]> shared(Kernel kernel) {
        LogDensity density = kernel.kiln();
        return named(
                List.of("one", "two"),
                Interleaved.sample(
                        List.of(EvaluationTask.of(density, kernel.point()), EvaluationTask.of(density.threads(2), kernel.point())),
                        1.5, 2));
    }

    private static SequencedMap<String, double[]> leapfrog(Kernel kernel) {
        LogDensity density = kernel.kiln();
        return named(
                List.of("leapfrog", "default", "gradient"),
                Interleaved.sample(
                        List.of(
                                new LeapfrogTask(new NUTS(density).metricAdaptation(MetricAdaptation.VARIANCE), density, kernel.point()),
                                new LeapfrogTask(new NUTS(density), density, kernel.point()),
                                EvaluationTask.of(density, kernel.point())),
                        1.5, 2));
    }

    private static SequencedMap<String, double[]> value(Kernel kernel) {
        LogDensity density = kernel.kiln();
        return named(
                List.of("both", "value"),
                Interleaved.sample(
                        List.of(
                                EvaluationTask.of(density, kernel.point()),
                                EvaluationTask.of(new ValueAlone(density), kernel.point())),
                        1.5, 2));
    }

    /// A density that is asked for its value where its gradient is asked for.
    private record ValueAlone(LogDensity density) implements LogDensity {
        @Override
        public int dimension() {
            return density.dimension();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            return density.value(position, gradient);
        }
    }

    private static SequencedMap<String, double[]> openBlas() {
        var kernel = new GaussianProcess();
        List<Task> tasks =
                List.of(EvaluationTask.of(kernel.kiln(), kernel.point()), EvaluationTask.of(kernel.openBlas(), kernel.point()));
        return named(List.of("Kiln", "OpenBLAS"), Interleaved.sample(tasks, 1.5, 2));
    }

    /// At the first test point, which lies near the middle of the posterior.
    private static SequencedMap<String, double[]> posterior(Problem problem) {
        var model = UnconstrainedModel.of(problem.model(), PRNGKey.key(0));
        var first = problem.testPoints().getFirst();
        double[] point = model.flatten(model.unconstrain(first.params())).toDoubleArray();
        LogDensity density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        return named(List.of("Kiln"), Interleaved.sample(List.of(EvaluationTask.of(density, point)), 2, 1.5));
    }

    private static SequencedMap<String, double[]> named(List<String> columns, double[][] samples) {
        SequencedMap<String, double[]> all = new LinkedHashMap<>();
        for (int k = 0; k < columns.size(); k++) {
            all.put(columns.get(k), samples[k]);
        }
        return all;
    }

    private static void print(PrintStream out, SequencedMap<String, double[]> columns) {
        columns.forEach((name, samples) -> {
            var line = new StringBuilder(name);
            for (double sample : samples) {
                line.append('\t').append(sample);
            }
            out.println(line);
        });
    }
}
