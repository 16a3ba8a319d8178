import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Words and their categories, the first of them known and the others hidden (after NumPyro's example `hmm`). The hidden ones are summed out
// in the scan; NumPyro's program writes the forward algorithm by hand, as the second model here does, which has the same density.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/SemiSupervisedHmm.java"))
        .resolveSibling("../data/numpyro/words.csv");

static final int CATEGORIES = 3;
static final int WORDS = 6;

record Data(NDArray category, NDArray word, NDArray hidden) {
    /// The category before the first hidden one.
    NDArray last() {
        return category.get(category.size() - 1);
    }
}

/// The way of the categories, and what is said in each.
record Tables(NDArray move, NDArray say) {
    static Tables sampled(Data data) {
        NDArray move;
        NDArray say;
        try (var _ = plate("table", CATEGORIES)) {
            move = sample("move", new Dirichlet(ones(CATEGORIES)));
            say = sample("say", new Dirichlet(full(Shape.of(WORDS), 0.5)));
        }
        sample("known categories", new Categorical(move.get(data.category().get(slice(null, -1)))), data.category().get(slice(1, null)));
        sample("known words", new Categorical(say.get(data.category())), data.word());
        return new Tables(move, say);
    }
}

void enumerated(Data data) {
    var t = Tables.sampled(data);
    scan(
            (NDArray before, NDArray word) -> {
                var z = sample("category", new Categorical(t.move().get(before)));
                sample("word", new Categorical(t.say().get(z)), word);
                return Carried.of(z);
            },
            data.last(),
            data.hidden());
}

void byHand(Data data) {
    var t = Tables.sampled(data);
    var logMove = log(t.move());
    var logSay = log(t.say());
    NDArray first = logMove.get(data.last()).plus(logSay.get(ALL, at(data.hidden().get(0))));
    var end = Control.scan(
            (NDArray log, NDArray word) ->
                    Carried.of(logsumexp(expandDims(log, 1).plus(logMove), 0).plus(logSay.get(ALL, at(word)))),
            first,
            data.hidden().get(slice(1, null)));
    factor("forward", logsumexp(end.carry()));
}

void main() throws IOException {
    NDArray table = loadtxt(DATA, ",", 0).astype(DType.INT64);
    var category = table.get(ALL, at(0));
    var word = table.get(ALL, at(1));
    var data = new Data(category.get(category.ge(0)), word.get(category.ge(0)), word.get(category.lt(0)));

    Model model = () -> enumerated(data);
    double[] position = key(2).normal(CATEGORIES * (CATEGORIES - 1 + WORDS - 1)).toDoubleArray();
    double one = PosteriorDensity.of(model, key(0)).valueAndGradient(position, new double[position.length]);
    double two = PosteriorDensity.of(() -> byHand(data), key(0)).valueAndGradient(position, new double[position.length]);
    IO.println("The density is that of the forward algorithm: " + (Math.abs(one - two) < 1e-9));

    var posterior = new MCMC(new NUTS(model)).numWarmup(500).numSamples(500).run(key(0));
    var move = posterior.samples("move").mean(0);
    var say = posterior.samples("say").mean(0);
    IO.println("stays in its category: %.3f %.3f %.3f".formatted(move.get(0, 0).item(), move.get(1, 1).item(), move.get(2, 2).item()));
    IO.println("says its word:         %.3f %.3f %.3f".formatted(say.get(0, 0).item(), say.get(1, 2).item(), say.get(2, 5).item()));
    var z = posterior.inferDiscrete(key(1)).get("category");
    IO.println("%d hidden words, %.2f of category 1".formatted(data.hidden().size(), z.eq(0).astype(DType.FLOAT64).sum(-1).mean().item()));
}
