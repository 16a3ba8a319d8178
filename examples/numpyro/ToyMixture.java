import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A hidden cause between two observed variables, A → B → C, all of them true or false (after NumPyro's example
// `toy_mixture_model_discrete_enumeration`): B is summed out for each of 300 observations. The data are four counts.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/ToyMixture.java"))
        .resolveSibling("../data/numpyro/toy_mixture.csv");

void model(NDArray a, NDArray c) {
    var pA = sample("P(A)", new Beta(1, 1));
    var pB = sample("P(B | A)", new Beta(array(2, 8), array(8, 2)).toEvent(1));
    var pC = sample("P(C | B)", new Beta(array(2, 8), array(8, 2)).toEvent(1));
    try (var _ = plate("data", a.size())) {
        sample("A", new Bernoulli(pA), a);
        var b = sample("B", new Bernoulli(pB.get(a)));
        sample("C", new Bernoulli(pC.get(b)), c);
    }
}

void main() throws IOException {
    NDArray counts = loadtxt(DATA, ",", 0).astype(DType.INT64);
    var a = new ArrayList<Long>();
    var c = new ArrayList<Long>();
    for (int row = 0; row < 4; row++) {
        long[] own = counts.get(row).toLongArray();
        a.addAll(Collections.nCopies((int) own[2], own[0]));
        c.addAll(Collections.nCopies((int) own[2], own[1]));
    }
    var posterior = new MCMC(new NUTS(() -> model(vector(a), vector(c)))).numWarmup(500).numSamples(500).run(key(0));
    for (var name : posterior.names()) {
        NDArray x = posterior.samples(name);
        for (int i = 0; i < x.size() / x.size(0); i++) {
            NDArray one = x.reshape(x.size(0), -1).get(ALL, at(i));
            IO.println("%-8s  %.3f ± %.3f".formatted(name, one.mean().item(), std(one).item()));
        }
    }
}

static NDArray vector(List<Long> values) {
    return NDArray.of(values.stream().mapToLong(Long::longValue).toArray());
}
