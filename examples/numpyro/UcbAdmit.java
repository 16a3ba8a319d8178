import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// Did Berkeley discriminate against women in 1973? Varying slopes with a learned correlation (NumPyro's example `ucbadmit`; McElreath,
// Statistical Rethinking, ch. 13; data of Bickel, Hammel and O'Connell 1975).
//
// Women were admitted less often overall, because they applied to the departments that admit few. Within a department being a man does
// not help.

// Departments A to F, men and women in turn.
static final NDArray ADMITTED = NDArray.of(512, 89, 353, 17, 120, 202, 138, 131, 53, 94, 22, 24);
static final NDArray APPLICATIONS = NDArray.of(825, 108, 560, 25, 325, 593, 417, 375, 191, 393, 373, 341);
static final NDArray MALE = NDArray.of(1.0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0);
static final NDArray DEPARTMENT = NDArray.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);

// The admissions are data, or unknown (null) when the model predicts them.
void model(NDArray admitted) {
    var mean = sample("v_mu", new Normal(0, NDArray.of(4.0, 1)).toEvent(1));
    var sigma = sample("sigma", new HalfNormal(NDArray.of(1.0, 1)).toEvent(1));
    var correlation = sample("L_Rho", new LKJCholesky(2, 2));
    deterministic("rho", correlation.get(1, 0));
    // Intercept and slope of each department, not centred.
    var z = sample("z", new Normal(0, 1).expand(6, 2).toEvent(2));
    var own = deterministic("v", z.matmul(sigma.expandDims(-1).times(correlation).transpose()));
    var intercept = mean.get(0).plus(own.get(ALL, at(0)));
    var slope = mean.get(1).plus(own.get(ALL, at(1)));
    var logits = intercept.get(DEPARTMENT).plus(slope.get(DEPARTMENT).times(MALE));
    try (var _ = plate("group", 12)) {
        sample("admitted", new BinomialLogits(APPLICATIONS, logits), admitted);
    }
}

void main() {
    var keys = key(1).split();
    var posterior = new MCMC(new NUTS(() -> model(ADMITTED)).targetAcceptProb(0.95)).numSamples(2000).run(keys[0]);
    for (var name : List.of("v_mu", "sigma")) {
        for (int i = 0; i < 2; i++) {
            report("%s[%d]".formatted(name, i), posterior.samples(name).get(ALL, at(i)));
        }
    }
    report("rho", posterior.samples("rho"));

    // Predicted shares of admission, with 80% intervals, beside what was seen.
    var predicted = new Predictive(() -> model(null), posterior.samples()).run(keys[1]).get("admitted").div(APPLICATIONS);
    IO.println("\n              seen   predicted");
    for (int i = 0; i < 12; i++) {
        var band = Intervals.hpdi(predicted.get(ALL, at(i)), 0.8);
        IO.println("%c, %-8s  %.2f   %.2f [%.2f, %.2f]".formatted('A' + i / 2, i % 2 == 0 ? "men" : "women",
                ADMITTED.get(i).item() / APPLICATIONS.get(i).item(), predicted.get(ALL, at(i)).mean().item(), band.get(0).item(),
                band.get(1).item()));
    }
}

void report(String name, NDArray draws) {
    IO.println("%-9s %6.3f ± %.3f".formatted(name, draws.mean().item(), std(draws).item()));
}
