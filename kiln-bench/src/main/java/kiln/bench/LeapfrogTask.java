package kiln.bench;

import kiln.infer.LogDensity;
import kiln.infer.mcmc.Chain;
import kiln.infer.mcmc.NUTS;

/// NUTS transitions after a warm-up; one operation is one leapfrog step with its share of all that NUTS does around it.
final class LeapfrogTask implements Task {
    private static final int WARMUP = 300;

    private final Chain chain;
    private final double[] position;

    LeapfrogTask(NUTS sampler, LogDensity density, double[] point) {
        chain = sampler.start(density, point, 1, WARMUP);
        position = point.clone();
        run(WARMUP);
    }

    @Override
    public long run(int n) {
        long steps = 0;
        for (int i = 0; i < n; i++) {
            chain.next(position);
            steps += chain.numSteps();
        }
        return steps;
    }
}
