package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A density between a prior and a posterior, `prior · likelihood^λ`.
///
/// ```
/// L_λ(q) = (1 − λ) L_prior(q) + λ L_joint(q)
/// ```
final class TemperedDensity implements LogDensity {
    private final LogDensity prior;
    private final LogDensity joint;
    private final double[] jointGradient;
    private double temperature;
    private double logLikelihood;
    private long count;

    TemperedDensity(LogDensity prior, LogDensity joint) {
        this.prior = prior;
        this.joint = joint;
        jointGradient = new double[joint.dimension()];
    }

    /// @param v `λ` in [0, 1]
    void temperature(double v) {
        temperature = v;
    }

    @Override
    public int dimension() {
        return joint.dimension();
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        count++;
        double base = prior.valueAndGradient(position, gradient);
        double whole = joint.valueAndGradient(position, jointGradient);
        double difference = whole - base;
        logLikelihood = Double.isNaN(difference) ? Double.NEGATIVE_INFINITY : difference;
        if (temperature == 0) {
            // Where the likelihood is 0 the prior still counts.
            return base;
        }
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += temperature * (jointGradient[i] - gradient[i]);
        }
        return base + temperature * difference;
    }

    /// {@return the log likelihood at the last position; −∞ where it cannot be computed}
    double logLikelihood() {
        return logLikelihood;
    }

    /// @param before evaluations made before this process
    void counted(long before) {
        count = before;
    }

    /// {@return the number of evaluations}
    long count() {
        return count;
    }
}
