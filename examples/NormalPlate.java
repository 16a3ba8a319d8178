import module kiln;
import static kiln.array.PRNGKey.original;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// The model of a public NumPyro tutorial, with its data and its digits: x_i ~ Normal(mu, s) in a plate, mu ~ Normal(0, 1),
// s ~ LogNormal(mu, 1). The tutorial used float32 and the random numbers of JAX before 0.5, hence `original` keys.

record Draw(NDArray mu, NDArray s) {}

Draw model(NDArray x) {
    var mu = sample("mu", new Normal(0, 1));
    var s = sample("s", new LogNormal(mu, 1));
    if (x != null) {
        try (var _ = plate("data", x.size())) {
            sample("x", new Normal(mu, s), x);
        }
    }
    return new Draw(mu, s);
}

void program() {
    IO.println("Nine standard normal numbers of key 1234:");
    IO.println(new Normal(0, 1).sample(original(1234), Shape.of(3, 3)));

    IO.println("\nFive draws of two independent normal numbers, one around 0, one around 10:");
    IO.println(new Normal(Np.array(0, 10).astype(DType.FLOAT32), 1).sample(original(1234), Shape.of(5)));

    IO.println("\nThe model under the seeds 0 to 4:");
    for (int seed = 0; seed < 5; seed++) {
        var run = trace(() -> model(null), seed(original(seed)));
        IO.println("(" + run.value("mu") + ", " + run.value("s") + ")");
    }

    var x = new Normal(0, 5).sample(original(0), Shape.of(20));
    var posterior = new MCMC(new NUTS(() -> model(x))).numSamples(4000).run(original(1234));
    posterior.printSummary();
}

void main() {
    DType.withDefault(DType.FLOAT32, this::program);
}
