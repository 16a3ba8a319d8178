package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.LaneDensity;
import kiln.infer.LogDensity;

/// Makes the leapfrog steps of several chains together: the two halves of each by the metric of its chain, the density between them for all
/// chains at a time.
///
/// Between two steps a lane remembers nothing, so any chain can take any lane. What lanes without a chain compute is not looked at.
final class LaneSteps {
    private final LogDensity density;
    private final int dimension;
    private final int lanes;
    private final Optional<LaneDensity> together;
    private final double[] positions;
    private final double[] values;
    private final double[] gradients;

    /// @param most so many chains at a time at most, ≥ 1
    LaneSteps(LogDensity density, int most) {
        this.density = density;
        dimension = density.dimension();
        lanes = Math.ceilDiv(most, LaneChains.MULTIPLE) * LaneChains.MULTIPLE;
        together = most < LaneChains.LEAST || dimension == 0 ? Optional.empty() : density.lanes(lanes);
        positions = new double[dimension * lanes];
        values = new double[lanes];
        gradients = new double[dimension * lanes];
    }

    /// Makes one step of each chain that is in a transition and wants one.
    ///
    /// @param chains the first `count` are in a transition
    void step(HamiltonianChain[] chains, int count) {
        if (together.isEmpty() || count < LaneChains.LEAST) {
            for (int k = 0; k < count; k++) {
                SteppedTrajectory t = chains[k].stepped();
                LeapFrog.step(density, chains[k].metric(), t.eps(), t.from(), t.to());
            }
            return;
        }
        for (int k = 0; k < count; k++) {
            SteppedTrajectory t = chains[k].stepped();
            LeapFrog.begin(chains[k].metric(), t.eps(), t.from(), t.to());
            double[] q = t.to().position;
            for (int i = 0, at = k; i < q.length; i++, at += lanes) {
                positions[at] = q[i];
            }
        }
        together.get().valuesAndGradients(positions, values, gradients);
        for (int k = 0; k < count; k++) {
            SteppedTrajectory t = chains[k].stepped();
            double[] g = t.to().gradient;
            for (int i = 0, at = k; i < g.length; i++, at += lanes) {
                g[i] = gradients[at];
            }
            LeapFrog.end(chains[k].metric(), t.eps(), values[k], t.to());
        }
    }
}
