package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// Stan's warm-up: step size by dual averaging at every iteration, a metric from the posterior (co)variances at the end of every window.
///
/// After each new metric the step size is searched anew and dual averaging starts afresh from it; after the last warm-up iteration
/// both stay as they are, the step size at its weighted average.
final class WindowedWarmup extends Warmup {
    private final HMCSettings settings;
    private final WarmupSchedule schedule;
    private final Welford estimator;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    WindowedWarmup(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        super(settings, dimension, numWarmup, maxStepSize);
        this.settings = settings;
        schedule = WarmupSchedule.of(numWarmup);
        estimator = new Welford(numWarmup > 0 && settings.adaptMassMatrix() ? dimension : 0, settings.denseMass());
    }

    @Override
    void saveEstimates(ChainState.Builder state) {
        estimator.save(state, "welford");
    }

    @Override
    void restoreEstimates(ChainState state) {
        estimator.restore(state, "welford");
    }

    @Override
    Learnt learnMetric(long done, PhasePoint current, boolean moved) {
        if (!settings.adaptMassMatrix() || !schedule.collects(done)) {
            return new Learnt(metric(), false);
        }
        estimator.add(current.position);
        if (!schedule.updatesMetricAfter(done)) {
            return new Learnt(metric(), false);
        }
        Metric metric = estimator.metric(settings.regularizeMassMatrix());
        estimator.clear();
        return new Learnt(metric, true);
    }
}
