package kiln.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.LinkedHashMap;
import kiln.bench.kernel.Kernel;
import kiln.bench.kernel.Kernels;
import kiln.bench.kernel.NativeCode;
import kiln.infer.LogDensity;

/// What runs in a process of its own for one row of a table. It prints a line per column: its name, then its samples.
///
/// A process per row, because within one a second model would change how the code that all models share is compiled.
final class Forked {
    private Forked() {}

    /// Measures.
    ///
    /// @param args `kernel NAME`, `leapfrog NAME` or `start-up`
    static void main(String[] args) {
        // Kiln may warn on standard output; the samples keep it for themselves.
        PrintStream out = System.out;
        System.setOut(System.err);
        switch (args[0]) {
            case "kernel" -> print(out, kernel(Kernels.named(args[1])));
            case "leapfrog" -> print(out, leapfrog(Kernels.named(args[1])));
            case "start-up" -> print(out, StartUp.measure());
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

    private static SequencedMap<String, double[]> leapfrog(Kernel kernel) {
        LogDensity density = kernel.kiln();
        return named(
                List.of("leapfrog", "gradient"),
                Interleaved.sample(
                        List.of(new LeapfrogTask(density, kernel.point()), EvaluationTask.of(density, kernel.point())),
                        1.5, 2));
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
