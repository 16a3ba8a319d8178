import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// How long does a machine last, when the study ended before all had failed? (NumPyro's tutorial `censoring`.)
//
// A machine that still ran after 400 hours tells that its life is longer. Taking 400 for its life makes all machines look worse.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/Censoring.java"))
        .resolveSibling("../data/numpyro/censoring.csv");
static final double STUDY = 400;

void censored(NDArray hours) {
    var rate = sample("rate", new Gamma(2, 1000));
    deterministic("mean life", rate.pow(-1));
    try (var _ = plate("machine", hours.size())) {
        sample("life", new RightCensoredDistribution(new Exponential(rate), hours.ge(STUDY)), hours);
    }
}

void naive(NDArray hours) {
    var rate = sample("rate", new Gamma(2, 1000));
    deterministic("mean life", rate.pow(-1));
    try (var _ = plate("machine", hours.size())) {
        sample("life", new Exponential(rate), hours);
    }
}

void main() throws IOException {
    var hours = loadtxt(DATA, ",", 0).squeeze(-1);
    IO.println("%d machines, %.0f still running after %.0f hours".formatted(hours.size(), hours.ge(STUDY).sum().item(), STUDY));
    var keys = key(1).split();
    report("as censored", new MCMC(new NUTS(() -> censored(hours))).run(keys[0]));
    report("as failures", new MCMC(new NUTS(() -> naive(hours))).run(keys[1]));
}

void report(String title, Posterior posterior) {
    var life = posterior.samples("mean life");
    IO.println("taken %s: mean life %.1f ± %.1f hours".formatted(title, life.mean().item(), std(life).item()));
}
