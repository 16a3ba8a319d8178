import module kiln;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Eight schools: how much does coaching raise test scores, when every school measured it with its own error?
//
// The hierarchical model of Rubin (1981) in its non-centred form, in which the effects are standardised, so that the sampler
// never meets the funnel that a small tau makes of the centred one.

void model(NDArray y, NDArray sigma) {
    var mu = sample("mu", new Normal(0, 5));
    var tau = sample("tau", new HalfCauchy(5));
    try (var _ = plate("school", y.size())) {
        var standardised = sample("theta_trans", new Normal(0, 1));
        var theta = deterministic("theta", mu.plus(tau.times(standardised)));
        sample("y", new Normal(theta, sigma), y);
    }
}

void main() {
    var y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    var sigma = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    var posterior = new MCMC(new NUTS(() -> model(y, sigma))).run(key(0));
    posterior.printSummary();

    var theta = posterior.samples("theta");
    IO.println("\nEffect of coaching by school: measured, and estimated with its 90% interval");
    for (int school = 0; school < 8; school++) {
        var effect = Hpdi.hpdi(theta.get(Index.ALL, Index.at(school)).toDoubleArray(), 0.9);
        IO.println("  %c  %6.1f  %8.1f  [%5.1f, %5.1f]".formatted(
                'A' + school, y.get(school).item(), theta.mean(0).get(school).item(), effect.lower(), effect.upper()));
    }
}
