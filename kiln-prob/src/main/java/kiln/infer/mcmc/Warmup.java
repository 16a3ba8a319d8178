package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;

/// The adapting part of a chain: the step size and the metric of the next transition, learnt from those done.
///
/// After the last warm-up iteration both stay as they are.
abstract sealed class Warmup permits WindowedWarmup, FisherWarmup {
    private final int numWarmup;
    private final Optional<KineticEnergy> kinetic;
    private Metric metric;
    private Metric dynamics;
    private long iteration;

    final StepSizeAdaptation stepSize;

    /// @param maxStepSize upper limit of what adaptation finds, > 0
    Warmup(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        this.numWarmup = numWarmup;
        kinetic = settings.kineticFn().map(k -> KineticEnergy.checked(k, dimension));
        metric = settings.initialMetric(dimension);
        dynamics = KineticMetric.of(metric, kinetic);
        stepSize = new StepSizeAdaptation(settings, maxStepSize);
    }

    /// What a chain begins with.
    ///
    /// @param maxStepSize upper limit of what adaptation finds, > 0
    static Warmup of(HMCSettings settings, DenseBlocks blocks, int dimension, int numWarmup, double maxStepSize) {
        return settings.metricAdaptation() == MetricAdaptation.VARIANCE
                ? new WindowedWarmup(settings, blocks, dimension, numWarmup, maxStepSize)
                : new FisherWarmup(settings, blocks, dimension, numWarmup, maxStepSize);
    }

    /// Continues what [#save] saved.
    static Warmup of(ChainState state, HMCSettings settings, DenseBlocks blocks, int dimension, double maxStepSize) {
        Warmup w = of(settings, blocks, dimension, (int) state.integer("numWarmup"), maxStepSize);
        w.iteration = state.iteration();
        w.take(Metric.of(state, dimension));
        w.stepSize.restore(state, w.isDone());
        if (!w.isDone()) {
            w.restoreEstimates(state);
        }
        return w;
    }

    final void save(ChainState.Builder state) {
        state.put("iteration", iteration).put("numWarmup", (long) numWarmup);
        metric.save(state);
        stepSize.save(state, isDone());
        if (!isDone()) {
            saveEstimates(state);
        }
    }

    /// Saves what the metric is being learnt from.
    abstract void saveEstimates(ChainState.Builder state);

    /// Restores what [#saveEstimates] saved.
    abstract void restoreEstimates(ChainState state);

    /// The search before the first iteration.
    ///
    /// @param steps   what moves the chain
    /// @param current the initial position, evaluated; its momentum may be overwritten
    final void begin(Trajectory steps, LogDensity density, PhasePoints points, PhasePoint current, ChainRandom random) {
        if (!isDone()) {
            stepSize.begin(steps, density, points, current, dynamics, random);
        }
    }

    /// Learns from the iteration just done and counts it.
    ///
    /// @param current the new draw; its momentum may be overwritten
    /// @param made    the trajectory that made it, with its acceptance statistic and whether it diverged
    /// @param moved   whether the draw is not the one before
    final void learn(LogDensity density, PhasePoints points, PhasePoint current, Trajectory made, boolean moved, ChainRandom random) {
        long done = iteration++;
        if (done >= numWarmup) {
            return;
        }
        if (made.diverging() && heedsDivergence(done)) {
            stepSize.heedDivergence();
        }
        stepSize.learn(made.acceptProb());
        Learnt learnt = learnMetric(done, current, moved);
        take(learnt.metric);
        if (learnt.needsSearch) {
            stepSize.search(made, density, points, current, dynamics, random);
        }
        if (isDone()) {
            stepSize.finish();
        }
    }

    /// {@return whether a divergence of an iteration is to count against the step size, see [StepSizeAdaptation#heedDivergence]}
    abstract boolean heedsDivergence(long done);

    /// A metric, and whether the step size is to be searched anew for it.
    record Learnt(Metric metric, boolean needsSearch) {}

    /// Takes in the draw of an iteration.
    ///
    /// @param done number of the iteration, from 0
    /// @return the metric of the next one
    abstract Learnt learnMetric(long done, PhasePoint current, boolean moved);

    private boolean isDone() {
        return iteration >= numWarmup;
    }

    /// {@return the number of iterations done, those after the warm-up included}
    final long iteration() {
        return iteration;
    }

    /// {@return the number of warm-up iterations}
    final int numWarmup() {
        return numWarmup;
    }

    /// {@return the step size of the next iteration}
    final double stepSize() {
        return stepSize.stepSize();
    }

    /// {@return the metric of the next iteration}
    final Metric metric() {
        return metric;
    }

    /// {@return what moves the next iteration: the metric, with the kinetic energy of the settings}
    final Metric dynamics() {
        return dynamics;
    }

    @SuppressWarnings("ReferenceEquality") // most iterations keep the metric itself
    private void take(Metric next) {
        if (next != metric) {
            metric = next;
            dynamics = KineticMetric.of(next, kinetic);
        }
    }
}
