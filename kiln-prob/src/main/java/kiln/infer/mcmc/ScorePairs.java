package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import kiln.infer.store.ChainState;
import kiln.math.SymmetricEigen;

/// The estimate for many dimensions: running variances for the diagonal, and the latest draws for a few strong directions.
///
/// A plane of at most 16 dimensions comes from the draws at even places: of the space spanned by their scaled positions and scores, the
/// strongest eigenvectors of the geometric mean of both covariances. Directions and strengths within it come from the draws at odd places,
/// in the same way. What the first half suggests by chance, as most of it is when there are fewer draws than dimensions, is found to be
/// nothing special by the second and is left out.
///
/// Differs from nuts-rs, which takes directions and strengths from the same draws.
final class ScorePairs implements FisherEstimate {
    private static final int MOST = 128;
    private static final int LEAST_FOR_DIRECTIONS = 40;
    private static final int MOST_DIRECTIONS = 16;

    private final ScoreMoments moments;
    private final double[][] positions;
    private final double[][] scores;
    private long count;

    ScorePairs(int dimension) {
        moments = new ScoreMoments(dimension, false);
        positions = new double[MOST][dimension];
        scores = new double[MOST][dimension];
    }

    @Override
    public void save(ChainState.Builder state, String name) {
        moments.save(state, name);
        state.put(name + ".pairs", count)
                .put(name + ".lastPositions", Arrays.stream(positions).flatMapToDouble(Arrays::stream).toArray())
                .put(name + ".lastScores", Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray());
    }

    @Override
    public void restore(ChainState state, String name) {
        moments.restore(state, name);
        count = state.integer(name + ".pairs");
        double[] x = state.doubles(name + ".lastPositions");
        double[] g = state.doubles(name + ".lastScores");
        for (int r = 0; r < MOST; r++) {
            int d = positions[r].length;
            System.arraycopy(x, r * d, positions[r], 0, d);
            System.arraycopy(g, r * d, scores[r], 0, d);
        }
    }

    @Override
    public void add(double[] position, double[] score) {
        moments.add(position, score);
        int at = (int) (count++ % MOST);
        System.arraycopy(position, 0, positions[at], 0, position.length);
        System.arraycopy(score, 0, scores[at], 0, score.length);
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void clear() {
        moments.clear();
        count = 0;
    }

    @Override
    public Metric metric(Metric old) {
        int d = old.dimension();
        double[] s = new double[d];
        for (int i = 0; i < d; i++) {
            double ratio = moments.scale(i);
            if (!ScoreMoments.isUsable(ratio)) {
                return moments.metric(old);
            }
            s[i] = Math.sqrt(ratio);
        }
        int kept = (int) Math.min(count, MOST);
        double[] variances = Arrays.stream(s).map(r -> r * r).toArray();
        if (kept < LEAST_FOR_DIRECTIONS) {
            return new DiagonalMetric(variances);
        }
        double[] inverse = Arrays.stream(s).map(r -> 1 / r).toArray();
        List<double[]> span = new ArrayList<>();
        double[][] x = centred(positions, inverse, 0, kept);
        double[][] g = centred(scores, s, 0, kept);
        for (double[][] rows : List.of(x, g)) {
            for (double[] row : rows) {
                Orthonormal.extend(span, row.clone());
            }
        }
        List<Direction> plane = strongest(x, g, span);
        List<Direction> directions = strongest(centred(positions, inverse, 1, kept), centred(scores, s, 1, kept),
                plane.stream().map(u -> u.vector).toList());
        return ScaledMetric.of(variances, directions.stream().map(u -> u.vector).toArray(double[][]::new),
                directions.stream().mapToDouble(u -> u.strength).toArray());
    }

    /// A unit vector and the eigenvalue that belongs to it.
    private static final class Direction {
        final double[] vector;
        final double strength;

        Direction(double[] vector, double strength) {
            this.vector = vector;
            this.strength = strength;
        }
    }

    /// Every other row, scaled, less their mean.
    private static double[][] centred(double[][] rows, double[] scale, int first, int kept) {
        double[][] out = new double[(kept - first + 1) / 2][scale.length];
        for (int i = 0; i < scale.length; i++) {
            double mean = 0;
            for (int r = 0; r < out.length; r++) {
                out[r][i] = rows[2 * r + first][i] * scale[i];
                mean += out[r][i] / out.length;
            }
            for (double[] row : out) {
                row[i] -= mean;
            }
        }
        return out;
    }

    /// The strong eigenvectors of the geometric mean within the span of a basis, the strongest first; none if it is not finite.
    private static List<Direction> strongest(double[][] x, double[][] g, List<double[]> basis) {
        SymmetricEigen eigen = eigen(GeometricMean.of(covariance(x, basis), covariance(g, basis)));
        int m = basis.size();
        double[] values = eigen.values();
        double[] vectors = eigen.vectors();
        return IntStream.range(0, m)
                .filter(k -> ScoreMoments.isUsable(values[k]) && ScaledMetric.isStrong(values[k]))
                .boxed()
                .sorted(Comparator.comparingDouble(k -> -Math.max(values[k], 1 / values[k])))
                .limit(MOST_DIRECTIONS)
                .map(k -> {
                    double[] u = new double[x[0].length];
                    for (int b = 0; b < m; b++) {
                        double weight = vectors[b * m + k];
                        double[] row = basis.get(b);
                        for (int i = 0; i < u.length; i++) {
                            u[i] += weight * row[i];
                        }
                    }
                    return new Direction(u, values[k]);
                })
                .toList();
    }

    private static SymmetricEigen eigen(double[][] a) {
        int m = a.length;
        double[] flat = new double[m * m];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a[i], 0, flat, i * m, m);
        }
        return SymmetricEigen.of(flat, m, true);
    }

    private static double[][] covariance(double[][] rows, List<double[]> basis) {
        int m = basis.size();
        double[][] projected = new double[m][rows.length];
        for (int b = 0; b < m; b++) {
            for (int r = 0; r < rows.length; r++) {
                projected[b][r] = Dots.dot(rows[r], basis.get(b));
            }
        }
        double[][] c = new double[m][m];
        for (int a = 0; a < m; a++) {
            for (int b = 0; b <= a; b++) {
                c[a][b] = Dots.dot(projected[a], projected[b]) / (rows.length - 1);
                c[b][a] = c[a][b];
            }
        }
        return c;
    }
}
