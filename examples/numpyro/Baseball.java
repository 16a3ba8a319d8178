import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// How good is a batter who hit 18 of his first 45 balls? (NumPyro's example `baseball`; Efron and Morris 1975.)
//
// Three models of eighteen players of 1970: all alike, all on their own, and partially pooled, which predicts the rest of the season far
// better than the second.

static final List<String> PLAYERS = List.of("Clemente", "F. Robinson", "F. Howard", "Johnstone", "Berry", "Spencer", "Kessinger", "L. Alvarado",
        "Santo", "Swoboda", "Unser", "Williams", "Scott", "Petrocelli", "E. Rodriguez", "Campaneris", "Munson", "Alvis");
static final int AT_BATS = 45;
static final NDArray HITS = NDArray.of(18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7);

// Batting average over the remainder of the season.
static final NDArray REMAINDER = NDArray.of(.346, .298, .276, .222, .273, .270, .263, .210, .269, .230, .264, .256, .303, .264, .226, .286, .316,
        .200);

void pooled() {
    var phi = sample("phi", new Uniform(0, 1));
    try (var _ = plate("player", HITS.size())) {
        sample("hits", new Binomial(AT_BATS, phi), HITS);
    }
}

void notPooled() {
    try (var _ = plate("player", HITS.size())) {
        sample("hits", new Binomial(AT_BATS, sample("phi", new Uniform(0, 1))), HITS);
    }
}

// The players are draws from a population of mean m; the larger kappa, the more alike they are.
void partiallyPooled() {
    var m = sample("m", new Uniform(0, 1));
    var kappa = sample("kappa", new Pareto(1, 1.5));
    try (var _ = plate("player", HITS.size())) {
        var phi = sample("phi", new Beta(m.times(kappa), m.unaryMinus().plus(1).times(kappa)));
        sample("hits", new Binomial(AT_BATS, phi), HITS);
    }
}

void main() {
    var keys = key(1).split(3);
    var one = new MCMC(new NUTS(this::pooled)).run(keys[0]).samples("phi");
    var own = new MCMC(new NUTS(this::notPooled)).run(keys[1]).samples("phi");
    var partial = new MCMC(new NUTS(this::partiallyPooled)).numSamples(4000).run(keys[2]);
    var phi = partial.samples("phi");

    IO.println("Chance of a hit: seen, alike for all, on his own, partially pooled, and what the season brought");
    for (int i = 0; i < PLAYERS.size(); i++) {
        IO.println("  %-13s %.3f   %.4f   %.4f   %.4f   %.3f".formatted(PLAYERS.get(i), HITS.get(i).item() / AT_BATS, one.mean().item(),
                own.mean(0).get(i).item(), phi.mean(0).get(i).item(), REMAINDER.get(i).item()));
    }
    IO.println("Population mean %.4f ± %.4f".formatted(partial.samples("m").mean().item(), std(partial.samples("m")).item()));
    IO.println("\nError of the prediction (root mean square)");
    IO.println("  all alike         %.4f".formatted(error(one.mean())));
    IO.println("  each on his own   %.4f".formatted(error(own.mean(0))));
    IO.println("  partially pooled  %.4f".formatted(error(phi.mean(0))));
}

double error(NDArray predicted) {
    var difference = REMAINDER.minus(predicted);
    return Math.sqrt(difference.times(difference).mean().item());
}
