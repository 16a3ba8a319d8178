import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A detector that sees only what exceeds 1.5: the distribution behind it (NumPyro's tutorial `truncated_distributions`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/TruncatedDistributions.java"))
        .resolveSibling("../data/numpyro/truncated.csv");
static final double THRESHOLD = 1.5;

void model(int n, NDArray seen) {
    var loc = sample("loc", new Normal(0, 5));
    var scale = sample("scale", new HalfNormal(5));
    try (var _ = plate("event", n)) {
        sample("seen", new LeftTruncatedDistribution(new Normal(loc, scale), THRESHOLD), seen);
    }
}

void main() throws IOException {
    var seen = loadtxt(DATA, ",", 0).squeeze(-1);
    IO.println("What the detector saw: mean %.2f, standard deviation %.2f".formatted(seen.mean().item(), std(seen).item()));

    var keys = key(1).split();
    var posterior = new MCMC(new NUTS(() -> model(seen.size(), seen))).run(keys[0]);
    for (var name : posterior.names()) {
        IO.println("%-5s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }

    // Would the model have seen such data? Nothing below the threshold, and the same mean.
    var replicated = new Predictive(() -> model(seen.size(), null), posterior.samples()).run(keys[1]).get("seen");
    var means = Intervals.hpdi(replicated.mean(1), 0.9);
    IO.println("Replicated: smallest %.2f, means between %.2f and %.2f".formatted(replicated.min().item(), means.get(0).item(),
            means.get(1).item()));
}
