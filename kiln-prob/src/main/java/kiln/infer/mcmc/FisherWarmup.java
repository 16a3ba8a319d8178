package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// The warm-up that learns the metric from draws and scores in overlapping windows, see [FisherEstimate].
///
/// ```
/// W < 20     step size only
/// otherwise  0 … ⌊0.3 W⌋      early: windows of 10 draws, to leave the start behind
///            … W − ⌊0.1 W⌋    windows of 80, 160, 320, … draws
///            … W              metric fixed, step size only
/// ```
///
/// Two estimates take in every draw that moved. The older one is in use; when the younger has a window's worth of draws it takes over
/// and an empty one starts behind it, so that the metric always rests on at least the last window and never on the distant past. No switch
/// happens where another whole window would not fit. Between switches the metric is renewed whenever its number of draws has
/// grown by a quarter: a chain is out of the transient after some tens of iterations, where a window that must first end takes a hundred.
///
/// The step size is searched anew after the first metric and after the last. A divergence after the early part raises the acceptance that it
/// aims at, see [StepSizeAdaptation#heedDivergence].
///
/// Source: Seyboldt, Carlson and Carpenter, *Preconditioning Hamiltonian Monte Carlo by minimizing Fisher divergence* (2026), and the
/// program nuts-rs 0.18. Differs in: windows that double (there 1.5), renewals at growing counts (there at every draw), a search
/// for the step size after the last metric, an aim that divergences raise.
final class FisherWarmup extends Warmup {
    private static final int STEP_SIZE_ONLY_BELOW = 20;
    private static final int EARLY_WINDOW = 10;
    private static final int FIRST_WINDOW = 80;

    private final boolean learnsMetric;
    private FisherEstimate foreground;
    private FisherEstimate background;
    private long window = FIRST_WINDOW;
    private long renewAt = FisherEstimate.LEAST;
    private boolean renewed;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    FisherWarmup(HMCSettings settings, DenseBlocks blocks, int dimension, int numWarmup, double maxStepSize) {
        super(settings, dimension, numWarmup, maxStepSize);
        learnsMetric = settings.adaptMassMatrix() && numWarmup >= STEP_SIZE_ONLY_BELOW && dimension > 0;
        foreground = FisherEstimate.of(settings, blocks, learnsMetric ? dimension : 0);
        background = FisherEstimate.of(settings, blocks, learnsMetric ? dimension : 0);
    }

    @Override
    void saveEstimates(ChainState.Builder state) {
        foreground.save(state, "foreground");
        background.save(state, "background");
        state.put("window", window, renewAt, renewed ? 1 : 0);
    }

    @Override
    void restoreEstimates(ChainState state) {
        foreground.restore(state, "foreground");
        background.restore(state, "background");
        long[] numbers = state.longs("window");
        window = numbers[0];
        renewAt = numbers[1];
        renewed = numbers[2] == 1;
    }

    @Override
    boolean heedsDivergence(long done) {
        return !isEarly(done);
    }

    private boolean isEarly(long done) {
        return done < numWarmup() * 3L / 10;
    }

    @Override
    Learnt learnMetric(long done, PhasePoint current, boolean moved) {
        long end = numWarmup() - numWarmup() / 10L;
        if (!learnsMetric || done >= end) {
            return new Learnt(metric(), false);
        }
        if (moved) {
            foreground.add(current.position, current.gradient);
            background.add(current.position, current.gradient);
        }
        boolean isLast = done == end - 1;
        boolean switched = switchWindows(done, end);
        if (foreground.count() < FisherEstimate.LEAST || (!isLast && !switched && foreground.count() < renewAt)) {
            return new Learnt(metric(), false);
        }
        renewAt = foreground.count() + Math.max(1, foreground.count() / 4);
        boolean isFirst = !renewed;
        renewed = true;
        return new Learnt(foreground.metric(metric()), isFirst || isLast);
    }

    /// Lets the younger estimate take over if it has a window's worth of draws and another window fits behind it.
    private boolean switchWindows(long done, long end) {
        boolean early = isEarly(done);
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
}
