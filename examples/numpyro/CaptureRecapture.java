import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

// How likely do dippers survive a year? Birds that were marked are seen again, or not: dead or overlooked (after NumPyro's example
// `capture_recapture`). Whether a bird is alive is summed out along the years. Data: Marzolin (1988), Lebreton et al. (1992).

static final int YEARS = 6;
static final int[] RELEASED = {22, 60, 78, 80, 88, 98};
/// How many of those released in a year were seen again first after 1, 2, … years.
static final int[][] AGAIN = {{11, 2, 0, 0, 0, 0}, {24, 1, 0, 0, 0}, {34, 2, 0, 0}, {45, 1, 2}, {51, 0}, {52}};

/// One row for each release: what was seen in each year, and which years count: those after the release until the bird is seen again.
record Histories(NDArray seen, NDArray counts) {
    static Histories all() {
        int birds = Arrays.stream(RELEASED).sum();
        boolean[] counts = new boolean[YEARS * birds];
        double[] seen = new double[YEARS * birds];
        int bird = 0;
        for (int from = 0; from < YEARS; from++) {
            int never = RELEASED[from] - Arrays.stream(AGAIN[from]).sum();
            for (int k = 0; k <= YEARS - from; k++) {
                int n = k < YEARS - from ? AGAIN[from][k] : never;
                for (int i = 0; i < n; i++, bird++) {
                    for (int year = from; year < YEARS && year <= from + k; year++) {
                        counts[year * birds + bird] = true;
                        seen[year * birds + bird] = year == from + k ? 1 : 0;
                    }
                }
            }
        }
        return new Histories(NDArray.of(Shape.of(YEARS, birds), seen), NDArray.of(counts).reshape(YEARS, birds));
    }
}

/// @param phi probability to survive, for each year
void model(Histories h, Supplier<NDArray> survival) {
    var phi = survival.get();
    var p = sample("p", new Uniform(0, 1));
    scan(
            (NDArray alive, List<NDArray> year) -> {
                var z = new ArrayList<NDArray>();
                Model step = () -> {
                    try (var _ = plate("bird", alive.size())) {
                        z.add(sample("z", new Bernoulli(alive.times(year.get(2)))));
                        sample("y", new Bernoulli(z.getFirst().times(p)), year.get(0));
                    }
                };
                handle(step, mask(year.get(1))).run();
                // Before its release and after it was seen again, a bird is alive.
                return Carried.of(where(year.get(1), z.getFirst(), 1L));
            },
            ones(h.seen().size(1)).astype(DType.INT64),
            List.of(h.seen(), h.counts(), phi));
}

NDArray constant() {
    return broadcastTo(sample("phi", new Uniform(0, 1)), Shape.of(YEARS));
}

/// The second and the third year had floods.
NDArray withFlood() {
    var phi = sample("phi", new Uniform(0, 1));
    var flood = sample("phi flood", new Uniform(0, 1));
    deterministic("difference", phi.minus(flood));
    return where(NDArray.of(false, true, true, false, false, false), flood, phi);
}

void main() {
    var histories = Histories.all();
    for (var survival : List.<Supplier<NDArray>>of(this::constant, this::withFlood)) {
        var posterior = new MCMC(new NUTS(() -> model(histories, survival))).numWarmup(400).numSamples(500).run(key(0));
        for (var name : posterior.names()) {
            IO.println("%-10s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
        }
    }
}
