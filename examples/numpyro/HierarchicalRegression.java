import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Each patient has a line of their own, and the lines have something in common (after NumPyro's tutorial
// `bayesian_hierarchical_linear_regression`: how fast does the capacity of the lungs decline?).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/HierarchicalRegression.java"))
        .resolveSibling("../data/numpyro/visits.csv");

void model(int patients, NDArray patient, NDArray week, NDArray capacity) {
    var muA = sample("mu_a", new Normal(70, 20));
    var muB = sample("mu_b", new Normal(0, 1));
    var tauA = sample("tau_a", new HalfNormal(10));
    var tauB = sample("tau_b", new HalfNormal(1));
    var sigma = sample("sigma", new HalfNormal(5));
    NDArray a;
    NDArray b;
    try (var _ = plate("patient", patients)) {
        // Not centred, because a patient with few visits says little about their own line.
        a = deterministic("a", muA.plus(tauA.times(sample("a_std", new Normal(0, 1)))));
        b = deterministic("b", muB.plus(tauB.times(sample("b_std", new Normal(0, 1)))));
    }
    try (var _ = plate("visit", week.size())) {
        var mean = a.get(patient).plus(b.get(patient).times(week.minus(12)));
        sample("capacity", new Normal(mean, sigma), capacity);
    }
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var patient = table.get(ALL, at(0)).astype(DType.INT32);
    var week = table.get(ALL, at(1));
    var capacity = table.get(ALL, at(2));
    int patients = (int) patient.max().item() + 1;

    var posterior = new MCMC(new NUTS(() -> model(patients, patient, week, capacity)).targetAcceptProb(0.95)).run(key(1));
    for (var name : List.of("mu_a", "mu_b", "tau_a", "tau_b", "sigma")) {
        IO.println("%-5s  %.3f ± %.3f".formatted(name, posterior.samples(name).mean().item(), std(posterior.samples(name)).item()));
    }
    IO.println("\nPatient   visits   change per week, 90% interval");
    for (int i = 0; i < patients; i++) {
        var slope = posterior.samples("b").get(ALL, at(i));
        var band = Intervals.hpdi(slope, 0.9);
        IO.println("%5d %9.0f     %6.2f [%.2f, %.2f]".formatted(i, patient.eq(i).sum().item(), slope.mean().item(), band.get(0).item(),
                band.get(1).item()));
    }
}
