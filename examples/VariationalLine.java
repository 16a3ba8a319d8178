import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.dist.constraint.Constraints.positive;
import static kiln.infer.InitStrategy.initToMedian;
import static kiln.model.Primitives.*;

// Stochastic variational inference for a line through ten points: a guide by hand, the mode, a normal vector with correlations.
//
// A NumPyro tutorial of the same name, with its data: the old layout of keys, in single precision. The digits of its MAP estimate come out.

NDArray x;
NDArray y;

void line(NDArray x, NDArray y) {
    var w = sample("w", new Normal(0, 10));
    var b = sample("b", new Normal(0, 10));
    var s = sample("s_eps", new HalfCauchy(10));
    try (var _ = plate("data", x.size())) {
        var mu = deterministic("mu", x.times(w).plus(b));
        sample("y", new Normal(mu, s), y);
    }
}

// Every latent site has a distribution of its own, with parameters to be learned.
void guide() {
    sample("w", new Normal(param("w_loc", 0.0), param("w_scale", 0.1, positive)));
    sample("b", new Normal(param("b_loc", 0.0), param("b_scale", 0.1, positive)));
    var log = new Normal(param("s_log_loc", 0.0), param("s_log_scale", 0.1, positive));
    sample("s_eps", new TransformedDistribution(log, new ExpTransform()));
}

void table(String title, SequencedMap<String, NDArray> draws) {
    IO.println(title);
    draws.forEach((name, v) -> {
        if (v.rank() == 1) {
            IO.println("  %-6s mean %7.3f  sd %.3f".formatted(name, mean(v).item(), std(v).item()));
        }
    });
    var w = draws.get("w");
    var b = draws.get("b");
    var together = mean(w.minus(mean(w)).times(b.minus(mean(b))));
    IO.println("  correlation of w and b %.2f".formatted(together.item() / (std(w).item() * std(b).item())));
}

SVIResult train(Model guide, PRNGKey key, int steps) {
    var fit = new SVI(() -> line(x, y), guide, new Adam(0.01), new TraceELBO()).run(key, steps);
    IO.println("loss of the first step %.2f, mean of the last hundred %.2f".formatted(
            fit.losses().get(0).item(), mean(fit.losses().get(Index.slice(-100, steps))).item()));
    return fit;
}

void bound(Model guide, SVIResult fit) {
    var many = new SVI(() -> line(x, y), guide, new Adam(0.01), new TraceELBO(10_000));
    IO.println("  log evidence at least %.2f".formatted(-many.evaluate(fit.state()).item()));
}

void program() {
    var data = PRNGKey.original(1234);
    x = sort(new Normal(0, 5).sample(data, 10), -1);
    var noise = data.split()[0];
    y = x.times(0.5).minus(0.7).plus(new Normal(0, 1).sample(noise, 10));

    IO.println("A guide by hand: independent normal distributions");
    var keys = noise.split();
    var fit = train(this::guide, keys[1], 4000);
    var at = linspace(-12, 12, 3);
    var predictive = new Predictive(() -> line(at, null))
            .guide(this::guide)
            .params(fit.params())
            .returnSites("w", "b", "s_eps", "mu")
            .numSamples(1000)
            .run(key(1));
    table("Draws of the guide", predictive);
    bound(this::guide, fit);
    IO.println("  the line at -12, 0, 12: " + quantile(predictive.get("mu"), NDArray.of(0.01, 0.5, 0.99), 0));

    IO.println("\nThe mode (MAP)");
    keys = keys[0].split();
    var map = train(new AutoDelta(() -> line(x, y), "MAP", initToMedian()), keys[1], 300);
    map.params().forEach((name, v) -> IO.println("  " + name + " = " + v));

    IO.println("\nA normal vector with correlations");
    keys = keys[0].split();
    var vector = new AutoMultivariateNormal(() -> line(x, y), "MVN", InitStrategy.initToUniform(), 0.1);
    var best = train(vector, keys[1], 4000);
    table("Draws of the guide", vector.samplePosterior(key(1), best.params(), 1000));
    bound(vector, best);
}

void main() {
    DType.withDefault(DType.FLOAT32, this::program);
}
