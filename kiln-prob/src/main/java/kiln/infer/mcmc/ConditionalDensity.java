package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.SplitDensity;

/// The density of the first coordinates of a [SplitDensity], given the last ones; belongs to one chain.
final class ConditionalDensity implements LogDensity {
    private final SplitDensity density;
    private final int continuous;
    private final double[] gradient;

    /// All coordinates: the last ones are given, the first ones overwritten by every evaluation.
    final double[] position;

    /// @param position all coordinates; kept
    ConditionalDensity(SplitDensity density, double[] position) {
        this.density = density;
        continuous = density.continuous();
        this.position = position;
        gradient = new double[position.length];
    }

    /// {@return the density of all coordinates}
    SplitDensity whole() {
        return density;
    }

    @Override
    public int dimension() {
        return continuous;
    }

    @Override
    public double valueAndGradient(double[] q, double[] g) {
        System.arraycopy(q, 0, position, 0, continuous);
        double value = density.valueAndGradient(position, gradient);
        System.arraycopy(gradient, 0, g, 0, continuous);
        return value;
    }

    @Override
    public double value(double[] q, double[] scratch) {
        System.arraycopy(q, 0, position, 0, continuous);
        return density.value(position, gradient);
    }
}
