import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// An autoregression of second order as a scan, and its forecast (after NumPyro's example `ar2`): the series is observed as far as it goes,
// and Predictive draws the steps behind.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/Ar2.java"))
        .resolveSibling("../data/numpyro/autoregression.csv");

void model(NDArray y, int steps) {
    var constant = sample("constant", new Normal(0, 1));
    var alpha1 = sample("alpha 1", new Normal(0, 1));
    var alpha2 = sample("alpha 2", new Normal(0, 1));
    var sigma = sample("sigma", new HalfNormal(1));
    Model series = () -> scan(
            (List<NDArray> c) -> {
                var now = sample("y", new Normal(constant.plus(alpha1.times(c.get(0))).plus(alpha2.times(c.get(1))), sigma));
                return new Carried<>(List.of(now, c.get(0)), now);
            },
            List.of(y.get(1), y.get(0)),
            steps);
    handle(series, condition(Map.of("y", y.get(slice(2, null))))).run();
}

void main() throws IOException {
    var y = loadtxt(DATA, ",", 0).get(ALL, at(0));
    int steps = y.size() - 2;
    var posterior = new MCMC(new NUTS(() -> model(y, steps))).numSamples(250).run(key(0));
    for (var name : posterior.names()) {
        IO.println("%-8s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var ahead = new Predictive(() -> model(y, steps + 5), posterior.samples()).returnSites("y").run(key(1)).get("y").get(ALL, slice(steps, null));
    for (int i = 0; i < 5; i++) {
        NDArray one = ahead.get(ALL, at(i));
        IO.println("%d ahead  %.3f ± %.3f".formatted(i + 1, one.mean().item(), std(one).item()));
    }
}
