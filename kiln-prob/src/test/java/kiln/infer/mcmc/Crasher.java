package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import kiln.array.NDArray;
import kiln.infer.Posterior;
import kiln.infer.store.RunFolder;

/// The program that is killed or interrupted: runs, or goes on with, a run of [KernelRuns] in a folder; says when it has made so many iterations, and prints the summary.
///
/// Arguments: the name of the run, the folder, the number of threads, the number of iterations after which it writes a line, and how many milliseconds each
/// iteration after it takes.
final class Crasher {
    private Crasher() {}

    /// What came out of a run.
    ///
    /// @param arrays all that was drawn
    /// @param rest   what else must be the same: states, an evidence
    record Outcome(Posterior posterior, List<NDArray> arrays, Object rest) {}

    /// The run that all of its processes together make: in the folder it begins, or goes on.
    ///
    /// @param atEachIteration is asked whether to stop
    static Outcome run(String name, Optional<Path> folder, int threads, BooleanSupplier atEachIteration) {
        boolean goesOn = folder.isPresent() && RunFolder.isRun(folder.get());
        if (name.equals(KernelRuns.PARTICLES)) {
            TemperedSMC smc = KernelRuns.particles().stopWhen(atEachIteration);
            TemperedSMC.Result result = goesOn ? smc.resume(folder.orElseThrow()) : folder.map(smc::folder).orElse(smc).run(key(5));
            return new Outcome(result.posterior(), List.of(result.posterior().samples("mu")), List.of(result.logEvidence(), result.numPowers(), result.numGradients()));
        }
        MCMC mcmc = KernelRuns.mcmc(name).numSamples(200).extraFields(Statistic.values()).stopWhen(atEachIteration).threads(threads);
        Posterior posterior = goesOn ? mcmc.resume(folder.orElseThrow()) : folder.map(mcmc::folder).orElse(mcmc).run(key(5));
        var arrays = new ArrayList<NDArray>();
        List.of("diverging", "energy", "step_size").forEach(field -> arrays.add(posterior.extraField(field)));
        posterior.names().forEach(site -> arrays.add(posterior.samplesByChain(site)));
        return new Outcome(posterior, arrays, posterior.lastState());
    }

    static void main(String[] args) {
        long limit = Long.parseLong(args[3]);
        long pause = Long.parseLong(args[4]);
        AtomicLong iterations = new AtomicLong();
        run(args[0], Optional.of(Path.of(args[1])), Integer.parseInt(args[2]), () -> {
            long now = iterations.incrementAndGet();
            if (now == limit) {
                System.out.println("now");
            }
            if (now >= limit && pause > 0) {
                pause(pause);
            }
            return false;
        }).posterior().printSummary();
        System.out.println("done");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
