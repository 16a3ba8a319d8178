package kiln.infer.mcmc;

import static kiln.model.Handlers.block;
import static kiln.model.Handlers.handle;

import java.util.List;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.model.HandlerException;
import kiln.model.Message;
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
public record TemperedSMC(Model model, int numParticles, int numMoves, double essFraction) {
    private static final int MAX_TREE_DEPTH = 8;
    private static final HMCSettings SETTINGS = HMCSettings.DEFAULT;

    /// @throws IllegalArgumentException if a number is outside its domain
    public TemperedSMC {
        HMCSettings.require(numParticles >= 2, "numParticles must be ≥ 2", numParticles);
        HMCSettings.require(numMoves >= 1, "numMoves must be ≥ 1", numMoves);
        HMCSettings.require(essFraction > 0 && essFraction < 1, "essFraction must lie in (0, 1)", essFraction);
    }

    /// The defaults.
    public TemperedSMC(Model model) {
        this(model, 1000, 2, 0.5);
    }

    /// A copy with another [#numParticles()].
    public TemperedSMC numParticles(int v) {
        return new TemperedSMC(model, v, numMoves, essFraction);
    }

    /// A copy with another [#numMoves()].
    public TemperedSMC numMoves(int v) {
        return new TemperedSMC(model, numParticles, v, essFraction);
    }

    /// A copy with another [#essFraction()].
    public TemperedSMC essFraction(double v) {
        return new TemperedSMC(model, numParticles, numMoves, v);
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
    public Result run(PRNGKey key) {
        PRNGKey[] keys = key.split(3);
        PosteriorDensity joint = PosteriorDensity.of(model, keys[0]);
        PosteriorDensity prior = PosteriorDensity.of(handle(model, block(TemperedSMC::isData)), keys[0]);
        TemperedDensity density = new TemperedDensity(prior, joint);
        ChainRandom random = new ChainRandom(keys[2].bits());
        double[][] particles = new double[numParticles][];
        double[] logLikelihoods = new double[numParticles];
        double[] gradient = new double[density.dimension()];
        for (int i = 0; i < numParticles; i++) {
            particles[i] = prior.start(TemperedSMC::fromPrior, keys[1].foldIn(i));
            density.valueAndGradient(particles[i], gradient);
            logLikelihoods[i] = density.logLikelihood();
        }
        PhasePoints points = new PhasePoints(density.dimension());
        Trajectory trajectory = new NoUTurnTrajectory(new PlainSteps(density), points, MAX_TREE_DEPTH, SETTINGS.maxDeltaEnergy());
        double power = 0;
        double logEvidence = 0;
        int powers = 0;
        StepSizeAdaptation stepSize = new StepSizeAdaptation(SETTINGS, Double.POSITIVE_INFINITY);
        while (power < 1) {
            Tempering next = Tempering.after(power, logLikelihoods, essFraction);
            if (!Double.isFinite(next.logMeanWeight())) {
                throw noLikelihood();
            }
            logEvidence += next.logMeanWeight();
            power = next.power();
            density.temperature(power);
            particles = next.resample(particles, random);
            move(density, trajectory, points, stepSize, particles, logLikelihoods, random);
            powers++;
        }
        Posterior posterior =
                new Posterior(joint.constrain(new double[][][] {particles}), joint.deterministic(), Map.of(), new int[1]).of(joint, List.of());
        return new Result(posterior, logEvidence, powers, density.count());
    }

    /// Moves every particle and evaluates its likelihood anew.
    private void move(TemperedDensity density, Trajectory trajectory, PhasePoints points, StepSizeAdaptation stepSize,
            double[][] particles, double[] logLikelihoods, ChainRandom random) {
        int d = density.dimension();
        PhasePoint current = points.take();
        FisherEstimate estimate = FisherEstimate.of(SETTINGS, d);
        for (double[] particle : particles) {
            place(density, particle, current);
            estimate.add(current.position, current.gradient);
        }
        Metric metric = particles.length > FisherEstimate.LEAST ? estimate.metric(Metric.identity(d)) : Metric.identity(d);
        place(density, particles[0], current);
        stepSize.search(density, points, current, metric, random);
        for (int i = 0; i < particles.length; i++) {
            place(density, particles[i], current);
            for (int m = 0; m < numMoves; m++) {
                current = trajectory.advance(current, stepSize.stepSize(), metric, random);
                stepSize.learn(trajectory.acceptProb());
                place(density, current.position, current);
            }
            System.arraycopy(current.position, 0, particles[i], 0, d);
            logLikelihoods[i] = density.logLikelihood();
        }
    }

    private static void place(TemperedDensity density, double[] position, PhasePoint point) {
        System.arraycopy(position, 0, point.position, 0, position.length);
        point.logDensity = density.valueAndGradient(point.position, point.gradient);
    }

    private static boolean isData(Message m) {
        return m instanceof Message.Sample s && s.isObserved();
    }

    private static NDArray fromPrior(Message.Sample site, PRNGKey key) {
        try {
            return site.distribution().sample(key);
        } catch (UnsupportedOperationException e) {
            throw new HandlerException(new Diagnosis("sample(\"" + site.name() + "\")", "this prior has no draws to begin from")
                    .expected("a proper prior that can be sampled")
                    .got(site.distribution().toString())
                    .fix("give it a proper prior: an evidence has no meaning without one; or sample with MCMC."));
        }
    }

    private InitialisationException noLikelihood() {
        return new InitialisationException(new Diagnosis("TemperedSMC", "the likelihood is 0 at every draw of the prior")
                .expected("data that the prior does not rule out")
                .got("0 of " + numParticles + " particles with a finite log likelihood")
                .fix("check the data, or take more particles."));
    }
}
