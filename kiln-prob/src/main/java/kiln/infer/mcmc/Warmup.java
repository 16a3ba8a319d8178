package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;

/// The adapting part of a chain: step size by dual averaging at every warm-up iteration, a metric at the end of every window.
///
/// After each new metric the step size is searched anew and dual averaging starts afresh from it; after the last warm-up iteration
/// both stay as they are, the step size at its weighted average.
final class Warmup {
    private final HMCSettings settings;
    private final int numWarmup;
    private final double maxStepSize;
    private final WarmupSchedule schedule;
    private final DualAveraging averaging;
    private final Welford estimator;
    private Metric metric;
    private double stepSize;
    private long iteration;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    Warmup(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        this.settings = settings;
        this.numWarmup = numWarmup;
        this.maxStepSize = maxStepSize;
        schedule = WarmupSchedule.of(numWarmup);
        averaging = new DualAveraging(DualAveraging.GAMMA, DualAveraging.centreFor(settings.stepSize()));
        estimator = new Welford(numWarmup > 0 && settings.adaptMassMatrix() ? dimension : 0, settings.denseMass());
        metric = settings.initialMetric(dimension);
        stepSize = settings.stepSize();
    }

    void save(ChainState.Builder state) {
        state.put("iteration", iteration).put("numWarmup", (long) numWarmup).put("stepSize", stepSize);
        metric.save(state);
        if (iteration < numWarmup) {
            averaging.save(state);
            estimator.save(state);
        }
    }

    /// Continues what [#save] saved.
    static Warmup of(ChainState state, HMCSettings settings, int dimension, double maxStepSize) {
        Warmup w = new Warmup(settings, dimension, (int) state.integer("numWarmup"), maxStepSize);
        w.iteration = state.iteration();
        w.stepSize = state.real("stepSize");
        w.metric = Metric.of(state, dimension);
        if (w.iteration < w.numWarmup) {
            w.averaging.restore(state);
            w.estimator.restore(state);
        }
        return w;
    }

    /// The search before the first iteration.
    void begin(LogDensity density, PhasePoints points, PhasePoint current, ChainRandom random) {
        if (numWarmup > 0 && settings.adaptStepSize() && settings.findHeuristicStepSize()) {
            searchStepSize(density, points, current, random);
        }
    }

    /// Learns from the iteration just done and counts it.
    ///
    /// @param current the new draw; its momentum may be overwritten
    void learn(LogDensity density, PhasePoints points, PhasePoint current, double acceptProb, ChainRandom random) {
        long done = iteration++;
        if (done >= numWarmup) {
            return;
        }
        if (settings.adaptStepSize()) {
            averaging.update(settings.targetAcceptProb() - acceptProb);
            stepSize = Math.min(Elementary.exp(averaging.iterate()), maxStepSize);
        }
        if (settings.adaptMassMatrix() && schedule.collects(done)) {
            estimator.add(current.position);
            if (schedule.updatesMetricAfter(done)) {
                metric = estimator.metric(settings.regularizeMassMatrix());
                estimator.clear();
                if (settings.adaptStepSize()) {
                    searchStepSize(density, points, current, random);
                }
            }
        }
        if (iteration == numWarmup && averaging.count() > 0) {
            stepSize = Math.min(Elementary.exp(averaging.average()), maxStepSize);
        }
    }

    private void searchStepSize(LogDensity density, PhasePoints points, PhasePoint current, ChainRandom random) {
        stepSize = Math.min(StepSizeSearch.search(density, points, current, stepSize, metric, random), maxStepSize);
        averaging.restart(DualAveraging.centreFor(stepSize));
    }

    long iteration() {
        return iteration;
    }

    int numWarmup() {
        return numWarmup;
    }

    double stepSize() {
        return stepSize;
    }

    Metric metric() {
        return metric;
    }
}
