package kiln.infer.mcmc;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kiln.array.PRNGKey;
import kiln.infer.Posterior;
import kiln.model.HandlerException;
import kiln.model.Model;

/// Sequential Monte Carlo from the prior to the posterior: draws from several modes in their proportions, and the model evidence.
///
/// ```
/// var result = new TemperedSMC(() -> model(x, y)).run(key(0));
/// result.logEvidence();     result.posterior().printSummary();
/// ```
///
/// Particles are drawn from the prior. The likelihood is then let in by powers `0 = λ₀ < λ₁ < … = 1`, each chosen so that the weights
/// `likelihood^(λ′ − λ)` have an effective number of `essFraction · numParticles`. At each power the particles are resampled by their weights and
/// moved by some transitions of [NUTS] that leave `prior · likelihood^λ` invariant, in a metric made from all of them.
///
/// ```
/// log Z = Σ over powers of log mean likelihood^(λ′ − λ)
/// ```
///
/// With a [#folder] particles, evidence and random numbers are on the disk after each power, and [#resume] goes on from there, bit for bit.
///
/// `exp(log Z)` is the probability of the data under the model, its error that of a mean over particles: run several keys to see it. It costs
/// some tens of transitions for every particle, so for one well connected mode NUTS is the cheaper way to the same draws.
///
/// Source: Del Moral, Doucet and Jasra, *Sequential Monte Carlo samplers* (2006), section 3.3; Jasra et al. (2011) for the powers. A step size that
/// earlier particles have adapted depends on no later one, so each transition is exact.
///
/// @param model        the model; every prior must have draws
/// @param numParticles how many particles and draws, ≥ 2; default 1000
/// @param numMoves     transitions of each particle at each power, ≥ 1; default 2
/// @param essFraction  effective number of the weights of a power, per particle; in (0, 1); default 0.5
/// @param folder       where the particles are kept at each power, to be resumed from; default none
/// @param stopWhen     is asked before each particle moves; true to end the run, as an interrupt of its thread does
public record TemperedSMC(Model model, int numParticles, int numMoves, double essFraction, Optional<Path> folder, BooleanSupplier stopWhen) {

    /// @throws IllegalArgumentException if a number is outside its domain
    public TemperedSMC {
        HMCSettings.require(numParticles >= 2, "numParticles must be ≥ 2", numParticles);
        HMCSettings.require(numMoves >= 1, "numMoves must be ≥ 1", numMoves);
        HMCSettings.require(essFraction > 0 && essFraction < 1, "essFraction must lie in (0, 1)", essFraction);
    }

    /// The defaults.
    public TemperedSMC(Model model) {
        this(model, 1000, 2, 0.5, Optional.empty(), () -> false);
    }

    /// A copy with another [#numParticles()].
    public TemperedSMC numParticles(int v) {
        return new TemperedSMC(model, v, numMoves, essFraction, folder, stopWhen);
    }

    /// A copy with another [#numMoves()].
    public TemperedSMC numMoves(int v) {
        return new TemperedSMC(model, numParticles, v, essFraction, folder, stopWhen);
    }

    /// A copy with another [#essFraction()].
    public TemperedSMC essFraction(double v) {
        return new TemperedSMC(model, numParticles, numMoves, v, folder, stopWhen);
    }

    /// A copy that writes the particles to a run folder, as [MCMC#folder] does draws, to be resumed and to be read by other programs.
    ///
    /// @param v a folder that holds no run; made if it does not exist
    public TemperedSMC folder(Path v) {
        return new TemperedSMC(model, numParticles, numMoves, essFraction, Optional.of(v), stopWhen);
    }

    /// A copy with another [#stopWhen()].
    public TemperedSMC stopWhen(BooleanSupplier v) {
        return new TemperedSMC(model, numParticles, numMoves, essFraction, folder, v);
    }

    /// What came out.
    ///
    /// @param posterior    the particles at power 1, as one chain
    /// @param logEvidence  estimate of the log probability (density) of the data, in nats
    /// @param numPowers    how many powers it took
    /// @param numGradients evaluations of prior and likelihood with gradients
    public record Result(Posterior posterior, double logEvidence, int numPowers, long numGradients) {}

    /// Runs from the prior to the posterior.
    ///
    /// @param key source of all random numbers
    /// @throws HandlerException        if a random variable cannot be sampled by gradients, or its prior has no draws
    /// @throws InitialisationException if the likelihood is 0 at every draw of the prior
    /// @throws java.util.concurrent.CancellationException   if it was ended before the posterior was reached
    /// @throws kiln.infer.store.RunFolderException if the folder holds a run
    public Result run(PRNGKey key) {
        return new TemperedRun(this, key).begin();
    }

    /// Goes on with a run whose process ended, however it ended, or that was stopped: from the last power that all particles had come to, to the same draws and evidence as if
    /// it had not.
    ///
    /// @param path folder of a run of the same model, data and settings
    /// @throws kiln.infer.store.RunFolderException if there is no run, a file is damaged, or it is the folder of another run
    public Result resume(Path path) {
        return TemperedRun.resume(folder(path), path);
    }
}
