import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Did the advice keep customers? A comparison of two proportions (NumPyro's example `proportion_test`).

// Customers of each group, and how many left.
static final NDArray CUSTOMERS = NDArray.of(2509, 2491);
static final NDArray LEFT = NDArray.of(319, 220);
static final NDArray ADVISED = NDArray.of(0.0, 1);

void model() {
    var intercept = sample("intercept", new Normal(0, 10));
    var effect = sample("effect", new Normal(0, 10));
    try (var _ = plate("group", 2)) {
        var logits = intercept.plus(effect.times(ADVISED));
        deterministic("probability", sigmoid(logits));
        sample("left", new BinomialLogits(CUSTOMERS, logits), LEFT);
    }
}

void main() {
    var posterior = new MCMC(new NUTS(this::model)).run(key(1));
    posterior.printSummary();
    var p = posterior.samples("probability");
    var difference = p.get(Index.ALL, Index.at(1)).minus(p.get(Index.ALL, Index.at(0)));
    var interval = Intervals.hpdi(difference, 0.95);
    IO.println("effect on the log odds   %.4f ± %.4f".formatted(posterior.samples("effect").mean().item(),
            std(posterior.samples("effect")).item()));
    IO.println("change of the proportion %.4f, 95%% between %.4f and %.4f".formatted(difference.mean().item(), interval.get(0).item(),
            interval.get(1).item()));
}
