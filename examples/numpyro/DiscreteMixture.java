import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A mixture whose component is sampled and not summed out, by three kernels (after the examples of NumPyro's `MixedHMC`, `DiscreteHMCGibbs`
// and `HMCGibbs`).

static final NDArray PROBS = NDArray.of(0.15, 0.3, 0.3, 0.25);
static final NDArray LOCS = NDArray.of(-2.0, 0, 2, 4);

void model() {
    var c = sample("c", new Categorical(PROBS));
    sample("x", new Normal(LOCS.get(Index.at(c)), 0.5));
}

/// The component given the value: p(c | x) in proportion to p(c) N(x; loc_c, 0.5).
Map<String, NDArray> component(PRNGKey rngKey, Map<String, NDArray> gibbsSites, Map<String, NDArray> hmcSites) {
    var logits = log(PROBS).plus(new Normal(LOCS, 0.5).logProb(hmcSites.get("x")));
    return Map.of("c", Categorical.logits(logits).sample(rngKey));
}

void show(String name, Kernel kernel) {
    var posterior = new MCMC(kernel).numSamples(10_000).run(key(0));
    var c = posterior.samples("c");
    var shares = IntStream.range(0, 4).mapToObj(k -> "%.3f".formatted(c.eq(k).astype(DType.FLOAT64).mean().item())).toList();
    IO.println("%-16s  c %s  x %.3f ± %.3f, effective draws %.0f".formatted(name, String.join(" ", shares), posterior.samples("x").mean().item(),
            std(posterior.samples("x")).item(), EffectiveSampleSize.essBulk(posterior.draws().element("x", 0))));
}

void main() {
    show("MixedHMC", new MixedHMC(new HMC(this::model).trajectoryLength(1.2)).numDiscreteUpdates(20));
    show("DiscreteHMCGibbs", new DiscreteHMCGibbs(new NUTS(this::model)).modified(true));
    show("HMCGibbs", new HMCGibbs(new NUTS(this::model), this::component, "c"));
}
