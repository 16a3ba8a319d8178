import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A mixture of two normal distributions by enumeration (after NumPyro's notebook `gmm`): which point belongs to which is summed out under
// NUTS, and drawn afterwards. What is printed does not depend on the names of the two components.

static final NDArray POINTS = array(0, 1, 10, 11, 12);

void model() {
    var weights = sample("weights", new Dirichlet(array(0.5, 0.5)));
    var logScale = sample("log scale", new Normal(0, 2));
    NDArray locs;
    try (var _ = plate("component", 2)) {
        locs = sample("locs", new Normal(0, 10));
    }
    try (var _ = plate("point", POINTS.size())) {
        var z = sample("z", new Categorical(weights));
        sample("x", new Normal(locs.get(z), exp(logScale)), POINTS);
    }
}

void main() {
    var posterior = new MCMC(new NUTS(this::model).targetAcceptProb(0.95)).numWarmup(1000).numSamples(2000).run(key(0));
    var scale = posterior.samples("log scale");
    var locs = sort(posterior.samples("locs"), -1);
    IO.println("log scale    %.3f ± %.3f".formatted(scale.mean().item(), std(scale).item()));
    IO.println("lower mean   %.3f".formatted(locs.get(ALL, at(0)).mean().item()));
    IO.println("higher mean  %.3f".formatted(locs.get(ALL, at(1)).mean().item()));

    var z = posterior.inferDiscrete(key(1)).get("z");
    IO.println("1 and 10 apart    %.3f".formatted(share(z.get(ALL, ALL, at(1)).ne(z.get(ALL, ALL, at(2))))));
    IO.println("0 and 1 together  %.3f".formatted(share(z.get(ALL, ALL, at(0)).eq(z.get(ALL, ALL, at(1))))));
}

double share(NDArray event) {
    return event.astype(DType.FLOAT64).mean().item();
}
