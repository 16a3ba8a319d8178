package kiln.infer.mcmc;

import static kiln.model.Handlers.block;
import static kiln.model.Handlers.handle;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CancellationException;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.infer.store.RunFolder;
import kiln.model.HandlerException;
import kiln.model.Message;

/// One run of [TemperedSMC]: the particles on their way from the prior to the posterior.
///
/// Between two powers its whole state is the power, the particles with their likelihoods, the sum of the evidence, the step size and the random numbers.
final class TemperedRun {
    private static final int MAX_TREE_DEPTH = 8;
    private static final HMCSettings SETTINGS = HMCSettings.DEFAULT;

    private final TemperedSMC smc;
    private final PRNGKey key;
    private final PosteriorDensity joint;
    private final PosteriorDensity prior;
    private final TemperedDensity density;
    private final StepSizeAdaptation stepSize = new StepSizeAdaptation(SETTINGS, Double.POSITIVE_INFINITY);
    private final double[][] particles;
    private final double[] logLikelihoods;
    private ChainRandom random;
    private double power;
    private double logEvidence;
    private long powers;

    TemperedRun(TemperedSMC smc, PRNGKey key) {
        this.smc = smc;
        this.key = key;
        PRNGKey[] keys = key.split(3);
        joint = PosteriorDensity.of(smc.model(), keys[0]);
        prior = PosteriorDensity.of(handle(smc.model(), block(TemperedRun::isData)), keys[0]);
        density = new TemperedDensity(prior, joint);
        random = new ChainRandom(keys[2].bits());
        particles = new double[smc.numParticles()][];
        logLikelihoods = new double[smc.numParticles()];
    }

    /// Runs from the beginning.
    TemperedSMC.Result begin() {
        PRNGKey own = key.split(3)[1];
        double[] gradient = new double[density.dimension()];
        for (int i = 0; i < particles.length; i++) {
            particles[i] = prior.start(TemperedRun::fromPrior, own.foldIn(i));
            density.valueAndGradient(particles[i], gradient);
            logLikelihoods[i] = density.logLikelihood();
        }
        RunColumns columns = columns();
        Optional<RunFolder> folder = smc.folder().map(f -> RunFolder.create(f, description(columns), columns.columns(), 1, particles.length, particles.length, state()));
        try {
            return goOn(columns, folder);
        } finally {
            folder.ifPresent(RunFolder::close);
        }
    }

    /// Runs on in a folder.
    static TemperedSMC.Result resume(TemperedSMC smc, Path path) {
        var run = new TemperedRun(smc, PRNGKey.parse(RunFolder.description(path).getOrDefault("key", "PRNGKey[0, 0]")));
        RunColumns columns = run.columns();
        try (RunFolder folder = RunFolder.open(path, run.description(columns), columns.columns(), 1, run.particles.length, run.particles.length)) {
            ChainState start = folder.start();
            run.restore(folder.read(0).orElse(start));
            return run.goOn(columns, Optional.of(folder));
        }
    }

    private TemperedSMC.Result goOn(RunColumns columns, Optional<RunFolder> folder) {
        PhasePoints points = new PhasePoints(density.dimension());
        Trajectory trajectory = new NoUTurnTrajectory(new PlainSteps(density), points, MAX_TREE_DEPTH, SETTINGS.maxDeltaEnergy());
        while (power < 1) {
            Tempering next = Tempering.after(power, logLikelihoods, smc.essFraction());
            if (!Double.isFinite(next.logMeanWeight())) {
                throw noLikelihood();
            }
            double[][] survivors = next.resample(particles, random);
            System.arraycopy(survivors, 0, particles, 0, particles.length);
            density.temperature(next.power());
            move(trajectory, points);
            logEvidence += next.logMeanWeight();
            power = next.power();
            powers++;
            if (power < 1) {
                folder.ifPresent(f -> f.write(0, state()));
            }
        }
        // What a run that is resumed at its end finds damaged is made anew: the draws are in its state.
        folder.ifPresent(f -> {
            f.write(0, 0, columns.of(particles));
            f.write(0, state());
        });
        Posterior posterior =
                new Posterior(joint.constrain(new double[][][] {particles}), joint.deterministic(), Map.of(), new int[1]).of(joint, List.of());
        return new TemperedSMC.Result(posterior, logEvidence, (int) powers, density.count());
    }

