package kiln.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import kiln.array.PRNGKey;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.ChainMethod;
import kiln.infer.mcmc.ChainRandom;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.Initialisation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ParallelChains;
import kiln.infer.mcmc.Sampler;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// `./kiln bench chains`: draws per second of processor time of vectorized chains beside parallel ones, both on one thread, warm-up included.
///
/// Both make the same draws, bit for bit. Runs take turns, and the ratio is the median of the ratios within a round. Each posterior is measured in a
/// process of its own, see [Forked].
public final class ChainTable {
    private static final List<String> POSTERIORS = List.of(
            "eight_schools-eight_schools_noncentered", "kidiq-kidscore_momhsiq", "radon_mn-radon_hierarchical_intercept_noncentered",
            "garch-garch11", "arma-arma11", "hmm_example-hmm_example");
    private static final int[] CHAINS = {4, 16, 64, 256};
    private static final int ROUNDS = 7;

    /// Processor time, which does not grow while other processes have the processor: one thread does all of a run.
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Iterations of all chains together in one run, half of them warm-up; each chain makes 40 at least.
    private static final int ITERATIONS = 8_000;

    private static final int LEAST = 40;

    private ChainTable() {}

    /// Measures and prints the table.
    ///
    /// @param args names of posteriors, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        Rows rows = Rows.of(args);
        var out = new StringBuilder(Machine.description()).append("""


                Draws per second of processor time of vectorized chains over those of parallel chains, both on one thread, warm-up included: the median of %d rounds, and its
                quartiles. Parallel: thousands of draws per second of 16 parallel chains.

                | posterior | kernel | parallel | 4 chains | 16 | 64 | 256 |
                |---|---|--:|--:|--:|--:|--:|
                """.formatted(ROUNDS));
        for (String name : POSTERIORS) {
            if (rows.wanted().test(name)) {
                System.err.println(name);
                SequencedMap<String, double[]> nanos = Forked.start("chains", name);
                samplers().keySet().forEach(kernel -> out.append(row(name, kernel, nanos)));
            }
        }
        System.out.print(out);
    }

    private static String row(String name, String kernel, SequencedMap<String, double[]> nanos) {
        List<String> cells = new ArrayList<>(List.of(name, kernel));
        for (int chains : CHAINS) {
            double[] parallel = nanos.get(column(kernel, ChainMethod.PARALLEL, chains));
            double[] vectorized = nanos.get(column(kernel, ChainMethod.VECTORIZED, chains));
            if (parallel == null || vectorized == null) {
                return "";
            }
            double[] ratios = IntStream.range(0, ROUNDS).mapToDouble(r -> parallel[r] / vectorized[r]).toArray();
            cells.add(String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", Interleaved.quantile(ratios, 0.5), Interleaved.quantile(ratios, 0.25),
                    Interleaved.quantile(ratios, 0.75)));
            if (chains == 16) {
                cells.add(2, Interleaved.significant(1e6 / Interleaved.quantile(parallel, 0.5)));
            }
        }
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static SequencedMap<String, Sampler> samplers() {
        SequencedMap<String, Sampler> out = new LinkedHashMap<>();
        out.put("NUTS", new NUTS());
        out.put("HMC, 8 steps", new HMC().numSteps(8));
        return out;
    }

    private static String column(String kernel, ChainMethod method, int chains) {
        return kernel + " " + method + " " + chains;
    }

    /// {@return nanoseconds of processor time per draw, by column and round}
    static SequencedMap<String, double[]> measure(Problem problem) {
        PosteriorDensity density = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        double[][] starts = new double[CHAINS[CHAINS.length - 1]][];
        for (int c = 0; c < starts.length; c++) {
            starts[c] = switch (ChainStart.DEFAULT.find(density, new ChainRandom(c))) {
                case Initialisation.Found found -> found.position();
                case Initialisation.Failed failed -> throw new IllegalStateException("no start in " + failed.tries() + " tries");
            };
        }
        SequencedMap<String, double[]> out = new LinkedHashMap<>();
        samplers().forEach((name, sampler) -> {
            for (int chains : CHAINS) {
                for (int round = -2; round < ROUNDS; round++) {
                    for (ChainMethod method : ChainMethod.values()) {
                        double nanos = nanosPerDraw(density, sampler, method, chains, starts);
                        if (round >= 0) {
                            out.computeIfAbsent(column(name, method, chains), _ -> new double[ROUNDS])[round] = nanos;
                        }
                    }
                }
            }
        });
        return out;
    }

    private static double nanosPerDraw(PosteriorDensity density, Sampler sampler, ChainMethod method, int chains, double[][] starts) {
        int half = Math.max(LEAST, ITERATIONS / chains) / 2;
        double[][] positions = new double[chains][];
        long[] seeds = new long[chains];
        for (int c = 0; c < chains; c++) {
            positions[c] = starts[c];
            seeds[c] = c;
        }
        long begin = THREADS.getCurrentThreadCpuTime();
        new ParallelChains().numChains(chains).numSamples(half).threads(1).method(method).run(sampler, density, positions, seeds, half);
        return (THREADS.getCurrentThreadCpuTime() - begin) / (2.0 * half * chains);
    }
}
