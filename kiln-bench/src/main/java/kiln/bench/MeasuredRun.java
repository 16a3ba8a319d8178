package kiln.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumSet;
import kiln.array.PRNGKey;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.Rhat;
import kiln.infer.CountedDensity;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.AdaptiveSampler;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.CenteringPilot;
import kiln.infer.mcmc.ChainDraws;
import kiln.infer.mcmc.ChainRandom;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.Initialisation;
import kiln.infer.mcmc.ParallelChains;
import kiln.infer.mcmc.Statistic;

/// A run of 4 × (1000 + 1000) one chain after the other on this thread, with what it took counted at the density.
///
/// @param dimension     number of unconstrained coordinates
/// @param seconds       of the run, wall clock
/// @param processor     the same of processor time, which does not grow while other processes have the processor
/// @param gradients     all evaluations: those of the climbs before the start, of the choice of coordinates, of the searches for a step size and of the warm-up included
/// @param warmGradients those before the first draw
/// @param ess           the smallest bulk effective sample size of all unconstrained coordinates of the model as written
/// @param rhat          the largest R̂ of them
/// @param byChance      at most how often chains that agree have an R̂ above 1.01 in some coordinate
/// @param divergences   of all chains, after the warm-up
record MeasuredRun(int dimension, double seconds, double processor, long gradients, long warmGradients, double ess, double rhat, double byChance, int divergences) {
    private static final int CHAINS = 4;
    private static final int ITERATIONS = 1000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    double essPerSecond() {
        return ess / seconds;
    }

    double essPerProcessorSecond() {
        return ess / processor;
    }

    /// {@return effective draws by gradient after the warm-up}
    double essPerGradient() {
        return ess / (gradients - warmGradients);
    }

    /// {@return effective draws by gradient of the whole run}
    double essPerGradientOfAll() {
        return ess / gradients;
    }

    /// Samples a posterior.
    ///
    /// @param name   of the posterior, for messages
    /// @param target its density as the model is written
    /// @param key    the number of the key
    static MeasuredRun of(String name, PosteriorDensity target, AdaptiveSampler<?> sampler, ChainStart start, long key) {
        long begin = System.nanoTime();
        long processorBegin = THREADS.getCurrentThreadCpuTime();
        var written = new CountedDensity(target);
        PRNGKey[] keys = PRNGKey.key(key).split(CHAINS);
        double[][] positions = new double[CHAINS][];
        long[] seeds = new long[CHAINS];
        for (int c = 0; c < CHAINS; c++) {
            PRNGKey[] own = keys[c].split();
            positions[c] = find(name, start, written, new ChainRandom(own[0].bits()));
            seeds[c] = own[1].bits();
        }
        CenteringPilot.Adapted adapted = sampler.settings().centering() == Centering.ADAPTED
                ? CenteringPilot.DEFAULT.adapt(target, positions[0], PRNGKey.key(key).foldIn(CHAINS).bits(), () -> false)
                : new CenteringPilot.Adapted(target, 0);
        PosteriorDensity chosen = adapted.density();
        var density = new CountedDensity(chosen);
        ChainDraws draws = new ParallelChains()
                .numChains(CHAINS)
                .numSamples(ITERATIONS)
                .threads(1)
                .keep(EnumSet.of(Statistic.NUM_STEPS))
                .run(sampler, density, Arrays.stream(positions).map(chosen::ofWritten).toArray(double[][]::new), seeds, ITERATIONS);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        double processor = (THREADS.getCurrentThreadCpuTime() - processorBegin) * 1e-9;
        double[][][] q = new double[CHAINS][ITERATIONS][];
        for (int c = 0; c < CHAINS; c++) {
            for (int i = 0; i < ITERATIONS; i++) {
                q[c][i] = chosen.written(draws.position(c, i));
            }
        }
        double ess = Double.POSITIVE_INFINITY;
        double rhat = 0;
        double byChance = 0;
        for (int i = 0; i < target.dimension(); i++) {
            int k = i;
            double[][] x = Arrays.stream(q).map(chain -> Arrays.stream(chain).mapToDouble(at -> at[k]).toArray()).toArray(double[][]::new);
            ess = Math.min(ess, EffectiveSampleSize.essBulk(x));
            rhat = Math.max(rhat, Rhat.rhat(x));
            byChance += Rhat.falseAlarm(1.01, x);
        }
        long steps = (long) Arrays.stream(draws.statistic(Statistic.NUM_STEPS)).flatMapToDouble(Arrays::stream).sum();
        long gradients = written.count() + adapted.gradients() + density.count();
        return new MeasuredRun(target.dimension(), seconds, processor, gradients, gradients - steps, ess, rhat, Math.min(byChance, 1),
                Arrays.stream(draws.divergences()).sum());
    }

    /// {@return the same with the time that went before it in its seconds}
    MeasuredRun after(double more) {
        return new MeasuredRun(dimension, seconds + more, processor, gradients, warmGradients, ess, rhat, byChance, divergences);
    }

    private static double[] find(String name, ChainStart start, LogDensity density, ChainRandom random) {
        return switch (start.find(density, random)) {
            case Initialisation.Found found -> found.position();
            case Initialisation.Failed failed -> throw new IllegalStateException(name + ": no start in " + failed.tries() + " tries");
        };
    }
}
