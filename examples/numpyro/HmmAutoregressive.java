import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A hidden Markov chain whose observations depend on the ones before as well (after model 2 of NumPyro's example `hmm_enum`): a tone that
// sounded may go on sounding. One scan for each piece of music, so none is masked.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HmmAutoregressive.java"))
        .resolveSibling("../data/numpyro/music.csv");

/// @param pieces which tones sound, [steps, tones] for each
void model(List<NDArray> pieces) {
    var stay = sample("stay", new Beta(8, 2));
    var off = sample("off", new Normal(-1, 1));
    var on = off.plus(sample("rise", new HalfNormal(2)));
    var memory = sample("memory", new Normal(0, 1));
    for (int i = 0; i < pieces.size(); i++) {
        var piece = "piece " + i;
        scan(
                (List<NDArray> before, NDArray now) -> {
                    var z = sample(piece, new Bernoulli(where(before.get(0).eq(1), stay, subtract(1, stay))));
                    try (var _ = plate("tone", 4)) {
                        var logits = where(z.eq(1), on, off).plus(memory.times(before.get(1)));
                        sample(piece + " tones", Bernoulli.logits(logits), now);
                    }
                    return Carried.of(List.of(z, now));
                },
                List.of(scalar(0L), zeros(4)),
                pieces.get(i));
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var pieces = new ArrayList<NDArray>();
    for (int i = 0; i < 5; i++) {
        pieces.add(table.get(table.get(ALL, at(0)).eq(i)).get(ALL, slice(2, null)));
    }
    var posterior = new MCMC(new NUTS(() -> model(pieces))).numWarmup(400).numSamples(500).run(key(0));
    for (var name : posterior.names()) {
        IO.println("%-6s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    var best = posterior.mostProbableDiscrete();
    IO.println("The first steps of the first piece, most probably: " + best.get("piece 0").get(0, 0).get(slice(0, 12)));
}
