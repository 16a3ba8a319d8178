import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static kiln.model.Handlers.*;

// Exponential smoothing of a series with a trend and four seasons (after NumPyro's example `holt_winters`): level, trend and seasons are
// the carry of a scan. Behind the data they stay as they are, and the forecast goes on from them.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HoltWinters.java"))
        .resolveSibling("../data/numpyro/seasons.csv");

static final int SEASONS = 4;

/// What a step hands on: level, trend, and the seasons, the next one first.
record State(NDArray level, NDArray trend, NDArray seasons) {}

void model(NDArray y, int ahead) {
    var alpha = sample("level", new Beta(1, 1));
    var beta = sample("trend", new Beta(1, 1));
    var gamma = sample("season", new Beta(1, 1)).times(subtract(1, alpha));
    var noise = sample("noise", new HalfNormal(1));
    var level = sample("level 0", new Normal(0, 1));
    var trend = sample("trend 0", new Normal(0, 1));
    NDArray seasons;
    try (var _ = plate("seasons", SEASONS)) {
        seasons = sample("season 0", new Normal(0, 1));
    }
    Model series = () -> scan(
            (State s, List<NDArray> now) -> {
                var season = s.seasons().get(0);
                var known = now.get(1).le(0);
                var mean = s.level().plus(s.trend().times(maximum(now.get(1), 1))).plus(season);
                var made = sample("y", new Normal(mean, noise));
                var next = alpha.times(now.get(0).minus(season)).plus(subtract(1, alpha).times(s.level().plus(s.trend())));
                var slope = beta.times(next.minus(s.level())).plus(subtract(1, beta).times(s.trend()));
                var newest = gamma.times(now.get(0).minus(s.level()).minus(s.trend())).plus(subtract(1, gamma).times(season));
                var turned = concatenate(List.of(s.seasons().get(slice(1, null)), where(known, newest, season).reshape(1)), 0);
                return new Carried<>(new State(where(known, next, s.level()), where(known, slope, s.trend()), turned), made);
            },
            new State(level, trend, seasons),
            // The data, and how many steps behind them a step lies.
            List.of(concatenate(List.of(y, zeros(ahead)), 0), maximum(arange(y.size() + ahead).minus(y.size() - 1), 0)));
    handle(series, condition(Map.of("y", y))).run();
}

void main() throws IOException {
    var y = loadtxt(DATA, ",", 0).get(ALL, at(0));
    var posterior = new MCMC(new NUTS(() -> model(y, 0)).targetAcceptProb(0.95)).numSamples(500).run(key(0));
    for (var name : List.of("level", "trend", "season", "noise")) {
        IO.println("%-6s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var ahead = new Predictive(() -> model(y, 8), posterior.samples()).returnSites("y").run(key(1)).get("y").get(ALL, slice(y.size(), null));
    for (int i = 0; i < 8; i++) {
        NDArray one = ahead.get(ALL, at(i));
        IO.println("%d ahead  %.3f ± %.3f".formatted(i + 1, one.mean().item(), std(one).item()));
    }
}
