package kiln.infer.mcmc;

import kiln.math.Elementary;

/// A step from one power of the likelihood to the next: the weights of the particles, their mean, and the draw of survivors.
final class Tempering {
    /// To this many nats per nat of log likelihood the power is determined.
    private static final double TOLERANCE = 1e-12;

    private final double power;
    private final double[] weights;
    private final double logMeanWeight;

    private Tempering(double power, double[] weights, double logMeanWeight) {
        this.power = power;
        this.weights = weights;
        this.logMeanWeight = logMeanWeight;
    }

    /// The largest step whose weights `exp((λ′ − λ) log likelihood)` have an effective number `(Σ w)² / Σ w²` of at least a fraction.
    ///
    /// @param power       `λ` in [0, 1)
    /// @param essFraction effective number per particle, in (0, 1)
    static Tempering after(double power, double[] logLikelihoods, double essFraction) {
        Tempering whole = to(1, power, logLikelihoods);
        if (whole.essFraction() >= essFraction) {
            return whole;
        }
        double low = power;
        double high = 1;
        while (high - low > TOLERANCE * high) {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) {
                break;
            }
            if (to(middle, power, logLikelihoods).essFraction() >= essFraction) {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Where even the smallest step loses too many, as with a likelihood that is 0 at most particles, the step is the smallest one.
        return to(high, power, logLikelihoods);
    }

    private static Tempering to(double next, double power, double[] logLikelihoods) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double l : logLikelihoods) {
            largest = Math.max(largest, l);
        }
        double[] weights = new double[logLikelihoods.length];
        if (largest == Double.NEGATIVE_INFINITY) {
            return new Tempering(next, weights, Double.NEGATIVE_INFINITY);
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Elementary.exp((next - power) * (logLikelihoods[i] - largest));
            sum += weights[i];
        }
        return new Tempering(next, weights, (next - power) * largest + Elementary.log(sum / weights.length));
    }

    private double essFraction() {
        double sum = 0;
        double squares = 0;
        for (double w : weights) {
            sum += w;
            squares += w * w;
        }
        return squares > 0 ? sum * sum / squares / weights.length : 0;
    }

    /// {@return `λ′`}
    double power() {
        return power;
    }

    /// {@return the log of the mean weight: what this step adds to the log evidence}
    double logMeanWeight() {
        return logMeanWeight;
    }

    /// {@return as many survivors as there are particles}
    double[][] resample(double[][] particles, ChainRandom random) {
        return Systematic.resample(particles, weights, particles.length, random);
    }
}
