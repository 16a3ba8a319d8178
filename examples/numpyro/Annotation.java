import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static kiln.infer.InitStrategy.initToMedian;

// What is true if those who judge disagree? Three models of annotation, the true categories summed out (after NumPyro's example
// `annotation`). Five anaesthetists judged 45 patients, the first of them three times (Dawid and Skene 1979).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/Annotation.java"))
        .resolveSibling("../data/numpyro/annotations.csv");

static final NDArray ANNOTATOR = NDArray.of(0L, 0, 0, 1, 2, 3, 4);
static final int CLASSES = 4;

/// What annotators say of each category: most often the category itself.
static final NDArray MOSTLY_RIGHT = eye(CLASSES).times(4).plus(1);

/// All annotators alike.
static void multinomial(NDArray y) {
    var pi = sample("pi", new Dirichlet(ones(CLASSES)));
    NDArray zeta;
    try (var _ = plate("class", CLASSES)) {
        zeta = sample("zeta", new Dirichlet(MOSTLY_RIGHT));
    }
    try (var _ = plate("item", y.size(0), dim(-2))) {
        var c = sample("c", new Categorical(pi));
        try (var _ = plate("position", y.size(1))) {
            sample("y", new Categorical(zeta.get(c)), y);
        }
    }
}

/// Each annotator with errors of their own.
static void dawidSkene(NDArray y) {
    var pi = sample("pi", new Dirichlet(ones(CLASSES)));
    NDArray beta;
    try (var _ = plate("annotator", 5, dim(-2)); var _ = plate("class", CLASSES)) {
        beta = sample("beta", new Dirichlet(MOSTLY_RIGHT));
    }
    try (var _ = plate("item", y.size(0), dim(-2))) {
        var c = sample("c", new Categorical(pi));
        try (var _ = plate("position", y.size(1))) {
            sample("y", new Categorical(beta.get(at(ANNOTATOR), at(c))), y);
        }
    }
}

/// Each annotator knows the category with a probability of their own, or says anything: a discrete variable for each judgement more.
static void mace(NDArray y) {
    NDArray epsilon;
    NDArray theta;
    try (var _ = plate("annotator", 5)) {
        epsilon = sample("epsilon", new Dirichlet(ones(CLASSES).times(10)));
        theta = sample("theta", new Beta(0.5, 0.5));
    }
    try (var _ = plate("item", y.size(0), dim(-2))) {
        var c = sample("c", Categorical.logits(zeros(CLASSES)));
        try (var _ = plate("position", y.size(1))) {
            var guesses = sample("s", new Bernoulli(subtract(1, theta.get(ANNOTATOR))));
            var right = eye(CLASSES).get(c);
            sample("y", new Categorical(where(expandDims(guesses, -1).eq(1), epsilon.get(ANNOTATOR), right)), y);
        }
    }
}

static void report(String name, Model model, String site, Index... element) {
    var posterior = new MCMC(new NUTS(model)).numWarmup(400).numSamples(500).initStrategy(initToMedian()).run(key(0));
    NDArray x = posterior.samples(site).get(element);
    var c = posterior.inferDiscrete(key(1)).get("c");
    IO.println("%s: %s %.3f ± %.3f".formatted(name, site, x.mean().item(), std(x).item()));
    IO.println("  patient 2 in category 3: %.3f, patient 10 in 2: %.3f, patient 36 in 4: %.3f".formatted(
            share(c, 1, 2), share(c, 9, 1), share(c, 35, 3)));
}

/// The probability of a category.
static double share(NDArray c, int item, int category) {
    return c.get(ALL, ALL, at(item)).eq(category).astype(DType.FLOAT64).mean().item();
}

void main() throws IOException {
    NDArray y = loadtxt(DATA, ",", 0).minus(1).astype(DType.INT64);
    report("multinomial", () -> multinomial(y), "zeta", ALL, at(1), at(1));
    report("Dawid-Skene", () -> dawidSkene(y), "beta", ALL, at(4), at(2), at(2));
    report("MACE", () -> mace(y), "theta", ALL, at(4));
}
