import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Which of twenty regressors matter? The horseshoe shrinks the others to zero (NumPyro's example `horseshoe_regression`).
//
// The scales of this posterior range over orders of magnitude. NUTS with a single step size diverges here even with `targetAcceptProb(0.99)`,
// and now and then loses a chain; WALNUTS halves its steps where it has to.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HorseshoeRegression.java"))
        .resolveSibling("../data/numpyro/horseshoe.csv");
static final double NOISE = 0.5;

void model(NDArray x, NDArray y) {
    var tau = sample("tau", new HalfCauchy(1));
    NDArray beta;
    try (var _ = plate("regressor", x.size(1))) {
        var lambda = sample("lambda", new HalfCauchy(1));
        var unscaled = sample("unscaled", new Normal(0, 1));
        beta = deterministic("beta", tau.times(lambda).times(unscaled));
    }
    try (var _ = plate("observation", x.size(0))) {
        sample("y", new Normal(x.matmul(beta), NOISE), y);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var x = table.get(ALL, slice(0, 20));
    var y = table.get(ALL, at(20));
    var posterior = new MCMC(new WALNUTS(() -> model(x, y))).numSamples(2000).run(key(1));
    var beta = posterior.samples("beta");
    IO.println("regressor   coefficient, 90% interval");
    for (int i = 0; i < 20; i++) {
        var b = beta.get(ALL, at(i));
        var band = Intervals.hpdi(b, 0.9);
        IO.println("%6d      %7.4f [%.2f, %.2f]%s".formatted(i, b.mean().item(), band.get(0).item(), band.get(1).item(),
                band.get(0).item() > 0 || band.get(1).item() < 0 ? "  matters" : ""));
    }
    IO.println("divergences: " + Arrays.stream(posterior.divergences()).sum());
}
