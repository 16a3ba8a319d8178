package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import kiln.diagnostics.Uniformity;

/// The ranks of a simulation-based calibration, and whether they are uniform; see [SBC].
///
/// @param numDraws   number of draws `L` that each value was ranked among
/// @param quantities what was ranked, by name
/// @param lowEss     number of simulations in which the draws of some site were worth less than half of `L` independent ones: their ranks
///                   vary too much, so take a larger thinning
public record SBCResult(int numDraws, SequencedMap<String, Quantity> quantities, int lowEss) {
    /// One quantity over all simulations.
    ///
    /// @param ranks       rank of the true value among the draws, in `0 … numDraws`
    /// @param meanZ       mean of `(posterior mean − truth) / posterior sd`: about 0
    /// @param contraction `1 − mean posterior variance / variance of the true values`: how much the data tell, near 1 for very much
    public record Quantity(List<Integer> ranks, double meanZ, double contraction) {
        /// Copies the list.
        public Quantity {
            ranks = List.copyOf(ranks);
        }

        int[] array() {
            return ranks.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    static SBCResult of(List<SBC.Simulation> simulations, int numDraws) {
        List<String> labels = simulations.getFirst().labels();
        var quantities = new LinkedHashMap<String, Quantity>();
        int count = simulations.size();
        for (int q = 0; q < labels.size(); q++) {
            List<Integer> ranks = new ArrayList<>();
            double z = 0;
            double variance = 0;
            double mean = 0;
            double square = 0;
            for (SBC.Simulation s : simulations) {
                ranks.add(s.ranks().get(q));
                z += s.z().get(q) / count;
                variance += s.posteriorSd().get(q) * s.posteriorSd().get(q) / count;
                mean += s.truth().get(q) / count;
            }
            for (SBC.Simulation s : simulations) {
                square += (s.truth().get(q) - mean) * (s.truth().get(q) - mean) / (count - 1);
            }
            quantities.put(labels.get(q), new Quantity(ranks, z, 1 - variance / square));
        }
        int low = (int) simulations.stream().filter(s -> s.ess() < 0.5 * numDraws).count();
        return new SBCResult(numDraws, java.util.Collections.unmodifiableSequencedMap(quantities), low);
    }

    /// {@return the test of one quantity}
    ///
    /// @param quantity   its name
    /// @param falseAlarm probability that a right sampler fails it, in (0, 1)
    /// @throws IllegalArgumentException if there is no such quantity
    public Uniformity uniformity(String quantity, double falseAlarm) {
        Quantity q = quantities.get(quantity);
        if (q == null) {
            throw new IllegalArgumentException("SBC: there is no quantity \"" + quantity + "\".\n  Expected: one of " + quantities.keySet());
        }
        return Uniformity.ofRanks(q.array(), numDraws, falseAlarm);
    }

    /// {@return whether all quantities are uniform}
    ///
    /// @param falseAlarm probability that a right sampler fails, at most, in (0, 1); it is shared out among the quantities
    /// @throws IllegalArgumentException if it is outside
    public boolean isCalibrated(double falseAlarm) {
        return failures(falseAlarm).isEmpty();
    }

    /// {@return the quantities that are not uniform, see [#isCalibrated]}
    ///
    /// @throws IllegalArgumentException if `falseAlarm` is outside (0, 1)
    public List<String> failures(double falseAlarm) {
        if (!(falseAlarm > 0 && falseAlarm < 1)) {
            throw new IllegalArgumentException("SBC: falseAlarm must lie in (0, 1): the probability that a right sampler fails.\n  Got:      " + falseAlarm);
        }
        return quantities.keySet().stream()
                .filter(name -> !uniformity(name, falseAlarm / quantities.size()).isUniform()).toList();
    }

    /// A line for each quantity, tested at a false alarm of 5 %.
    @Override
    public String toString() {
        int width = quantities.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder("\n" + " ".repeat(width) + "    mean z  contraction  ranks\n");
        quantities.forEach((name, q) -> text.append(String.format(Locale.ROOT, "%" + width + "s  %8.2f  %11.2f  %s\n", name, q.meanZ(),
                q.contraction(), uniformity(name, 0.05))));
        if (lowEss > 0) {
            text.append(lowEss).append(" simulations had draws worth less than half as many independent ones: take a larger thinning.\n");
        }
        return text.append('\n').toString();
    }
}
