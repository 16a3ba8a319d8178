import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static kiln.model.Handlers.*;

// Hidden Markov chains for several pieces of music at once, of unequal length, with a plate of tones (after model 1 of NumPyro's example
// `hmm_enum`). The hidden state of every piece is summed out along its steps; behind its end a piece is masked.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HmmPlates.java"))
        .resolveSibling("../data/numpyro/music.csv");

/// @param sounds which tones sound, [steps, pieces, tones]
/// @param counts which steps a piece has, [steps, pieces, 1]
void model(NDArray sounds, NDArray counts) {
    var stay = sample("stay", new Beta(8, 2));
    var low = sample("low", new Beta(2, 5));
    var high = low.plus(subtract(1, low).times(sample("rise", new Beta(2, 2))));
    scan(
            (NDArray before, List<NDArray> now) -> {
                var z = new ArrayList<NDArray>();
                Model step = () -> {
                    try (var _ = plate("piece", sounds.size(1), dim(-2))) {
                        z.add(sample("z", new Bernoulli(where(before.eq(1), stay, subtract(1, stay)))));
                        try (var _ = plate("tone", sounds.size(2), dim(-1))) {
                            sample("y", new Bernoulli(where(z.getFirst().eq(1), high, low)), now.get(0));
                        }
                    }
                };
                handle(step, mask(now.get(1))).run();
                return Carried.of(z.getFirst());
            },
            zeros(sounds.size(1), 1).astype(DType.INT64),
            List.of(sounds, counts));
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    double[][] rows = new double[table.size(0)][];
    Arrays.setAll(rows, i -> table.get(i).toDoubleArray());
    double[] sounds = new double[30 * 5 * 4];
    boolean[] counts = new boolean[30 * 5];
    for (double[] row : rows) {
        int at = (int) row[1] * 5 + (int) row[0];
        counts[at] = true;
        System.arraycopy(row, 2, sounds, 4 * at, 4);
    }
    Model model = () -> model(NDArray.of(Shape.of(30, 5, 4), sounds), NDArray.of(counts).reshape(30, 5, 1));
    var posterior = new MCMC(new NUTS(model)).numWarmup(400).numSamples(500).run(key(0));
    for (var name : posterior.names()) {
        IO.println("%-4s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
}
