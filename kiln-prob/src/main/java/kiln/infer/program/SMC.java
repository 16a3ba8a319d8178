package kiln.infer.program;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.PRNGKey;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// Sequential Monte Carlo over the observations of a model: runs compete at each of them, those that explain the data so far are
/// multiplied (a bootstrap particle filter whose particles are executions).
///
/// ```
/// w  ← w · p(observation k | run so far)                        k = 1, 2, …, in the order of each run
/// when (Σ w)² / Σ w² < essThreshold · numParticles:
///     log p(data) += log mean w;   resample systematically;   w ← 1
/// ```
///
/// A run that is resampled several times goes on once as it is and otherwise is repeated up to its last observation and drawn anew from
/// there; so work grows with the number of resamplings times the length of a run. Runs whose observations differ in number are
/// compared by their count. `factor` counts as an observation.
///
/// Source: Gordon, Salmond and Smith (1993); for programs, Wood, van de Meent and Mansinghka, *A new approach to probabilistic
/// programming inference* (2014). Differs from the latter in that it resamples only when the weights have become uneven.
///
/// @param model        the model, its data observed
/// @param numParticles number of runs kept; ≥ 1
/// @param essThreshold share of `numParticles` that the effective sample size may fall to; in [0, 1]; 0 never resamples, 1 at every
///                     observation that makes a difference
/// @param threads      at most so many runs at a time; the result is the same
public record SMC(Model model, int numParticles, double essThreshold, int threads) {
    /// @throws kiln.array.DomainException if a number is out of its range
    public SMC {
        Tasks.require(numParticles >= 1, "numParticles must be ≥ 1", numParticles);
        Tasks.require(threads >= 1, "threads must be ≥ 1", threads);
        if (!(essThreshold >= 0 && essThreshold <= 1)) {
            throw new kiln.array.DomainException(new Diagnosis("SMC", "essThreshold must be in [0, 1]").got("" + essThreshold));
        }
    }

    /// A thousand particles, resampled when their effective number has fallen to half.
    public SMC(Model model) {
        this(model, 1000, 0.5, Runtime.getRuntime().availableProcessors());
    }

    /// A copy with another [#numParticles()].
    public SMC numParticles(int v) {
        return new SMC(model, v, essThreshold, threads);
    }

    /// A copy with another [#essThreshold()].
    public SMC essThreshold(double v) {
        return new SMC(model, numParticles, v, threads);
    }

    /// A copy that does at most so many runs at a time.
    public SMC threads(int v) {
        return new SMC(model, numParticles, essThreshold, v);
    }

    /// A run with the log density of each of its observations, in order.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Particle(Trace trace, List<Message.Sample> observed, double[] densities) {
        static Particle of(Trace trace) {
            List<Message.Sample> observed = new ArrayList<>();
            for (Message m : trace.sites().values()) {
                if (m instanceof Message.Sample s && s.isObserved()) {
                    observed.add(s);
                }
            }
            return new Particle(trace, observed, observed.stream().mapToDouble(Runs::logDensity).toArray());
        }
    }

    /// Runs the filter.
    ///
    /// @param key source of all random numbers
    /// @return the particles with their last weights
    /// @throws HandlerException if an observation is impossible for every particle
    public WeightedExecutions run(PRNGKey key) {
        PRNGKey[] first = key.foldIn(0).split(numParticles);
        List<Particle> particles =
                Tasks.map(numParticles, threads, i -> Particle.of(Runs.trace(model, Handlers.seed(first[i]))));
        double evidence = 0;
        double[] weights = new double[numParticles];
        int round = 0;
        for (int k = 0; k < mostObservations(particles); k++) {
            for (int i = 0; i < weights.length; i++) {
                double[] own = particles.get(i).densities();
                weights[i] += k < own.length ? own[k] : 0;
            }
            double mean = LogWeights.logMeanExp(weights);
            if (!(mean > Double.NEGATIVE_INFINITY)) {
                throw impossible(particles, k);
            }
            double[] p = LogWeights.normalized(weights);
            if (LogWeights.effectiveSampleSize(p) < essThreshold * numParticles) {
                evidence += mean;
                particles = resampled(particles, p, k + 1, key.foldIn(++round));
                weights = new double[numParticles];
            }
        }
        return new WeightedExecutions(
                "SMC",
                particles.stream().map(x -> Execution.of(x.trace())).toList(),
                weights,
                evidence + LogWeights.logMeanExp(weights));
    }

    private static int mostObservations(List<Particle> particles) {
        return particles.stream().mapToInt(x -> x.densities().length).max().orElse(0);
    }

    private List<Particle> resampled(List<Particle> particles, double[] p, int observations, PRNGKey key) {
        PRNGKey[] both = key.split();
        int[] ancestors = LogWeights.systematic(p, numParticles, both[0].uniform().item());
        PRNGKey[] keys = both[1].split(numParticles);
        return Tasks.map(numParticles, threads, i -> {
            Particle ancestor = particles.get(ancestors[i]);
            boolean isFirst = i == 0 || ancestors[i - 1] != ancestors[i];
            boolean isOver = ancestor.densities().length < observations;
            return isFirst || isOver
                    ? ancestor
                    : Particle.of(Runs.trace(model, () -> new Prefix(ancestor, observations), Handlers.seed(keys[i])));
        });
    }

    /// Repeats a run up to one of its observations.
    private static final class Prefix implements Interceptor {
        private final Trace trace;
        private final Set<String> before = new HashSet<>();

        Prefix(Particle particle, int observations) {
            trace = particle.trace();
            String last = particle.observed().get(observations - 1).name();
            for (String name : trace.sites().keySet()) {
                before.add(name);
                if (name.equals(last)) {
                    break;
                }
            }
        }

        @Override
        public Message process(Message m) {
            if (!before.contains(m.name())) {
                return m;
            }
            return switch (m) {
                case Message.Sample s when !s.isObserved() && s.value() == null -> s.withValue(trace.value(s.name()));
                case Message.Plate p when p.value() == null -> p.withValue(trace.value(p.name()));
                default -> m;
            };
        }
    }

    private static HandlerException impossible(List<Particle> particles, int k) {
        Message.Sample site = particles.stream()
                .filter(x -> k < x.observed().size())
                .findFirst()
                .orElseThrow()
                .observed()
                .get(k);
        return new HandlerException(new Diagnosis(site.label(), "every particle of SMC contradicts this observation")
                .expected("a log density above -inf in one of " + particles.size() + " runs")
                .at(site.place())
                .fix("raise numParticles, or observe with noise what the model fixes exactly."));
    }
}
