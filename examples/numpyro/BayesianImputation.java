import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Ages that are missing are random variables like any other (after NumPyro's tutorial `bayesian_imputation`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/BayesianImputation.java"))
        .resolveSibling("../data/numpyro/ages.csv");

void model(NDArray fare, NDArray age, NDArray missing, NDArray score) {
    var a = sample("a", new Normal(30, 10));
    var b = sample("b", new Normal(0, 5));
    var s = sample("s", new HalfNormal(10));
    var c = sample("c", new Normal(35, 10));
    var d = sample("d", new Normal(0, 1));
    var t = sample("t", new HalfNormal(10));
    var expected = a.plus(b.times(fare));
    // The missing ones are sampled, then put among those that are known.
    NDArray imputed;
    try (var _ = plate("missing", missing.size())) {
        imputed = sample("age_missing", new Normal(expected.get(missing), s));
    }
    var complete = age.at(missing).set(imputed);
    try (var _ = plate("passenger", fare.size())) {
        sample("age", new Normal(expected, s).mask(isfinite(age)), nanToNum(age));
        sample("score", new Normal(c.plus(d.times(complete.minus(30))), t), score);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var fare = table.get(ALL, at(0));
    var age = table.get(ALL, at(1));
    var score = table.get(ALL, at(2));
    var missing = nonzero(isnan(age)).get(0);
    var posterior = new MCMC(new NUTS(() -> model(fare, age, missing, score))).run(key(1));
    for (var name : List.of("a", "b", "s", "c", "d", "t")) {
        IO.println("%-2s  %.4f ± %.4f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var imputed = posterior.samples("age_missing");
    IO.println("\n%d of %d ages were missing; the first of them, with 90%% intervals:".formatted(missing.size(), age.size()));
    for (int i = 0; i < 4; i++) {
        var band = Intervals.hpdi(imputed.get(ALL, at(i)), 0.9);
        IO.println("  passenger %3.0f: %.1f [%.1f, %.1f]".formatted(missing.get(i).item(), imputed.get(ALL, at(i)).mean().item(),
                band.get(0).item(), band.get(1).item()));
    }
}
