package kiln.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import kiln.bench.kernel.Kernel;
import kiln.bench.kernel.Kernels;
import kiln.bench.kernel.NativeCode;
import org.jspecify.annotations.Nullable;

/// `./kiln bench kernels`: every kernel beside plain Java and C, evaluations on one thread and on two, leapfrog steps beside their gradients,
/// start-up, as Markdown.
///
/// Every row is measured in several processes, since HotSpot does not compile the same code equally well every time; all rows once,
/// then all again, so that the processes of one row lie minutes apart. Ratios are medians over rounds, of samples that were taken
/// one right after the other.
public final class KernelTable {
    private static final List<String> LEAPFROGS = List.of("eight-schools", "logistic");
    private static final List<String> SHARED = List.of("normal", "logistic-100000");
    private static final List<String> OPENBLAS = List.of("openblas", "openblas-vector");
    private static final List<String> VALUES = List.of("eight-schools", "logistic", "poisson", "hmm");
    private static final int START_UPS = 5;

    private final int forks;
    private final Predicate<String> wanted;
    private final StringBuilder table = new StringBuilder();

    /// Samples by row and column, those of all processes one after the other.
    private final Map<String, Map<String, double[]>> samples = new LinkedHashMap<>();

    private KernelTable(int forks, Predicate<String> wanted) {
        this.forks = forks;
        this.wanted = wanted;
    }

