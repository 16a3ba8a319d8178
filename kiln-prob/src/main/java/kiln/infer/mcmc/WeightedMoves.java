package kiln.infer.mcmc;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The moves of an ensemble sampler with the probabilities of their choice.
///
/// @param <M>     the kind of move
/// @param moves   the moves, in the order of their descriptions, which does not depend on the map they came in
/// @param weights probability of each; they sum to 1
record WeightedMoves<M>(List<M> moves, List<Double> weights) {
    /// Normalises.
    ///
    /// @throws IllegalArgumentException if there is no move, a weight is negative or not finite, or all are 0
    static <M> WeightedMoves<M> of(String kernel, Map<? extends M, Double> weights) {
        double sum = weights.values().stream().mapToDouble(w -> w).sum();
        if (!(sum > 0 && Double.isFinite(sum) && weights.values().stream().allMatch(w -> w >= 0))) {
            throw new IllegalArgumentException(kernel + ": the weights of the moves must be ≥ 0 and not all 0.\n  Got:      " + weights);
        }
        var sorted = weights.entrySet().stream().sorted(Comparator.comparing(e -> e.getKey().toString())).toList();
        return new WeightedMoves<>(sorted.stream().<M>map(Map.Entry::getKey).toList(), sorted.stream().map(e -> e.getValue() / sum).toList());
    }

    /// {@return a move, drawn by its weight}
    M choose(ChainRandom random) {
        if (moves.size() == 1) {
            return moves.getFirst();
        }
        double u = random.uniform();
        for (int i = 0; i < moves.size() - 1; i++) {
            u -= weights.get(i);
            if (u < 0) {
                return moves.get(i);
            }
        }
        return moves.getLast();
    }
}
