import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A discrete covariate that is not always known (after NumPyro's notebook `discrete_imputation`). Whether the others took the drug is summed
// out, and found afterwards; what is known of them is whether they recovered.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/DiscreteImputation.java"))
        .resolveSibling("../data/numpyro/drug.csv");

/// @param known which rows say whether the drug was taken
void model(NDArray drug, NDArray known, NDArray well) {
    var share = sample("P(drug)", new Beta(2, 2));
    var with = sample("P(well | drug)", new Beta(2, 2));
    var without = sample("P(well | none)", new Beta(2, 2));
    try (var _ = plate("patient", well.size())) {
        var taken = sample("drug", new Bernoulli(share), drug, obsMask(known));
        sample("well", new Bernoulli(where(taken.eq(1), with, without)), well);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var drug = table.get(ALL, at(0));
    var known = drug.ge(0);
    Model model = () -> model(where(known, drug, 0.0), known, table.get(ALL, at(1)));
    var posterior = new MCMC(new NUTS(model)).run(key(0));
    for (var name : posterior.names()) {
        IO.println("%-14s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var found = posterior.inferDiscrete(key(1)).get("drug_unobserved");
    var unknown = logicalNot(known).astype(DType.FLOAT64);
    var count = found.astype(DType.FLOAT64).times(unknown).sum(-1);
    IO.println("Of %.0f unknown %.2f took it".formatted(unknown.sum().item(), count.mean().item()));
}
