package kiln.math;

/// Adds multiples of rows to rows, the inner kernel of products of matrices, factorisations and triangular systems.
///
/// **This order is a contract** like that of [Sums]: every element takes its products one after the other, a fused multiply-add each.
///
/// ```
/// y[i, j] = fma(± c[i, k − 1], x[k − 1, j], … fma(± c[i, 0], x[0, j], y[i, j]))
/// ```
///
/// It fixes every bit whatever the tiles are, so there are two implementations: [PlainRankUpdate], and [VectorRankUpdate] where the
/// JVM was started with `--add-modules jdk.incubator.vector`.
sealed interface RankUpdate permits PlainRankUpdate, VectorRankUpdate {
    /// Rows that one call changes in the factorisations: enough to find the rows they take from the second-level cache in the first.
    int BLOCK = 16;

    /// Adds or subtracts; the rows of `x` are others than those of `y` that change.
    ///
    /// @param sign 1 or −1
    /// @param c    holds the factors: that of row `y0 + i` and row `x0 + p` is `c[c0 + i · ci + p · cp]`
    /// @param y    rows that change, from `y0` on
    /// @param rows how many of them
    /// @param x    rows that are added, from `x0` on
    /// @param k    how many of them
    /// @param from first column
    /// @param to   column behind the last one
    @SuppressWarnings("TooManyParameters")
    void run(
            double sign, double[] c, int c0, int ci, int cp, double[][] y, int y0, int rows, double[][] x, int x0, int k, int from, int to);

    /// {@return the implementation for this JVM}
    static RankUpdate best() {
        return Chosen.BEST;
    }

    /// Decided once, at the first use.
    final class Chosen {
        private static final RankUpdate BEST = hasVectorApi() ? new VectorRankUpdate() : new PlainRankUpdate();

        private Chosen() {}

        private static boolean hasVectorApi() {
            return ModuleLayer.boot()
                    .findModule("jdk.incubator.vector")
                    .filter(RankUpdate.class.getModule()::canRead)
                    .isPresent();
        }
    }
}