    /// Moves every particle and evaluates its likelihood anew.
    private void move(Trajectory trajectory, PhasePoints points) {
        int d = density.dimension();
        PhasePoint current = points.take();
        FisherEstimate estimate = FisherEstimate.of(SETTINGS, d);
        for (double[] particle : particles) {
            place(particle, current);
            estimate.add(current.position, current.gradient);
        }
        Metric metric = particles.length > FisherEstimate.LEAST ? estimate.metric(Metric.identity(d)) : Metric.identity(d);
        place(particles[0], current);
        stepSize.search(trajectory, density, points, current, metric, random);
        for (int i = 0; i < particles.length; i++) {
            if (smc.stopWhen().getAsBoolean() || Thread.currentThread().isInterrupted()) {
                throw ended();
            }
            place(particles[i], current);
            for (int m = 0; m < smc.numMoves(); m++) {
                current = trajectory.advance(current, stepSize.stepSize(), metric, random);
                stepSize.learn(trajectory.acceptProb());
                place(current.position, current);
            }
            System.arraycopy(current.position, 0, particles[i], 0, d);
            logLikelihoods[i] = density.logLikelihood();
        }
    }

    private void place(double[] position, PhasePoint point) {
        System.arraycopy(position, 0, point.position, 0, position.length);
        point.logDensity = density.valueAndGradient(point.position, point.gradient);
    }

    private RunColumns columns() {
        return RunColumns.of(joint, Optional.empty(), Set.of(), SiteFields.NONE);
    }

    /// Everything that the draws depend on.
    private SequencedMap<String, String> description(RunColumns columns) {
        var out = new LinkedHashMap<String, String>();
        out.put("kernel", "TemperedSMC: numMoves=" + smc.numMoves() + ", essFraction=" + smc.essFraction());
        out.put("key", key.toString());
        out.put("numParticles", "" + particles.length);
        out.put("columns", columns.text());
        out.put("fingerprint of model and data", Fingerprint.of(joint));
        out.put("fingerprint of the prior", Fingerprint.of(prior));
        return out;
    }

    private ChainState state() {
        var state = new ChainState.Builder("TemperedSMC")
                .put("iteration", powers)
                .put("position", Arrays.stream(particles).flatMapToDouble(Arrays::stream).toArray())
                .put("logLikelihoods", logLikelihoods)
                .put("power", power)
                .put("logEvidence", logEvidence)
                .put("gradients", density.count())
                .put("random", random.words());
        stepSize.save(state, false);
        return state.build();
    }

    private void restore(ChainState state) {
        int d = density.dimension();
        double[] positions = state.madeBy("TemperedSMC").position();
        Arrays.setAll(particles, i -> Arrays.copyOfRange(positions, i * d, (i + 1) * d));
        System.arraycopy(state.doubles("logLikelihoods"), 0, logLikelihoods, 0, logLikelihoods.length);
        powers = state.iteration();
        power = state.real("power");
        logEvidence = state.real("logEvidence");
        density.counted(state.integer("gradients"));
        random = ChainRandom.ofWords(state.longs("random"));
        stepSize.restore(state, false);
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
                .got("0 of " + particles.length + " particles with a finite log likelihood")
                .fix("check the data, or take more particles."));
    }

    private CancellationException ended() {
        return new CancellationException(new Diagnosis("TemperedSMC", "the run ended before the particles came to the posterior")
                .got("a stop after " + powers + " powers, at " + power)
                .fix(smc.folder().map(f -> "go on by resume(" + f + ").").orElse("give it a folder(path), from which an ended run can be resumed."))
                .message());
    }
}
