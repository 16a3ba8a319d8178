import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Ratings from 0 to 3: an order without distances (NumPyro's tutorial `ordinal_regression`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/OrdinalRegression.java"))
        .resolveSibling("../data/numpyro/ratings.csv");

void model(NDArray price, NDArray rating) {
    var slope = sample("slope", new Normal(0, 2));
    // Flat on the ordered vectors, so that each cut point keeps the density that the factor gives it.
    var cut = sample("cut", new ImproperUniform(Constraints.orderedVector, Shape.of(), Shape.of(3)));
    factor("cut prior", new Normal(0, 3).logProb(cut).sum());
    try (var _ = plate("customer", price.size())) {
        sample("rating", new OrderedLogistic(slope.times(price), cut), rating);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var price = table.get(ALL, at(0));
    var rating = table.get(ALL, at(1)).astype(DType.INT32);
    var posterior = new MCMC(new NUTS(() -> model(price, rating))).run(key(1));
    posterior.printSummary();
    IO.println("slope  %.3f ± %.3f".formatted(posterior.samples("slope").mean().item(), std(posterior.samples("slope")).item()));
    var cut = posterior.samples("cut");
    for (int i = 0; i < 3; i++) {
        IO.println("cut %d  %.3f ± %.3f".formatted(i + 1, cut.get(ALL, at(i)).mean().item(), std(cut.get(ALL, at(i))).item()));
    }
}
