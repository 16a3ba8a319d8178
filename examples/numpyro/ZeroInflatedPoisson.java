import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Fish caught by visitors of a park, some of whom did not fish at all (after NumPyro's example `zero_inflated_poisson`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/ZeroInflatedPoisson.java"))
        .resolveSibling("../data/numpyro/fish.csv");

void model(NDArray camper, NDArray fish) {
    var a = sample("a", new Normal(0, 1));
    var b = sample("b", new Normal(0, 1));
    var gate = sample("gate", new Uniform(0, 1));
    try (var _ = plate("group", camper.size())) {
        var rate = exp(a.plus(b.times(camper)));
        sample("fish", new ZeroInflatedPoisson(gate, rate), fish);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var camper = table.get(ALL, at(0));
    var fish = table.get(ALL, at(1));
    var keys = key(1).split();
    var posterior = new MCMC(new NUTS(() -> model(camper, fish))).run(keys[0]);
    for (var name : posterior.names()) {
        IO.println("%-4s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }

    var replicated = new Predictive(() -> model(camper, null), posterior.samples()).run(keys[1]).get("fish");
    var empty = Intervals.hpdi(replicated.eq(0).astype(DType.FLOAT64).mean(1), 0.9);
    IO.println("Groups without fish: %.3f; the model expects between %.3f and %.3f".formatted(
            fish.eq(0).astype(DType.FLOAT64).mean().item(), empty.get(0).item(), empty.get(1).item()));
}
