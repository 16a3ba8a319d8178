package kiln.infer.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kiln.array.NDArray;

/// The distribution of one site over executions: its different values with their probabilities.
///
/// @param site    name of the site
/// @param entries the values in ascending order, arrays by their first different element
/// @param absent  probability that a run does not reach the site
public record Marginal(String site, List<Entry> entries, double absent) {
    /// A value with its probability.
    public record Entry(NDArray value, double probability) {}

    /// A distribution over a copy of the entries.
    public Marginal {
        entries = List.copyOf(entries);
    }

    static Marginal of(String site, List<Execution> executions, double[] probabilities) {
        Map<double[], Entry> byValue = new TreeMap<>(Comparator.<double[]>comparingInt(x -> x.length).thenComparing(Arrays::compare));
        double absent = 0;
        for (int i = 0; i < probabilities.length; i++) {
            NDArray value = executions.get(i).values().get(site);
            if (value == null) {
                absent += probabilities[i];
                continue;
            }
            double[] numbers = value.toDoubleArray();
            Entry before = byValue.get(numbers);
            byValue.put(numbers, new Entry(value, probabilities[i] + (before == null ? 0 : before.probability())));
        }
        return new Marginal(site, new ArrayList<>(byValue.values()), absent);
    }

    /// {@return the probability of a value; 0 if it never occurred}
    ///
    /// @param value a number for a scalar site, an array otherwise
    public double probability(Number value) {
        double[] numbers = NDArray.as(value).toDoubleArray();
        return entries.stream()
                .filter(e -> Arrays.equals(e.value().toDoubleArray(), numbers))
                .mapToDouble(Entry::probability)
                .sum();
    }

    /// {@return a line for each value: the value and its probability}
    @Override
    public String toString() {
        var text = new StringBuilder(site);
        entries.forEach(e -> text.append("\n  %-12s %.6f".formatted(e.value(), e.probability())));
        if (absent > 0) {
            text.append("\n  %-12s %.6f".formatted("absent", absent));
        }
        return text.toString();
    }
}
