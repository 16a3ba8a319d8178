package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.LaneDensity;
import kiln.infer.LogDensity;

/// Makes the steps of several chains together: the two halves of each as its trajectory makes them, the density between them for some
/// chains at a time.
///
/// Between two steps a lane remembers nothing, so any chain can take any lane.
final class LaneSteps {
    /// The most chains whose density is evaluated together. Eight gained nothing over four in any recursion that was measured, and the loop of eight took HotSpot
    /// longer to compile, which the first runs of a process paid for.
    static final int WIDEST = 4;

    private final LogDensity density;
    private final Optional<LaneDensity> together;
    private final int lanes;
    private final double[][] positions;
    private final double[][] gradients;
    private final double[] values;

    /// @param most so many chains at a time at most, ≥ 1
    LaneSteps(LogDensity density, int most) {
        this.density = density;
        Optional<LaneDensity> found = Optional.empty();
        for (int n = Math.min(WIDEST, Integer.highestOneBit(most)); n > 1 && found.isEmpty(); n /= 2) {
            found = density.lanes(n);
        }
        together = found;
        lanes = found.map(LaneDensity::lanes).orElse(1);
        positions = new double[lanes][];
        gradients = new double[lanes][];
        values = new double[lanes];
    }

    /// {@return whether the density can be evaluated for several chains at a time}
    boolean isShared() {
        return together.isPresent();
    }

    /// Makes one step of each chain.
    ///
    /// @param chains the first `count` are in a transition and want a step
    void step(HamiltonianChain[] chains, int count) {
        int done = 0;
        for (; count - done >= lanes && together.isPresent(); done += lanes) {
            step(chains, done, together.get());
        }
        for (; done < count; done++) {
            alone(chains[done]);
        }
    }

    private void alone(HamiltonianChain chain) {
        SteppedTrajectory t = chain.stepped();
        t.beforeDensity(chain.dynamics());
        t.evaluate(density, t.to());
        t.afterDensity(chain.dynamics());
    }

    private void step(HamiltonianChain[] chains, int first, LaneDensity wide) {
        boolean withGradient = chains[first].stepped().wantsGradient();
        for (int k = 1; k < lanes; k++) {
            if (chains[first + k].stepped().wantsGradient() != withGradient) {
                // One of them has ended its warm-up.
                for (int i = 0; i < lanes; i++) {
                    alone(chains[first + i]);
                }
                return;
            }
        }
        for (int k = 0; k < lanes; k++) {
            SteppedTrajectory t = chains[first + k].stepped();
            t.beforeDensity(chains[first + k].dynamics());
            positions[k] = t.to().position;
            gradients[k] = t.to().gradient;
        }
        if (withGradient) {
            wide.valuesAndGradients(positions, values, gradients);
        } else {
            wide.values(positions, values, gradients);
        }
        for (int k = 0; k < lanes; k++) {
            SteppedTrajectory t = chains[first + k].stepped();
            t.to().logDensity = values[k];
            t.afterDensity(chains[first + k].dynamics());
        }
    }
}
