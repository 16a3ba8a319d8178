package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.math.Elementary;

/// The transition of [MixedHMC], see there: leapfrog flows with updates of the discrete coordinates between them.
///
/// The times and the order of the updates have the same law read backwards, so that a trajectory and its reverse are proposed with the same
/// probability; an update conserves `p(z) e^{−k}` with its proposal; what is left to accept or refuse is the energy error of the flows.
final class MixedTrajectory extends LeapFrogTrajectory {
    private final ConditionalDensity density;
    private final DiscreteProposal proposal;
    private final double[] times;
    private final double[] kinetic;
    private final double[] before;
    private final int[] order;

    /// @param density the density of the continuous coordinates, which holds the discrete ones
    MixedTrajectory(MixedHMC kernel, ConditionalDensity density, DiscreteProposal proposal, PhasePoints points) {
        super(density, points, kernel.innerKernel());
        this.density = density;
        this.proposal = proposal;
        times = new double[kernel.numDiscreteUpdates().orElse(proposal.count())];
        kinetic = new double[proposal.count()];
        before = new double[proposal.count()];
        order = new int[proposal.count()];
    }

    @Override
    double follow(double stepSize, Metric metric, ChainRandom random) {
        eps = stepSize;
        double total = fixedSteps > 0 ? fixedSteps * stepSize : length;
        System.arraycopy(density.position, density.dimension(), before, 0, before.length);
        for (int j = 0; j < times.length; j++) {
            times[j] = total * random.uniform();
        }
        Arrays.sort(times);
        for (int i = 0; i < kinetic.length; i++) {
            kinetic[i] = -Elementary.log(random.uniform());
        }
        DiscreteProposal.shuffle(order, random);
        double error = 0;
        double time = 0;
        for (int j = 0; j <= times.length && error < Double.POSITIVE_INFINITY; j++) {
            double until = j < times.length ? times[j] : total;
            int steps = (int) Math.max(1, Math.ceil((until - time) / stepSize));
            error += run(steps, (until - time) / steps, metric);
            time = until;
            if (j < times.length && error < Double.POSITIVE_INFINITY) {
                update(order[j % order.length], last(), metric, random);
            }
        }
        return error;
    }

    /// One discrete coordinate; if it changes, so do density, gradient and energy of the point, which is not the first of the path.
    private void update(int i, PhasePoint at, Metric metric, ChainRandom random) {
        int continuous = density.dimension();
        System.arraycopy(at.position, 0, density.position, 0, continuous);
        if (proposal.propose(i, density.position, at.logDensity, random) && kinetic[i] + proposal.logRatio() > 0) {
            kinetic[i] += proposal.logRatio();
            if (density.position[continuous + i] != proposal.value()) {
                density.position[continuous + i] = proposal.value();
                at.logDensity = density.valueAndGradient(at.position, at.gradient);
                at.setEnergy(metric.complete(at));
            }
        }
    }

    @Override
    void refuse() {
        System.arraycopy(before, 0, density.position, density.dimension(), before.length);
    }
}
