/// Markov chain Monte Carlo: the kernels, their adaptation and the driver.
///
/// ```
/// Sampler (NUTS, HMC)  ── start(density, position, seed, numWarmup) ──▶  Chain  ── next(position) ──▶  draw + statistics
/// Chain = Trajectory (LeapFrog, Metric)  +  Warmup (WarmupSchedule, DualAveraging, Welford, StepSizeSearch)
/// ParallelChains runs several of them: same draws for any number of threads
/// ```
///
/// Nothing here knows of models or arrays: a target is a [kiln.infer.LogDensity] on `R^d`.
@NullMarked
package kiln.infer.mcmc;

import org.jspecify.annotations.NullMarked;
