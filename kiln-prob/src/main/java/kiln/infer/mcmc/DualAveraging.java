package kiln.infer.mcmc;

import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// Nesterov's dual averaging as Hoffman and Gelman use it to tune the step size: drives the mean of a statistic to zero.
///
/// ```
/// t ← t + 1;  η = 1/(t + t₀);  s̄ ← (1−η) s̄ + η g;  x = μ − s̄ √t / γ;  w = t^−κ;  x̄ ← (1−w) x̄ + w x
/// ```
///
/// with `t₀ = 10`, `κ = 0.75`, and for step sizes `x = log ε`, `g = δ − acceptance`, `γ = 0.05`, `μ = log(10 ε₀)`.
///
/// Source: Hoffman and Gelman, *The No-U-Turn Sampler* (2014), section 3.2; Nesterov (2009).
final class DualAveraging {
    static final double GAMMA = 0.05;
    private static final double OFFSET = 10;

    private final double gamma;
    private double centre;
    private long count;
    private double meanStatistic;
    private double iterate;
    private double average;

    /// @param gamma  strength of the pull towards the centre, > 0
    /// @param centre `μ`, where the iterates start from
    DualAveraging(double gamma, double centre) {
        this.gamma = gamma;
        restart(centre);
    }

    void save(ChainState.Builder state) {
        state.put("averaging.count", count).put("averaging.numbers", centre, meanStatistic, iterate, average);
    }

    void restore(ChainState state) {
        count = state.integer("averaging.count");
        double[] numbers = state.doubles("averaging.numbers");
        centre = numbers[0];
        meanStatistic = numbers[1];
        iterate = numbers[2];
        average = numbers[3];
    }

    /// Forgets all statistics; until the next update iterate and average are `μ`.
    void restart(double newCentre) {
        centre = newCentre;
        count = 0;
        meanStatistic = 0;
        iterate = newCentre;
        average = newCentre;
    }

    /// @param g the statistic whose mean is to vanish; increasing in `x`
    void update(double g) {
        count++;
        double eta = 1 / (count + OFFSET);
        meanStatistic = (1 - eta) * meanStatistic + eta * g;
        double root = Math.sqrt((double) count);
        iterate = centre - meanStatistic * root / gamma;
        double w = 1 / (root * Math.sqrt(root)); // t^−0.75 by exactly rounded roots
        average = (1 - w) * average + w * iterate;
    }

    /// {@return the number of updates since the restart}
    long count() {
        return count;
    }

    /// {@return `x`, the value to try next}
    double iterate() {
        return iterate;
    }

    /// {@return `x̄`, the value to keep}
    double average() {
        return average;
    }

    /// The centre for a step size: ten times as large, since a large step is found out cheaply.
    static double centreFor(double stepSize) {
        return Elementary.log(10 * stepSize);
    }
}
