package kiln.infer.mcmc;

import java.util.List;
import java.util.stream.IntStream;
import kiln.infer.store.ChainState;

/// Stan's warm-up: step size by dual averaging at every iteration, a metric from the posterior (co)variances at the end of every window.
///
/// After each new metric the step size is searched anew and dual averaging starts afresh from it; after the last warm-up iteration
/// both stay as they are, the step size at its weighted average.
final class WindowedWarmup extends Warmup {
    private final HMCSettings settings;
    private final WarmupSchedule schedule;
    private final Welford estimator;
    private final DenseBlocks blocks;
    private final List<Welford> own;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    WindowedWarmup(HMCSettings settings, DenseBlocks blocks, int dimension, int numWarmup, double maxStepSize) {
        super(settings, dimension, numWarmup, maxStepSize);
        this.settings = settings;
        schedule = WarmupSchedule.of(numWarmup);
        boolean learns = numWarmup > 0 && settings.adaptMassMatrix();
        estimator = new Welford(learns ? dimension : 0, settings.denseMass());
        this.blocks = blocks;
        own = IntStream.range(0, learns ? blocks.count() : 0).mapToObj(k -> new Welford(blocks.size(k), true)).toList();
    }

    @Override
    void saveEstimates(ChainState.Builder state) {
        estimator.save(state, "welford");
        for (int k = 0; k < own.size(); k++) {
            own.get(k).save(state, "welford.block" + k);
        }
    }

    @Override
    void restoreEstimates(ChainState state) {
        estimator.restore(state, "welford");
        for (int k = 0; k < own.size(); k++) {
            own.get(k).restore(state, "welford.block" + k);
        }
    }

    /// Never: this is Stan's warm-up as it is.
    @Override
    boolean heedsDivergence(long done) {
        return false;
    }

    @Override
    Learnt learnMetric(long done, PhasePoint current, boolean moved) {
        if (!settings.adaptMassMatrix() || !schedule.collects(done)) {
            return new Learnt(metric(), false);
        }
        estimator.add(current.position);
        for (int k = 0; k < own.size(); k++) {
            double[] x = new double[blocks.size(k)];
            blocks.gather(k, current.position, x);
            own.get(k).add(x);
        }
        if (!schedule.updatesMetricAfter(done)) {
            return new Learnt(metric(), false);
        }
        Metric metric = estimator.metric(settings.regularizeMassMatrix());
        if (!own.isEmpty()) {
            metric = blocks.metric(metric, own.stream().map(w -> w.metric(settings.regularizeMassMatrix())).toList());
        }
        estimator.clear();
        own.forEach(Welford::clear);
        return new Learnt(metric, true);
    }
}
