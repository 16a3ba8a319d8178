package kiln.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import kiln.array.PRNGKey;
import kiln.bench.kernel.Kernels;
import kiln.infer.PosteriorDensity;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// `./kiln bench posteriors`: microseconds per value and gradient of every posterior of posteriordb, beside Stan's and NumPyro's.
///
/// The peers' columns (`peers.csv`) were measured once, on another machine (two virtual cores of a Xeon with AVX-512): a ratio to them is a size.
/// Each row is measured in a process of its own, see [Forked].
///
/// The peers were measured on two simulated posteriors as well, `logreg_10k` and `hier_1k`. Those rows are kernels of the same likelihoods
/// and sizes, on data simulated here; an evaluation takes as long on any data. Which priors `hier_1k` gave its three scalars is not recorded.
public final class PosteriorTable {
    private PosteriorTable() {}

    /// What the peers took for one gradient, in µs; NaN where they were not measured.
    private record Peers(double stan, double numpyro) {
        static final Peers NONE = new Peers(Double.NaN, Double.NaN);
    }

    /// The peers' simulated posteriors, and the kernels that stand for them.
    private static final Map<String, String> SIMULATED = Map.of("logreg_10k", "logistic", "hier_1k", "hierarchy");

    /// Measures and prints the table.
    ///
    /// @param args names of posteriors, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        Rows rows = Rows.of(args);
        Map<String, Peers> peers = peers();
        Map<String, double[]> measured = new LinkedHashMap<>();
        for (Problem problem : Posteriordb.all()) {
            if (rows.wanted().test(problem.name())) {
                measure(problem.name(), "posterior", problem.name(), measured);
            }
        }
        for (var simulated : new TreeMap<>(SIMULATED).entrySet()) {
            if (rows.wanted().test(simulated.getKey())) {
                measure(simulated.getKey(), "kernel", simulated.getValue(), measured);
            }
        }
        System.out.print(table(measured, peers));
    }

    /// Adds a row, unless its process failed.
    private static void measure(String name, String kind, String what, Map<String, double[]> measured) throws IOException, InterruptedException {
        System.err.println(name);
        double[] nanos = Forked.start(kind, what).get("Kiln");
        if (nanos != null) {
            measured.put(name, nanos);
        }
    }

    private static int dimension(String name) {
        String kernel = SIMULATED.get(name);
        return kernel == null
                ? PosteriorDensity.of(Posteriordb.named(name).model(), PRNGKey.key(0)).dimension()
                : Kernels.named(kernel).point().length;
    }

    private static String table(Map<String, double[]> measured, Map<String, Peers> peers) {
        var out = new StringBuilder(Machine.description()).append("""


                Microseconds per value and gradient (median ± half the distance of the quartiles). Stan (rstan 2.21.7) and NumPyro 0.21 were
                measured on another machine, two virtual cores of a Xeon with AVX-512: ratios to them are sizes. Of logreg_10k and hier_1k
                the likelihood and the sizes are theirs, the data is simulated anew.

                | posterior | dimension | Kiln | Stan | NumPyro | Stan / Kiln | NumPyro / Kiln |
                |---|--:|--:|--:|--:|--:|--:|
                """);
        measured.forEach((name, nanos) -> {
            double micros = Interleaved.quantile(nanos, 0.5) * 1e-3;
            Peers p = peers.getOrDefault(name, Peers.NONE);
            out.append("| ").append(String.join(" | ", name, Integer.toString(dimension(name)), Interleaved.spread(nanos, 1e-3),
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
        return Interleaved.geometricMean(measured.entrySet().stream()
                .mapToDouble(e -> peer.applyAsDouble(e.getKey()) / (Interleaved.quantile(e.getValue(), 0.5) * 1e-3))
                .filter(ratio -> !Double.isNaN(ratio)));
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
