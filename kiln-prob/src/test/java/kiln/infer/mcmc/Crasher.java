package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import kiln.infer.store.RunFolder;

/// The program that is killed or interrupted: runs, or goes on with, a run of [KernelRuns] in a folder; says when it has made so many iterations, and prints the summary.
///
/// Arguments: the name of the run, the folder, the number of threads, the number of iterations after which it writes a line, and how many milliseconds each
/// iteration after it takes.
final class Crasher {
    private Crasher() {}

    /// The run that all of its processes together make.
    ///
    /// @param atEachIteration is asked whether to stop
    static MCMC mcmc(String name, BooleanSupplier atEachIteration) {
        return KernelRuns.mcmc(name).numSamples(200).extraFields(Statistic.values()).stopWhen(atEachIteration);
    }

    static void main(String[] args) {
        Path folder = Path.of(args[1]);
        long limit = Long.parseLong(args[3]);
        long pause = Long.parseLong(args[4]);
        AtomicLong iterations = new AtomicLong();
        MCMC mcmc = mcmc(args[0], () -> {
            long now = iterations.incrementAndGet();
            if (now == limit) {
                System.out.println("now");
            }
            if (now >= limit && pause > 0) {
                pause(pause);
            }
            return false;
        }).threads(Integer.parseInt(args[2]));
        var posterior = RunFolder.isRun(folder) ? mcmc.resume(folder) : mcmc.folder(folder).run(key(5));
        posterior.printSummary();
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
