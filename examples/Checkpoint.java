import module kiln;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A run that outlives its process. Started again after a crash, a Ctrl-C or the end of its time on a cluster, the program goes on where it
// was; the draws are those of a run that nothing stopped. Here the first part ends by itself after 3000 iterations.

void model(NDArray y, NDArray sigma) {
    var mu = sample("mu", new Normal(0, 5));
    var tau = sample("tau", new HalfCauchy(5));
    try (var _ = plate("school", 8)) {
        var standardised = sample("theta_trans", new Normal(0, 1));
        sample("y", new Normal(deterministic("theta", mu.plus(tau.times(standardised))), sigma), y);
    }
}

void main() throws java.io.IOException {
    var y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    var sigma = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);
    var mcmc = new MCMC(new NUTS(() -> model(y, sigma)).targetAcceptProb(0.9)).numWarmup(500).numSamples(1000);
    var folder = java.nio.file.Files.createTempDirectory("kiln").resolve("run");

    var iterations = new java.util.concurrent.atomic.AtomicInteger();
    var part = mcmc.folder(folder).stopWhen(() -> iterations.incrementAndGet() > 3000).run(key(0));
    IO.println(part.end().orElseThrow().sentence());

    // What the program does when it is started again:
    var posterior = kiln.infer.store.RunFolder.isRun(folder) ? mcmc.resume(folder) : mcmc.folder(folder).run(key(0));
    posterior.printSummary();

    boolean same = posterior.samples("theta").known().sameAs(mcmc.run(key(0)).samples("theta").known());
    IO.println("The same draws as those of a run that was not stopped: " + same);
}
