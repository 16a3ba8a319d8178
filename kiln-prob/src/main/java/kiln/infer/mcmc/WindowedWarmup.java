package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// Stan's warm-up: step size by dual averaging at every iteration, a metric from the posterior (co)variances at the end of every window.
///
/// After each new metric the step size is searched anew and dual averaging starts afresh from it; after the last warm-up iteration
/// both stay as they are, the step size at its weighted average.
final class WindowedWarmup implements Warmup {
    private final HMCSettings settings;
    private final int numWarmup;
    private final WarmupSchedule schedule;
    private final StepSizeAdaptation stepSize;
    private final Welford estimator;
    private Metric metric;
    private long iteration;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    WindowedWarmup(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        this(settings, numWarmup, WarmupSchedule.of(numWarmup), new StepSizeAdaptation(settings, maxStepSize),
                new Welford(numWarmup > 0 && settings.adaptMassMatrix() ? dimension : 0, settings.denseMass()),
                settings.initialMetric(dimension), 0);
    }

    private WindowedWarmup(HMCSettings settings, int numWarmup, WarmupSchedule schedule, StepSizeAdaptation stepSize,
            Welford estimator, Metric metric, long iteration) {
        this.settings = settings;
        this.numWarmup = numWarmup;
        this.schedule = schedule;
        this.stepSize = stepSize;
        this.estimator = estimator;
        this.metric = metric;
        this.iteration = iteration;
    }

    @Override
    public Warmup copy() {
        return new WindowedWarmup(settings, numWarmup, schedule, stepSize.copy(), estimator.copy(), metric, iteration);
    }

    @Override
    public void begin(LogDensity density, PhasePoints points, PhasePoint current, ChainRandom random) {
        if (numWarmup > 0) {
            stepSize.begin(density, points, current, metric, random);
        }
    }

    @Override
    public void learn(
            LogDensity density, PhasePoints points, PhasePoint current, double acceptProb, boolean moved, ChainRandom random) {
        long done = iteration++;
        if (done >= numWarmup) {
            return;
        }
        stepSize.learn(acceptProb);
        if (settings.adaptMassMatrix() && schedule.collects(done)) {
            estimator.add(current.position);
            if (schedule.updatesMetricAfter(done)) {
                metric = estimator.metric(settings.regularizeMassMatrix());
                estimator.clear();
                stepSize.search(density, points, current, metric, random);
            }
        }
        if (iteration == numWarmup) {
            stepSize.finish();
        }
    }

    @Override
    public long iteration() {
        return iteration;
    }

    @Override
    public int numWarmup() {
        return numWarmup;
    }

    @Override
    public double stepSize() {
        return stepSize.stepSize();
    }

    @Override
    public Metric metric() {
        return metric;
    }
}
