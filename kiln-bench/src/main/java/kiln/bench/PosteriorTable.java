package kiln.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kiln.array.PRNGKey;
import kiln.infer.PosteriorDensity;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// `./kiln bench posteriors`: microseconds per value and gradient of every posterior of posteriordb, beside Stan's and NumPyro's.
///
/// The peers' columns (`peers.csv`) were measured once, on another machine of the same kind: a ratio to them is a size.
/// Each row is measured in a process of its own, see [Forked].
public final class PosteriorTable {
    private PosteriorTable() {}

    /// What the peers took for one gradient, in µs; NaN where they were not measured.
    private record Peers(double stan, double numpyro) {
        static final Peers NONE = new Peers(Double.NaN, Double.NaN);
    }

    /// Measures and prints the table.
    ///
    /// @param args names of posteriors, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        Predicate<String> wanted =
                args.length == 0 ? _ -> true : Pattern.compile(String.join("|", args)).asPredicate();
        Map<String, Peers> peers = peers();
        Map<String, double[]> measured = new LinkedHashMap<>();
        for (Problem problem : Posteriordb.all()) {
            if (wanted.test(problem.name())) {
                System.err.println(problem.name());
                var columns = Forked.start("posterior", problem.name());
                columns.forEach((_, nanos) -> measured.put(problem.name(), nanos));
            }
        }
        System.out.print(table(measured, peers));
    }

    private static String table(Map<String, double[]> measured, Map<String, Peers> peers) {
        var out = new StringBuilder(Machine.description()).append("""


                Microseconds per value and gradient (median ± half the distance of the quartiles); Stan (rstan 2.21.7) and NumPyro 0.21 were
                measured on another machine of the same kind.

                | posterior | dimension | Kiln | Stan | NumPyro | Stan / Kiln | NumPyro / Kiln |
                |---|--:|--:|--:|--:|--:|--:|
                """);
        measured.forEach((name, nanos) -> {
            double micros = Interleaved.quantile(nanos, 0.5) * 1e-3;
            Peers p = peers.getOrDefault(name, Peers.NONE);
            int dimension = PosteriorDensity.of(Posteriordb.named(name).model(), PRNGKey.key(0)).dimension();
            out.append("| ").append(String.join(" | ", name, Integer.toString(dimension), Interleaved.spread(nanos, 1e-3),
                    number(p.stan()), number(p.numpyro()), number(p.stan() / micros), number(p.numpyro() / micros))).append(" |\n");
        });
        return out.append("| geometric mean | | | | | %s | %s |%n".formatted(
                        number(geometricMean(measured, name -> peers.getOrDefault(name, Peers.NONE).stan())),
                        number(geometricMean(measured, name -> peers.getOrDefault(name, Peers.NONE).numpyro()))))
                .toString();
    }

    private static String number(double x) {
        return Double.isNaN(x) ? "–" : Interleaved.significant(x);
    }

    /// Of a peer's times over Kiln's, over the posteriors that the peer was measured on.
    private static double geometricMean(Map<String, double[]> measured, ToDoubleFunction<String> peer) {
        return Math.exp(measured.entrySet().stream()
                .filter(e -> !Double.isNaN(peer.applyAsDouble(e.getKey())))
                .mapToDouble(e -> Math.log(peer.applyAsDouble(e.getKey()) / (Interleaved.quantile(e.getValue(), 0.5) * 1e-3)))
                .average()
                .orElse(Double.NaN));
    }

    private static Map<String, Peers> peers() throws IOException {
        try (InputStream in = Objects.requireNonNull(PosteriorTable.class.getResourceAsStream("peers.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .collect(Collectors.toMap(cells -> cells[0], cells -> new Peers(microseconds(cells[1]), microseconds(cells[2]))));
        }
    }

    private static double microseconds(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
}
