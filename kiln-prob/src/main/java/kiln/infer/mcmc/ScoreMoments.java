package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// The estimate from running variances, or covariances, of positions and scores; a full matrix once there are as many draws as coordinates.
final class ScoreMoments implements FisherEstimate {
    /// The fewest draws a full matrix is made from.
    private static final int LEAST_DENSE = 10;

    private final boolean dense;
    private final Welford positions;
    private final Welford scores;

    /// @param dense whether covariances are kept
    ScoreMoments(int dimension, boolean dense) {
        this.dense = dense;
        positions = new Welford(dimension, dense);
        scores = new Welford(dimension, dense);
    }

    @Override
    public void save(ChainState.Builder state, String name) {
        positions.save(state, name + ".positions");
        scores.save(state, name + ".scores");
    }

    @Override
    public void restore(ChainState state, String name) {
        positions.restore(state, name + ".positions");
        scores.restore(state, name + ".scores");
    }

    @Override
    public void add(double[] position, double[] score) {
        positions.add(position);
        scores.add(score);
    }

    @Override
    public long count() {
        return positions.count();
    }

    @Override
    public void clear() {
        positions.clear();
        scores.clear();
    }

    @Override
    public Metric metric(Metric old) {
        int d = old.dimension();
        double[] s = new double[d];
        boolean complete = true;
        for (int i = 0; i < d; i++) {
            double ratio = scale(i);
            complete &= isUsable(ratio);
            s[i] = isUsable(ratio) ? ratio : old.variance(i);
        }
        if (!dense || !complete || count() < Math.max(LEAST_DENSE, d)) {
            return new DiagonalMetric(s);
        }
        double[][] x = new double[d][d];
        double[][] g = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double r = Math.sqrt(s[i]) * Math.sqrt(s[j]);
                x[i][j] = positions.covariance(i, j) / r;
                g[i][j] = scores.covariance(i, j) * r;
            }
        }
        return ScaledMetric.of(s, GeometricMean.of(x, g)).orElseGet(() -> new DiagonalMetric(s));
    }

    /// `√(Var x_i / Var g_i)`.
    double scale(int i) {
        return Math.sqrt(positions.variance(i) / scores.variance(i));
    }

    static boolean isUsable(double scale) {
        return scale > Double.MIN_NORMAL && scale < Double.POSITIVE_INFINITY;
    }
}
