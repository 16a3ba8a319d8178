package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// The step size of a chain that warms up: a search for its order of magnitude, then dual averaging at every iteration.
final class StepSizeAdaptation {
    /// The acceptance aimed at where steps diverge that would be kept.
    private static final double CAREFUL = 0.9;

    /// So many iterations after a search the average says what would be kept.
    private static final int SETTLED = 10;

    private final HMCSettings settings;
    private final double maxStepSize;
    private final DualAveraging averaging;
    private double stepSize;
    private double aim;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    StepSizeAdaptation(HMCSettings settings, double maxStepSize) {
        this.settings = settings;
        this.maxStepSize = maxStepSize;
        averaging = new DualAveraging(DualAveraging.GAMMA, DualAveraging.centreFor(settings.stepSize()));
        stepSize = settings.stepSize();
        aim = settings.targetAcceptProb();
    }

    /// @param isDone whether the warm-up is over, so that only the result is needed
    void save(ChainState.Builder state, boolean isDone) {
        state.put("stepSize", stepSize).put("targetAcceptProb", aim);
        if (!isDone) {
            averaging.save(state);
        }
    }

    /// Restores what [#save] saved.
    void restore(ChainState state, boolean isDone) {
        stepSize = state.real("stepSize");
        aim = state.real("targetAcceptProb");
        if (!isDone) {
            averaging.restore(state);
        }
    }

    /// The search before the first iteration.
    void begin(Trajectory steps, LogDensity density, PhasePoints points, PhasePoint current, Metric metric, ChainRandom random) {
        if (settings.findHeuristicStepSize()) {
            search(steps, density, points, current, metric, random);
        }
    }

    /// Aims at an acceptance of 0.9 at least from now on, if the iteration just done diverged by a step that is no larger than the one that would be kept.
    ///
    /// Most divergences of a warm-up are not of this kind: after each search dual averaging tries steps ten times as large, and goes on to try larger and
    /// smaller ones. To be called before [#learn] of the iteration.
    void heedDivergence() {
        if (averaging.count() > SETTLED && stepSize <= Elementary.exp(averaging.average())) {
            aim = Math.max(aim, CAREFUL);
        }
    }

    /// Learns from the acceptance statistic of an iteration.
    void learn(double acceptProb) {
        if (settings.adaptStepSize()) {
            averaging.update(aim - acceptProb);
            stepSize = Math.min(Elementary.exp(averaging.iterate()), maxStepSize);
        }
    }

    /// Searches anew for a metric that just changed, and lets dual averaging start afresh from what it finds.
    void search(Trajectory steps, LogDensity density, PhasePoints points, PhasePoint current, Metric metric, ChainRandom random) {
        if (settings.adaptStepSize()) {
            stepSize = Math.min(StepSizeSearch.search(steps, density, points, current, stepSize, metric, random), maxStepSize);
            averaging.restart(DualAveraging.centreFor(stepSize));
        }
    }

    /// The end of the warm-up: keeps the weighted average.
    void finish() {
        if (averaging.count() > 0) {
            stepSize = Math.min(Elementary.exp(averaging.average()), maxStepSize);
        }
    }

    double stepSize() {
        return stepSize;
    }
}
