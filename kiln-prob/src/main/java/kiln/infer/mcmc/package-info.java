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
/// | where to look | files |
/// |---|---|
/// | kernels, what users write | `NUTS`, `HMC`, `WALNUTS`, `BarkerMH`, `RandomWalkMetropolis`, `EllipticalSlice`, `SA`, `AIES`, `ESS`, `HMCGibbs`, `DiscreteHMCGibbs`, `MixedHMC`, `HMCECS`, `TemperedSMC`, `Pathfinder` |
/// | trajectories | `Trajectory` and what ends in it, `LeapFrog`, `Subtree`, `Proposal`, `PhasePoint(s)`; `Lane…` for chains in lanes |
/// | metrics | `Metric` and what ends in it, `SiteGroups`, `DenseBlocks`; kinetic energies: `KineticEnergy`, `RelativisticEnergy`, `DistributedMomenta` |
/// | warm-up | `Warmup` and what ends in it, `StepSize…`, `DualAveraging`, `Welford`; the Fisher metric: `FisherEstimate`, `Score…`, `BlockMoments`, `GeometricMean` |
/// | where chains start | `ChainStart`, `Initialisation`, `Ascent`, `ShapedAscent`, `Path…` |
/// | coordinates of hierarchies | `Centering`, `CenteringPilot`, `Directions`, `VectorInformation`, with `kiln.infer.Hierarchy`, `Recentering`, `Coordinates`, `VectorLikelihood` |
/// | Gibbs moves | `Gibbs…`, `Discrete…`, `RowMove`, `ConditionalDensity` |
/// | ensembles | `Walkers` and what ends in it, `WeightedMoves`, `PopulationChain` |
/// | runs | `MCMC`, `MCMCRun`, `RunDraws`, `Draw…`, `Stopping`, `StopRule`, `Convergence…`, `…Progress`, `ShutdownGuard` |
///
/// They share one package because the metrics, the trajectories and the warm-up work on each other's arrays; nothing of that is public.
///
/// A kernel knows nothing of models or arrays: its target is a [kiln.infer.LogDensity] on `R^d`, its state a
/// [kiln.infer.store.ChainState].
@NullMarked
package kiln.infer.mcmc;

import org.jspecify.annotations.NullMarked;
