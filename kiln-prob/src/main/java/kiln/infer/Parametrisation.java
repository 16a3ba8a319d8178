package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import kiln.array.NDArray;

/// In which coordinates and metric a posterior was sampled. The draws are those of the model as written in any case.
///
/// @param chosen   the sites of hierarchies with coordinates of their own, see [kiln.infer.mcmc.Centering#ADAPTED]; none for the model as written
/// @param without  sites that were sampled without the part that follows others
/// @param followed the sites that they follow
/// @param metrics  the last metric of each chain in words, such as `full`, `diagonal`; none if the sampler has none
public record Parametrisation(List<Site> chosen, List<String> without, List<String> followed, List<String> metrics) {
    /// As the model is written, of a sampler without a metric.
    public static final Parametrisation AS_WRITTEN = new Parametrisation(List.of(), List.of(), List.of(), List.of());

    /// What a site is looked at along.
    public enum Along {
        /// Its elements.
        ELEMENTS("element"),
        /// Directions of its own, all its elements together.
        DIRECTIONS("direction"),
        /// Directions of each of its vectors.
        VECTORS("axis");

        private final String one;

        Along(String one) {
            this.one = one;
        }

        private String counted(int n) {
            return n + " " + (n == 1 ? one : this == VECTORS ? "axes" : one + "s");
        }
    }

    /// A site of a hierarchy.
    ///
    /// @param name      its name
    /// @param precision k, how much the rest of the model says about its elements or directions, or along the axes of what it says of each vector; of its shape
    /// @param along     what it was looked at along
    /// @param isByHand  whether the model has it standardised, and computes `loc + scale · site` itself; k is what is said about that
    public record Site(String name, NDArray precision, Along along, boolean isByHand) {
        private static final double LEAST = 1e-6;

        /// {@return how many of its elements, directions or axes were sampled non-centred at any scale, because next to nothing is said about them: k is 0, or less than a
        /// millionth of the largest}
        public int nonCentred() {
            return precision.size() - limits().length;
        }

        /// The scales `1/√k` around which the others go over from non-centred to centred, increasing.
        private double[] limits() {
            double[] k = precision.toDoubleArray();
            double most = Arrays.stream(k).max().orElse(0);
            return Arrays.stream(k).filter(v -> v > LEAST * most).map(v -> 1 / Math.sqrt(v)).sorted().toArray();
        }

        private String words() {
            double[] limits = limits();
            int n = precision.size();
            int nonCentred = n - limits.length;
            var parts = new ArrayList<String>();
            if (limits.length > 0) {
                String low = number(limits[0]);
                String high = number(limits[limits.length - 1]);
                parts.add((nonCentred == 0 ? "" : limits.length + " ") + "decentred where their scale is below " + low + (low.equals(high) ? "" : " to " + high));
            }
            if (nonCentred > 0) {
                parts.add((limits.length == 0 ? "" : nonCentred + " ") + "decentred");
            }
            return name + (isByHand ? ", written decentred (" : " (") + along.counted(n) + ", " + String.join(", ", parts) + ")";
        }

        private static String number(double x) {
            return String.format(Locale.ROOT, "%.2g", x);
        }
    }

    /// Copies the lists.
    public Parametrisation {
        chosen = List.copyOf(chosen);
        without = List.copyOf(without);
        followed = List.copyOf(followed);
        metrics = List.copyOf(metrics);
    }

    /// {@return whether all was sampled in the coordinates of the model as written}
    public boolean isAsWritten() {
        return chosen.isEmpty();
    }

    /// {@return the precisions of the chosen sites by name}
    public SequencedMap<String, NDArray> precisions() {
        var out = new LinkedHashMap<String, NDArray>();
        chosen.forEach(s -> out.put(s.name(), s.precision()));
        return out;
    }

    /// {@return a copy with another [#metrics()]}
    public Parametrisation metrics(List<String> v) {
        return new Parametrisation(chosen, without, followed, v);
    }

    /// A line for people, such as `Sampled in coordinates of its own: theta (8 directions, decentred where their scale is below 9.2 to 20); mu without
    /// what follows theta. Metric: diagonal.`
    @Override
    public String toString() {
        String coordinates = isAsWritten()
                ? "Sampled as written."
                : "Sampled in coordinates of its own: " + chosen.stream().map(Site::words).collect(Collectors.joining("; "))
                        + (without.isEmpty() ? "" : "; " + String.join(", ", without) + " without what follows " + String.join(", ", followed)) + ".";
        List<String> kinds = metrics.stream().distinct().toList();
        String metric = kinds.size() == 1
                ? kinds.getFirst()
                : kinds.stream().map(kind -> kind + " in " + metrics.stream().filter(kind::equals).count() + " of " + metrics.size() + " chains")
                        .collect(Collectors.joining(", "));
        return coordinates + (kinds.isEmpty() ? "" : " Metric: " + metric + ".");
    }
}
