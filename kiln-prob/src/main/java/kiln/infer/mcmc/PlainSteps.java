package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// One leapfrog step from point to point.
///
/// @param density what is integrated
record PlainSteps(LogDensity density) implements Integrator {
    @Override
    public boolean step(Metric metric, double eps, PhasePoint from, PhasePoint to) {
        LeapFrog.step(density, metric, eps, from, to);
        return true;
    }

    @Override
    public int gradients() {
        return 1;
    }

    @Override
    public double acceptance(double weight) {
        return weight;
    }

    @Override
    public boolean diverging() {
        return false;
    }
}
