package kiln.infer.mcmc;

import kiln.infer.DiscreteDensity;
import kiln.math.Elementary;

/// The move of [DiscreteHMCGibbs]: every discrete coordinate once, in random order.
final class DiscreteSweep implements GibbsMove {
    private final DiscreteProposal proposal;
    private final int continuous;
    private final int[] order;
    private double acceptProb = 1;

    DiscreteSweep(DiscreteDensity density, DiscreteProposal proposal) {
        this.proposal = proposal;
        continuous = density.continuous();
        order = new int[proposal.count()];
    }

    @Override
    public void move(double[] position, double logDensity, ChainRandom random) {
        DiscreteProposal.shuffle(order, random);
        double now = logDensity;
        double sum = 0;
        int proposed = 0;
        for (int i : order) {
            if (!proposal.propose(i, position, now, random)) {
                continue;
            }
            proposed++;
            sum += MetropolisTrajectory.probability(proposal.logRatio());
            if (proposal.isExact() || Elementary.log(random.uniform()) < proposal.logRatio()) {
                position[continuous + i] = proposal.value();
                now = proposal.logDensity();
            }
        }
        acceptProb = proposed == 0 ? 1 : sum / proposed;
    }

    @Override
    public double acceptProb() {
        return acceptProb;
    }
}
