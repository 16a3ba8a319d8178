package kiln.infer.mcmc;

import kiln.infer.LogDensity;
<<<<<<< HEAD
=======
import kiln.infer.store.ChainState;
import kiln.math.Elementary;
>>>>>>> main

/// The adapting part of a chain: the step size and the metric of the next transition, learnt from those done.
///
/// After the last warm-up iteration both stay as they are.
sealed interface Warmup permits WindowedWarmup, FisherWarmup {
    /// What a chain begins with.
    ///
    /// @param maxStepSize upper limit of what adaptation finds, > 0
<<<<<<< HEAD
    static Warmup of(HMCSettings settings, int dimension, int numWarmup, double maxStepSize) {
        return settings.metricAdaptation() == MetricAdaptation.VARIANCE
                ? new WindowedWarmup(settings, dimension, numWarmup, maxStepSize)
                : new FisherWarmup(settings, dimension, numWarmup, maxStepSize);
    }

    /// A copy that learns on its own.
    Warmup copy();

    /// What precedes the first iteration.
    ///
    /// @param current the initial position with its gradient; its momentum may be overwritten
    void begin(LogDensity density, PhasePoints points, PhasePoint current, ChainRandom random);
=======
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
>>>>>>> main

    /// Learns from the iteration just done and counts it.
    ///
    /// @param current    the new draw; its momentum may be overwritten
    /// @param acceptProb acceptance statistic of the iteration
    /// @param moved      whether the draw is not the one before
    void learn(LogDensity density, PhasePoints points, PhasePoint current, double acceptProb, boolean moved, ChainRandom random);

    /// {@return the number of iterations done, those after the warm-up included}
    long iteration();

    /// {@return the number of warm-up iterations}
    int numWarmup();

    /// {@return the step size of the next iteration}
    double stepSize();

    /// {@return the metric of the next iteration}
    Metric metric();
}