    /// Measures and prints the tables.
    ///
    /// @param args names of rows, as patterns; `--forks N` for more or fewer processes than three for each row
    public static void main(String[] args) throws IOException, InterruptedException {
        int forks = 3;
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--forks" -> {
                    i++;
                    forks = i < args.length ? Integer.parseInt(args[i]) : usage("--forks needs a number");
                }
                case "-h", "--help" -> usage("Kernels beside plain Java and C");
                default -> {
                    if (args[i].startsWith("-")) {
                        usage("there is no option " + args[i]);
                    }
                    patterns.add(args[i]);
                }
            }
        }
        var run = new KernelTable(forks, Rows.of(patterns.toArray(String[]::new)).wanted());
        run.measure();
        run.print();
    }

    private static int usage(String why) {
        System.err.println(why + ".\n\n  ./kiln bench kernels [--forks N] [PATTERN…]\n\nRows: "
                + String.join(", ", Kernels.all().stream().map(Kernel::name).toList())
                + "; shared " + String.join(", shared ", SHARED) + "; leapfrog " + String.join(", leapfrog ", LEAPFROGS)
                + "; value " + String.join(", value ", VALUES)
                + "; " + String.join(", ", OPENBLAS) + "; start-up.");
        System.exit(2);
        return 0;
    }

    private void measure() throws IOException, InterruptedException {
        List<String> rows = new ArrayList<>();
        Kernels.all().forEach(kernel -> rows.add("kernel " + kernel.name()));
        SHARED.forEach(name -> rows.add("shared " + name));
        LEAPFROGS.forEach(name -> rows.add("leapfrog " + name));
        VALUES.forEach(name -> rows.add("value " + name));
        if (NativeCode.hasOpenBlas()) {
            rows.addAll(OPENBLAS);
        }
        rows.removeIf(row -> !wanted.test(row));
        for (int fork = 1; fork <= forks; fork++) {
            for (String row : rows) {
                System.err.printf("%s (%d of %d)%n", row, fork, forks);
                fork(row);
            }
        }
        for (int i = 0; i < START_UPS && wanted.test("start-up"); i++) {
            System.err.printf("start-up (%d of %d)%n", i + 1, START_UPS);
            fork("start-up");
            fork("start-up-plain");
        }
    }

    private void fork(String row) throws IOException, InterruptedException {
        var columns = samples.computeIfAbsent(row, _ -> new LinkedHashMap<>());
        Forked.start(row.split(" ", -1)).forEach((name, numbers) -> columns.merge(name, numbers, KernelTable::joined));
        samples.values().removeIf(Map::isEmpty);
    }

    private static double[] joined(double[] first, double[] second) {
        return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    // ---- the tables

    private void print() {
        table.append(Machine.description()).append("\n\n");
        kernels();
        shared();
        openBlas();
        leapfrogs();
        values();
        startUp();
        System.out.print(table);
    }

    private void kernels() {
        List<Kernel> rows = Kernels.all().stream().filter(k -> samples.containsKey("kernel " + k.name())).toList();
        if (rows.isEmpty()) {
            return;
        }
        table.append("""
                Microseconds per value and gradient (median ± half the distance of the quartiles); ratios within a round (median, quartiles).

                | kernel | Kiln | plain Java | C | Kiln / Java | Kiln / C | target |
                |---|--:|--:|--:|--:|--:|--:|
                """);
        for (Kernel kernel : rows) {
            var columns = samples.getOrDefault("kernel " + kernel.name(), Map.of());
            row(kernel.title() + " `" + kernel.name() + "`",
                    micros(columns.get("Kiln")), micros(columns.get("Java")), micros(columns.get("C")),
                    ratio(columns.get("Kiln"), columns.get("Java")), ratio(columns.get("Kiln"), columns.get("C")),
                    kernel.target());
        }
        table.append('\n');
    }

    private void shared() {
        List<String> names = SHARED.stream().filter(name -> samples.containsKey("shared " + name)).toList();
        if (names.isEmpty()) {
            return;
        }
        table.append("""
                One evaluation on one thread and shared by two, in microseconds.

                | kernel | one | two | one / two |
                |---|--:|--:|--:|
                """);
        for (String name : names) {
            var columns = samples.getOrDefault("shared " + name, Map.of());
            row(Kernels.named(name).title(), micros(columns.get("one")), micros(columns.get("two")),
                    ratio(columns.get("one"), columns.get("two")));
        }
        table.append('\n');
    }

    private void openBlas() {
        if (OPENBLAS.stream().noneMatch(samples::containsKey)) {
            return;
        }
        table.append("""
                The Gaussian process beside C with OpenBLAS on one thread, in microseconds.

                | | Kiln | C and OpenBLAS | ratio | target |
                |---|--:|--:|--:|--:|
                """);
        for (String row : OPENBLAS) {
            var columns = samples.getOrDefault(row, Map.of());
            boolean vector = row.endsWith("vector");
            row(vector ? "with the Vector API" : "as Java starts", micros(columns.get("Kiln")), micros(columns.get("OpenBLAS")),
                    ratio(columns.get("Kiln"), columns.get("OpenBLAS")), vector ? "≤ 2" : "–");
        }
        table.append('\n');
    }

    private void leapfrogs() {
        List<String> names = LEAPFROGS.stream().filter(name -> samples.containsKey("leapfrog " + name)).toList();
        if (names.isEmpty()) {
            return;
        }
        table.append("""
                A leapfrog step within NUTS, everything included, in microseconds: with a variance for each coordinate, as Stan and NumPyro have it,
                and with the metric of the default. Over: leapfrog − 1.3 gradients, in nanoseconds.

                | model | gradient | leapfrog | leapfrog / gradient | over | with the default | over | target, both |
                |---|--:|--:|--:|--:|--:|--:|--:|
                """);
        for (String name : names) {
            var columns = samples.getOrDefault("leapfrog " + name, Map.of());
            double[] leapfrog = columns.getOrDefault("leapfrog", new double[1]);
            double[] gradient = columns.getOrDefault("gradient", new double[1]);
            double[] byDefault = columns.getOrDefault("default", new double[1]);
            row(Kernels.named(name).title(), micros(gradient), micros(leapfrog), ratio(leapfrog, gradient), over(leapfrog, gradient),
                    micros(byDefault), over(byDefault, gradient), "≤ 100");
        }
        table.append('\n');
    }

    private void values() {
        List<String> names = VALUES.stream().filter(name -> samples.containsKey("value " + name)).toList();
        if (names.isEmpty()) {
            return;
        }
        table.append("""
                The value alone, as samplers without gradients ask for it, beside value and gradient, in microseconds.

                | kernel | value and gradient | value | ratio |
                |---|--:|--:|--:|
                """);
        for (String name : names) {
            var columns = samples.getOrDefault("value " + name, Map.of());
            row(Kernels.named(name).title(), micros(columns.get("both")), micros(columns.get("value")),
                    ratio(columns.get("both"), columns.get("value")));
        }
        table.append('\n');
    }

    private static String over(double[] leapfrog, double[] gradient) {
        double[] over = IntStream.range(0, leapfrog.length).mapToDouble(i -> leapfrog[i] - 1.3 * gradient[i]).toArray();
        return "%.0f".formatted(Interleaved.quantile(over, 0.5));
    }

    private void startUp() {
        var columns = samples.get("start-up");
        if (columns == null) {
            return;
        }
        table.append("""
                From a model of 20 sites to its first value and gradient, in milliseconds.

                | | time | target |
                |---|--:|--:|
                """);
        row("first model of a fresh JVM", Interleaved.spread(columns.get("fresh"), 1), "< 150");
        var plain = samples.getOrDefault("start-up-plain", Map.of());
        row("the same without the launcher's archive", Interleaved.spread(plain.get("fresh"), 1), "–");
        row("a model of a new shape after 30 others", Interleaved.spread(columns.get("warm"), 1), "< 15");
        row("a model that was there before", Interleaved.spread(columns.get("again"), 1), "–");
        table.append('\n');
    }

    private void row(String... cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String micros(double @Nullable [] nanos) {
        return Interleaved.spread(nanos, 1e-3);
    }

    private static String ratio(double @Nullable [] above, double @Nullable [] below) {
        if (above == null || below == null) {
            return "–";
        }
        double[] ratios = IntStream.range(0, Math.min(above.length, below.length)).mapToDouble(i -> above[i] / below[i]).toArray();
        return "%.2f (%.2f–%.2f)".formatted(
                Interleaved.quantile(ratios, 0.5), Interleaved.quantile(ratios, 0.25), Interleaved.quantile(ratios, 0.75));
    }
}
