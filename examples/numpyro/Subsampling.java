import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A logistic regression of which every gradient looks at 100 of 5000 rows (after NumPyro's examples `hmcecs` and `covtype`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/Subsampling.java"))
        .resolveSibling("../data/numpyro/subsampling.csv");

void model(NDArray x, NDArray y, int rows) {
    var a = sample("a", new Normal(0, 2));
    var b = sample("b", new Normal(0, 2));
    try (var _ = plate("data", y.size(), subsampleSize(rows))) {
        sample("y", Bernoulli.logits(a.plus(b.times(subsample(x, 0)))), subsample(y, 0));
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var x = table.get(ALL, at(0));
    var y = table.get(ALL, at(1));

    // Where the posterior lies: a normal approximation on all rows.
    var found = new Pathfinder(() -> model(x, y, y.size())).run(key(0)).posterior();
    var center = Map.of("a", found.samples("a").mean(), "b", found.samples("b").mean());

    var kernel = new HMCECS(new NUTS(() -> model(x, y, 100))).numBlocks(10).proxy(HMCECS.taylorProxy(center));
    var posterior = new MCMC(kernel).initParams(center).run(key(1));
    for (var name : posterior.names()) {
        IO.println("%s  %.4f ± %.4f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
}
