package kiln.infer.mcmc;

/// Systematic resampling: with one random number, each row as often as its weight says, up to one more or less.
///
/// Source: Kitagawa, *Monte Carlo filter and smoother for non-Gaussian nonlinear state space models* (1996), appendix.
final class Systematic {
    private Systematic() {}

    /// Draws rows by their weights.
    ///
    /// @param weights ≥ 0, not all 0; need not add up to 1
    /// @param n       how many rows
    /// @return copies of rows, in their order
    static double[][] resample(double[][] rows, double[] weights, int n, ChainRandom random) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        double[][] out = new double[n][];
        double offset = random.uniform();
        double below = 0;
        int kept = 0;
        int last = 0;
        for (int i = 0; i < rows.length; i++) {
            below += weights[i] / sum * n;
            last = weights[i] > 0 ? i : last;
            while (kept < n && kept + offset < below) {
                out[kept++] = rows[i].clone();
            }
        }
        while (kept < n) { // rounding may leave the last one out
            out[kept++] = rows[last].clone();
        }
        return out;
    }
}
