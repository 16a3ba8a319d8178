import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A hidden Markov chain whose states are summed out in the scan, and found afterwards (after NumPyro's example `hmm_enum`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HiddenMarkov.java"))
        .resolveSibling("../data/numpyro/hidden_markov.csv");

void model(NDArray y) {
    var stay = sample("stay", new Beta(8, 2));
    var mu = sample("mu", new HalfNormal(3));
    scan(
            (NDArray before, NDArray now) -> {
                var z = sample("z", new Bernoulli(where(before.eq(1), stay, subtract(1, stay))));
                sample("y", new Normal(mu.times(z.times(2).minus(1)), 1), now);
                return Carried.of(z);
            },
            scalar(0L),
            y);
}

void main() throws IOException {
    var y = loadtxt(DATA, ",", 0).get(ALL, at(0));
    var posterior = new MCMC(new NUTS(() -> model(y))).run(key(0));
    for (var name : posterior.names()) {
        IO.println("%-4s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var z = new InferDiscrete(() -> model(y), posterior.samples()).run(key(1)).get("z").astype(DType.FLOAT64);
    IO.println("steps in state 1  %.2f".formatted(z.sum(1).mean().item()));
}
