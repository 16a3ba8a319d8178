import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.infer.Intervals.hpdi;
import static kiln.model.Primitives.*;

// Bayesian linear regression on real data: the test scores of 434 children, explained by whether their mother finished high
// school and by her IQ (Gelman and Hill, Data Analysis Using Regression, ch. 3).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/LinearRegression.java"))
        .resolveSibling("data/kidiq.csv");

// The scores are data, or unknown (null) when the model predicts them.
void model(NDArray highSchool, NDArray iq, NDArray score) {
    var intercept = sample("intercept", new Normal(0, 500));
    var effectOfHighSchool = sample("high_school", new Normal(0, 100));
    var effectOfIq = sample("iq", new Normal(0, 10));
    var sigma = sample("sigma", new HalfCauchy(2.5));
    try (var _ = plate("child", iq.size())) {
        var mean = intercept.plus(effectOfHighSchool.times(highSchool)).plus(effectOfIq.times(iq));
        sample("score", new Normal(mean, sigma), score);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 3);
    var score = table.get(Index.ALL, Index.at(0));
    var highSchool = table.get(Index.ALL, Index.at(1));
    var iq = table.get(Index.ALL, Index.at(2));
    var keys = key(2026).split(3);

    // What the model expects before it has seen a score: the priors are vague, so nearly anything.
    var prior = new Predictive(() -> model(highSchool, iq, null)).numSamples(500).run(keys[0]);
    var expected = hpdi(prior.get("score").reshape(-1), 0.9);
    IO.println("Prior predictive: 90%% of the scores between %.0f and %.0f (the data: %.0f to %.0f)".formatted(
            expected.get(0).item(), expected.get(1).item(), score.min().item(), score.max().item()));

    var posterior = new MCMC(new NUTS(() -> model(highSchool, iq, score))).run(keys[1]);
    posterior.printSummary();

    // The regression line for mothers who finished high school, at five values of IQ, with its 90% interval.
    var grid = linspace(70, 140, 5);
    var line = posterior.samples("intercept").plus(posterior.samples("high_school")).expandDims(-1)
            .plus(posterior.samples("iq").expandDims(-1).times(grid));
    var band = hpdi(line, 0.9);

    // New scores for the same mothers, which also vary about the line.
    var ones = onesLike(grid);
    var predicted = new Predictive(() -> model(ones, grid, null), posterior.samples()).run(keys[2]).get("score");
    var scores = hpdi(predicted, 0.9);

    IO.println("\nMother's IQ   expected score, 90% interval   score of a new child, 90% interval");
    for (int i = 0; i < grid.size(); i++) {
        IO.println("%11.1f   %8.1f  [%5.1f, %5.1f]      %8.1f  [%5.1f, %5.1f]".formatted(
                grid.get(i).item(),
                line.mean(0).get(i).item(), band.get(0, i).item(), band.get(1, i).item(),
                predicted.mean(0).get(i).item(), scores.get(0, i).item(), scores.get(1, i).item()));
    }
}
