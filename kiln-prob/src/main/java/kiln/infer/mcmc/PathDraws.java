package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.diagnostics.PSIS;
import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// Draws of several normal approximations of a density, each with its importance weight `density / normal`.
///
/// Equally many draws of every approximation together stand for the density: a mode that lies lower, or is narrower, has the smaller share.
final class PathDraws {
    private final double[][] draws;
    private final double[] logWeights;
    private final double[] gradient;
    private int count;

    /// @param most the number of draws it has room for
    PathDraws(int most, int dimension) {
        draws = new double[most][dimension];
        logWeights = new double[most];
        gradient = new double[dimension];
    }

    /// Adds draws of an approximation; those without a finite density and gradient are left out.
    void add(PathNormal normal, int n, LogDensity density, ChainRandom random) {
        for (int i = 0; i < n; i++) {
            double log = normal.draw(random, draws[count]);
            double weight = density.valueAndGradient(draws[count], gradient) - log;
            if (Double.isFinite(weight) && Arrays.stream(gradient).allMatch(Double::isFinite)) {
                logWeights[count++] = weight;
            }
        }
    }

    /// {@return whether there is no draw}
    boolean isEmpty() {
        return count == 0;
    }

    /// {@return the weights, their tail smoothed}
    PSIS smoothed() {
        return PSIS.of(Arrays.copyOf(logWeights, count));
    }

    /// {@return `n` of the draws by smoothed weights}
    double[][] resample(PSIS smoothed, int n, ChainRandom random) {
        double[] shares = Arrays.stream(smoothed.logWeights()).map(Elementary::exp).toArray();
        return Systematic.resample(Arrays.copyOf(draws, count), shares, n, random);
    }

    /// {@return one of the draws by its weight as it is: smoothing would lift modes that have none}
    double[] one(ChainRandom random) {
        double most = Arrays.stream(logWeights, 0, count).max().orElseThrow();
        double[] shares = Arrays.stream(logWeights, 0, count).map(w -> Elementary.exp(w - most)).toArray();
        return Systematic.resample(Arrays.copyOf(draws, count), shares, 1, random)[0];
    }
}
