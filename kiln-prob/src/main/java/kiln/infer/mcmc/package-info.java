/// Markov chain Monte Carlo: the kernels, their adaptation and the driver.
///
/// ```
/// Sampler (NUTS, HMC)  ── start(density, position, seed, numWarmup) ──▶  Chain  ── next(position) ──▶  draw + statistics
/// Chain = Trajectory (LeapFrog, Metric)  +  Warmup (WarmupSchedule, DualAveraging, Welford, StepSizeSearch)
/// EnsembleSampler (AIES, ESS)  ── start(density, positions, seed, numWarmup) ──▶  Ensemble: chains that move in step
/// ChainRun moves chains or ensembles on threads and hands their draws to a DrawSink: same draws for any number of threads
///   ParallelChains (a density) ── PositionRecord ──▶ ChainDraws
///   MCMC (a model) ── MCMCRun ── RunDraws: memory, or a kiln.infer.store.RunFolder, or both ──▶ Posterior
/// ```
///
/// A kernel knows nothing of models or arrays: its target is a [kiln.infer.LogDensity] on `R^d`, its state a
/// [kiln.infer.store.ChainState].
@NullMarked
package kiln.infer.mcmc;

import org.jspecify.annotations.NullMarked;
