package kiln.infer.mcmc;

import java.util.Optional;
import java.util.stream.IntStream;
import kiln.math.SymmetricEigen;

/// Makes a metric of an estimate in coordinates that were scaled first, in the form that is cheapest to use.
final class ScaledMetric {
    /// A direction whose scale differs from the coordinates' by less than this factor is not worth its cost.
    private static final double LEAST_STRENGTH = 2;

    /// The same in few dimensions, where a full matrix costs little: directions replace it if they leave out next to nothing.
    private static final double LEAST_STRENGTH_OF_FEW = 1.5;

    private static final int FEW = 16;

    /// A full matrix takes `d²` operations, `k` directions take `2 d k`; below this dimension neither is noticed.
    private static final int SMALL = 8;

    /// A matrix nearer to singular than this has no meaningful inverse.
    private static final double SINGULAR = 1e-13;

    private ScaledMetric() {}

    /// {@return the metric `D½ M D½`; empty if `M` is not finite and positive definite}
    ///
    /// With few strong directions among many, `M` is replaced by them: its other eigenvalues, between ½ and 2 (⅔ and 1.5 below 16 dimensions), count as 1.
    ///
    /// @param variances `D`
    /// @param middle    `M`, symmetric; overwritten
    static Optional<Metric> of(double[] variances, double[][] middle) {
        int d = variances.length;
        double[] flat = new double[d * d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(middle[i], 0, flat, i * d, d);
        }
        SymmetricEigen eigen = SymmetricEigen.of(flat, d, d >= SMALL);
        double[] values = eigen.values();
        if (!(values[0] > SINGULAR * values[d - 1] && Double.isFinite(values[d - 1]))) {
            return Optional.empty();
        }
        if (d >= SMALL) {
            double leastStrength = d < FEW ? LEAST_STRENGTH_OF_FEW : LEAST_STRENGTH;
            int[] strong = IntStream.range(0, d).filter(k -> isStrong(values[k], leastStrength)).toArray();
            if (4 * strong.length <= d) {
                double[] vectors = eigen.vectors();
                double[][] directions = new double[strong.length][d];
                double[] strengths = new double[strong.length];
                for (int k = 0; k < strong.length; k++) {
                    strengths[k] = values[strong[k]];
                    for (int i = 0; i < d; i++) {
                        directions[k][i] = vectors[i * d + strong[k]];
                    }
                }
                return Optional.of(of(variances, directions, strengths));
            }
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                middle[i][j] *= Math.sqrt(variances[i]) * Math.sqrt(variances[j]);
            }
        }
        return Optional.of(new DenseMetric(middle));
    }

    /// {@return the metric of some directions; a diagonal without any}
    static Metric of(double[] variances, double[][] directions, double[] strengths) {
        return strengths.length == 0 ? new DiagonalMetric(variances) : new LowRankMetric(variances, directions, strengths);
    }

    static boolean isStrong(double strength) {
        return isStrong(strength, LEAST_STRENGTH);
    }

    private static boolean isStrong(double strength, double least) {
        return strength > least || strength < 1 / least;
    }
}
