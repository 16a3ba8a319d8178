package kiln.bench;

import java.io.IOException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// `./kiln bench distributions`: a million draws and log densities of common distributions beside Apache Commons, as Markdown.
///
/// Each row is measured in a process of its own, see [Forked].
public final class DistributionTable {
    private DistributionTable() {}

    /// Measures and prints the table.
    ///
    /// @param args names of rows, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        Predicate<String> wanted = args.length == 0 ? _ -> true : Pattern.compile(String.join("|", args)).asPredicate();
        var out = new StringBuilder(Machine.description()).append("""


                Nanoseconds per element of a million (median ± half the distance of the quartiles), beside commons-rng 1.7 and
                commons-statistics 1.3; the ratio is the median of those within a round.

                | | Kiln | Commons | Kiln / Commons |
                |---|--:|--:|--:|
                """);
        for (DistributionRows.Row row : DistributionRows.rows()) {
            if (!wanted.test(row.name())) {
                continue;
            }
            System.err.println(row.name());
            var columns = Forked.start("distribution", row.name());
            double[] kiln = columns.getOrDefault("Kiln", new double[0]);
            double[] commons = columns.getOrDefault("Commons", new double[0]);
            if (kiln.length > 0) {
                double[] ratios = IntStream.range(0, kiln.length).mapToDouble(i -> kiln[i] / commons[i]).toArray();
                out.append("| ").append(String.join(" | ", row.name(), Interleaved.spread(kiln, 1), Interleaved.spread(commons, 1),
                        Interleaved.significant(Interleaved.quantile(ratios, 0.5)))).append(" |\n");
            }
        }
        System.out.print(out);
    }
}
