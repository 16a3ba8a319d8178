package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import kiln.infer.LogDensity;
import kiln.infer.store.RunFolder;

/// The program that is killed: runs, or goes on with, a cheap run in a folder; says when it has evaluated its density so many times.
///
/// Arguments: the folder, the number of threads, the number of evaluations after which it writes a line.
final class Crasher {
    private Crasher() {}

    /// The run that all of its processes together make.
    static MCMC mcmc(Runnable atEachEvaluation) {
        LogDensity target = Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0.6));
        LogDensity told = Targets.of(2, (q, g) -> {
            atEachEvaluation.run();
            return target.valueAndGradient(q, g);
        });
        return new MCMC(new NUTS(told)).numWarmup(100).numSamples(300).blockSize(20).extraFields(Statistic.values())
                .progress(ProgressListener.NONE);
    }

    static void main(String[] args) {
        Path folder = Path.of(args[0]);
        long limit = Long.parseLong(args[2]);
        AtomicLong evaluations = new AtomicLong();
        MCMC mcmc = mcmc(() -> {
            if (evaluations.incrementAndGet() == limit) {
                System.out.println("now");
            }
        }).threads(Integer.parseInt(args[1]));
        var posterior = RunFolder.isRun(folder) ? mcmc.resume(folder) : mcmc.folder(folder).run(key(5));
        System.out.println(posterior.end().orElseThrow().sentence());
        System.out.println("done");
    }
}
