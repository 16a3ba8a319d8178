package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.sample;

import java.nio.file.Path;
import kiln.dist.Normal;

/// A run whose draws are only in its folder, by a process with little memory.
///
/// Arguments: the folder. Prints the summary, the mean of one site, and the largest heap in bytes.
final class Streamer {
    static final int SITES = 10;
    static final int SIZE = 5;
    static final int DRAWS = 20_000;

    private Streamer() {}

    static void main(String[] args) {
        var posterior = new MCMC(new HMC(() -> {
            for (int i = 0; i < SITES; i++) {
                sample("x" + i, new Normal(i, 1).expand(SIZE));
            }
        }).numSteps(4)).numWarmup(200).numSamples(DRAWS).blockSize(500).folder(Path.of(args[0])).keepInMemory(false).progress(ProgressListener.NONE).run(key(1));
        posterior.printSummary();
        System.out.println("mean " + posterior.samples("x7").mean().item());
        System.out.println("heap " + Runtime.getRuntime().maxMemory());
    }
}
