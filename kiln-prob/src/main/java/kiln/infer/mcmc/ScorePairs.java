package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kiln.math.SymmetricEigen;

/// The estimate for many dimensions: running variances for the diagonal, and the latest draws for a few strong directions.
///
/// The directions come from the draws at even places: of the space spanned by their scaled positions and scores, the eigenvectors of the
/// geometric mean of both covariances. Their strengths come from the draws at odd places, `√(Var u·x / Var u·g)`. A direction that the
/// first half suggests by chance, as half of them are when there are fewer draws than dimensions, is found to be nothing special by the
/// second and is left out.
///
/// Differs from nuts-rs, which takes directions and strengths from the same draws.
final class ScorePairs implements FisherEstimate {
    private static final int MOST = 128;
    private static final int LEAST_FOR_DIRECTIONS = 40;

    /// A vector that keeps less than this part of its length outside of the span of others adds nothing but rounding.
    private static final double DEPENDENT = 1e-6;

    private final ScoreMoments moments;
    private final double[][] positions;
    private final double[][] scores;
    private long count;

    ScorePairs(int dimension) {
        this(new ScoreMoments(dimension, false), new double[MOST][], new double[MOST][], 0);
    }

    private ScorePairs(ScoreMoments moments, double[][] positions, double[][] scores, long count) {
        this.moments = moments;
        this.positions = positions;
        this.scores = scores;
        this.count = count;
    }

    @Override
    public void add(double[] position, double[] score) {
        moments.add(position, score);
        int at = (int) (count++ % MOST);
        positions[at] = position.clone();
        scores[at] = score.clone();
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
    public FisherEstimate copy() {
        // The rows are never changed once they are in.
        return new ScorePairs((ScoreMoments) moments.copy(), positions.clone(), scores.clone(), count);
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
        List<double[]> directions = candidates(centred(positions, inverse, 0, kept), centred(scores, s, 0, kept));
        double[][] x = centred(positions, inverse, 1, kept);
        double[][] g = centred(scores, s, 1, kept);
        double[] strengths = directions.stream().mapToDouble(u -> Math.sqrt(squares(x, u) / squares(g, u))).toArray();
        int[] strong = IntStream.range(0, strengths.length)
                .filter(k -> ScoreMoments.isUsable(strengths[k]) && ScaledMetric.isStrong(strengths[k]))
                .toArray();
        return ScaledMetric.of(variances, Arrays.stream(strong).mapToObj(directions::get).toArray(double[][]::new),
                Arrays.stream(strong).mapToDouble(k -> strengths[k]).toArray());
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

    private static double squares(double[][] rows, double[] u) {
        double sum = 0;
        for (double[] row : rows) {
            double along = Dots.dot(row, u);
            sum += along * along;
        }
        return sum;
    }

    /// The strong eigenvectors of the geometric mean within the span of both samples.
    private static List<double[]> candidates(double[][] x, double[][] g) {
        List<double[]> basis = new ArrayList<>();
        for (double[][] rows : List.of(x, g)) {
            for (double[] row : rows) {
                extend(basis, row.clone());
            }
        }
        SymmetricEigen eigen = eigen(GeometricMean.of(covariance(x, basis), covariance(g, basis)));
        int m = basis.size();
        double[] vectors = eigen.vectors();
        List<double[]> out = new ArrayList<>();
        for (int k = 0; k < m; k++) {
            if (ScaledMetric.isStrong(eigen.values()[k])) {
                double[] u = new double[x[0].length];
                for (int b = 0; b < m; b++) {
                    double weight = vectors[b * m + k];
                    double[] row = basis.get(b);
                    for (int i = 0; i < u.length; i++) {
                        u[i] += weight * row[i];
                    }
                }
                out.add(u);
            }
        }
        return out;
    }

    private static SymmetricEigen eigen(double[][] a) {
        int m = a.length;
        double[] flat = new double[m * m];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a[i], 0, flat, i * m, m);
        }
        return SymmetricEigen.of(flat, m, true);
    }

    /// Adds the part of a vector that is orthogonal to the basis, by Gram and Schmidt, twice, which is enough (Kahan and Parlett).
    private static void extend(List<double[]> basis, double[] v) {
        double length = Math.sqrt(Dots.dot(v, v));
        for (int pass = 0; pass < 2; pass++) {
            for (double[] b : basis) {
                double along = Dots.dot(b, v);
                for (int i = 0; i < v.length; i++) {
                    v[i] -= along * b[i];
                }
            }
        }
        double rest = Math.sqrt(Dots.dot(v, v));
        if (rest > DEPENDENT * length) {
            for (int i = 0; i < v.length; i++) {
                v[i] /= rest;
            }
            basis.add(v);
        }
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
