import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.dist.constraint.Constraints.positive;
import static kiln.model.Primitives.*;

// How fair is a coin? Variational inference with a beta distribution as guide, and predictions from it.
//
// The prior is Beta(10, 10); after six heads in ten throws the posterior is Beta(16, 14), which the guide can be exactly.

static final NDArray DATA = NDArray.of(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);

void coin(NDArray data) {
    var f = sample("latent_fairness", new Beta(10, 10));
    try (var _ = plate("N", data == null ? 10 : data.size())) {
        sample("obs", new Bernoulli(f), data);
    }
}

void guide() {
    var alpha = param("alpha_q", 15.0, positive);
    var beta = param("beta_q", k -> k.exponential(Shape.SCALAR), positive);
    sample("latent_fairness", new Beta(alpha, beta));
}

void main() {
    var optimizer = new Adam(Schedule.exponentialDecay(0.1, 1000, 0.2));
    var fit = new SVI(() -> coin(DATA), this::guide, optimizer, new TraceELBO(8)).run(key(0), 4000);
    IO.println("alpha %.1f  beta %.1f".formatted(fit.param("alpha_q").item(), fit.param("beta_q").item()));
    IO.println("log evidence at least %.3f".formatted(-mean(fit.losses().get(Index.slice(-500, 4000))).item()));

    var posterior = new Predictive(this::guide).params(fit.params()).numSamples(1000).run(key(1));
    var fairness = posterior.get("latent_fairness");
    IO.println("fairness %.3f +- %.3f".formatted(mean(fairness).item(), std(fairness).item()));

    // The same draws, then ten more throws for each of them.
    var ahead = new Predictive(() -> coin(null)).guide(this::guide).params(fit.params()).numSamples(1000).run(key(1));
    IO.println("heads in ten more throws %.2f".formatted(mean(ahead.get("obs").sum(-1)).item()));
}
