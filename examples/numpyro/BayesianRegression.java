import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Why do people divorce where they marry much? (NumPyro's tutorial `bayesian_regression`; McElreath, Statistical Rethinking, ch. 5.)
//
// In the states of the US the divorce rate goes with the marriage rate. Once the age at marriage is known, the marriage rate says
// nothing more: its coefficient in the model with both is about zero.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/BayesianRegression.java"))
        .resolveSibling("../data/numpyro/divorce.csv");

// A regressor that is null is not part of the model.
void model(NDArray marriage, NDArray age, NDArray divorce) {
    var mean = sample("a", new Normal(0, 0.2));
    if (marriage != null) {
        mean = mean.plus(sample("bM", new Normal(0, 0.5)).times(marriage));
    }
    if (age != null) {
        mean = mean.plus(sample("bA", new Normal(0, 0.5)).times(age));
    }
    sample("divorce", new Normal(mean, sample("sigma", new Exponential(1))), divorce);
}

NDArray standardised(NDArray x) {
    return x.minus(x.mean()).div(std(x, 1));
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var age = standardised(table.get(Index.ALL, Index.at(0)));
    var marriage = standardised(table.get(Index.ALL, Index.at(1)));
    var divorce = standardised(table.get(Index.ALL, Index.at(2)));

    var keys = key(1).split(4);
    report("Marriage rate alone", new MCMC(new NUTS(() -> model(marriage, null, divorce))).run(keys[0]));
    report("Age at marriage alone", new MCMC(new NUTS(() -> model(null, age, divorce))).run(keys[1]));
    var both = new MCMC(new NUTS(() -> model(marriage, age, divorce))).run(keys[2]);
    report("Both", both);

    // How far the model's predictions are from what was seen, in standard deviations of the divorce rate.
    var predicted = new Predictive(() -> model(marriage, age, null), both.samples()).run(keys[3]).get("divorce");
    var residual = divorce.minus(predicted.mean(0));
    IO.println("\nLeft unexplained: a residual of %.2f standard deviations on average over the 50 states".formatted(
            sqrt(residual.times(residual).mean()).item()));
}

void report(String title, Posterior posterior) {
    IO.println("\n" + title);
    for (var name : posterior.names()) {
        IO.println("  %-5s  %6.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
}
