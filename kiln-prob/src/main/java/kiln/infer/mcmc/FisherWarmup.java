package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// The warm-up that learns the metric from draws and scores in overlapping windows, see [FisherEstimate].
///
/// ```
/// W < 20     step size only
/// otherwise  0 … ⌊0.3 W⌋      early: windows of 10 draws, to leave the start behind
///            … W − ⌊0.15 W⌋   windows of 80, 160, 320, … draws
///            … W              metric fixed, step size only
/// ```
///
/// Two estimates take in every draw that moved. The older one is in use; when the younger has a window's worth of draws it takes over
/// and an empty one starts behind it, so that the metric always rests on at least the last window and never on the distant past. No switch
/// happens where another whole window would not fit. Between switches the metric is renewed whenever its number of draws has
/// grown by a quarter: a chain is out of the transient after some tens of iterations, where a window that must first end takes a hundred.
///
/// The step size is searched anew after the first metric and after the last.
///
/// Source: Seyboldt, Carlson and Carpenter, *Preconditioning Hamiltonian Monte Carlo by minimizing Fisher divergence* (2026), and the
/// program nuts-rs 0.18. Differs in: windows that double (there 1.5), renewals at growing counts (there at every draw), a search
/// for the step size after the last metric.
final class FisherWarmup implements Warmup {
    private static final int STEP_SIZE_ONLY_BELOW = 20;
    private static final int EARLY_WINDOW = 10;
    private static final int FIRST_WINDOW = 80;

    private final int numWarmup;
    private final boolean learnsMetric;
    private final StepSizeAdaptation stepSize;
    private FisherEstimate foreground;
    private FisherEstimate background;
    private Metric metric;
    private long iteration;
    private long window;
    private long renewAt;
    private boolean renewed;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    FisherWarmup(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        this.numWarmup = numWarmup;
        stepSize = new StepSizeAdaptation(settings, maxStepSize);
        metric = settings.initialMetric(dimension);
        learnsMetric = settings.adaptMassMatrix() && numWarmup >= STEP_SIZE_ONLY_BELOW && dimension > 0;
        foreground = FisherEstimate.of(settings, learnsMetric ? dimension : 0);
        background = foreground.copy();
        window = FIRST_WINDOW;
        renewAt = FisherEstimate.LEAST;
    }

    private FisherWarmup(FisherWarmup other) {
        numWarmup = other.numWarmup;
        learnsMetric = other.learnsMetric;
        stepSize = other.stepSize.copy();
        foreground = other.foreground.copy();
        background = other.background.copy();
        metric = other.metric;
        iteration = other.iteration;
        window = other.window;
        renewAt = other.renewAt;
        renewed = other.renewed;
    }

    @Override
    public Warmup copy() {
        return new FisherWarmup(this);
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
        long end = numWarmup - numWarmup * 15L / 100;
        if (learnsMetric && done < end) {
            if (moved) {
                foreground.add(current.position, current.gradient);
                background.add(current.position, current.gradient);
            }
            boolean isLast = done == end - 1;
            boolean switched = switchWindows(done, end);
            if (foreground.count() >= FisherEstimate.LEAST && (isLast || switched || foreground.count() >= renewAt)) {
                metric = foreground.metric(metric);
                renewAt = foreground.count() + Math.max(1, foreground.count() / 4);
                if (isLast || !renewed) {
                    stepSize.search(density, points, current, metric, random);
                    renewed = true;
                }
            }
        }
        if (iteration == numWarmup) {
            stepSize.finish();
        }
    }

    /// Lets the younger estimate take over if it has a window's worth of draws and another window fits behind it.
    private boolean switchWindows(long done, long end) {
        boolean early = done < numWarmup * 3L / 10;
        long need = early ? EARLY_WINDOW : window;
        long next = early ? EARLY_WINDOW : 2 * window;
        if (background.count() < need || done + next > end) {
            return false;
        }
        FisherEstimate old = foreground;
        foreground = background;
        background = old;
        background.clear();
        if (!early) {
            window = next;
        }
        return true;
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
