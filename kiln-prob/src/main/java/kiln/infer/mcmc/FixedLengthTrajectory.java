package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// The transition of plain Hamiltonian Monte Carlo: a fixed number of leapfrog steps, then Metropolis' choice between the two ends.
///
/// ```
/// n given:        n steps of ε
/// length given:   n = ⌈length / ε⌉ steps of length / n
/// ```
///
/// Source: Duane, Kennedy, Pendleton and Roweth, *Hybrid Monte Carlo* (1987).
final class FixedLengthTrajectory extends LeapFrogTrajectory {
    FixedLengthTrajectory(LogDensity density, PhasePoints points, HMC kernel) {
        super(density, points, kernel);
    }

    @Override
    double follow(double stepSize, Metric metric, ChainRandom random) {
        int planned = fixedSteps > 0 ? fixedSteps : (int) Math.max(1, Math.ceil(length / stepSize));
        eps = fixedSteps > 0 ? stepSize : length / planned;
        return run(planned, eps, metric);
    }

    @Override
    void refuse() {}
}
