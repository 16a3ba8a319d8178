import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.func.Ode.odeint;
import static kiln.model.Primitives.*;

// Predator and prey: a differential equation inside a model (NumPyro's example `ode`).
//
// The Hudson's Bay Company counted pelts of hares and lynxes from 1900 to 1920. The populations follow the equations of Lotka and
// Volterra; the counts scatter about them on the log scale. Model and priors are those of Carpenter's case study for Stan (2018).

static final NDArray YEARS = arange(21);

// Thousands of pelts.
static final NDArray HARE = NDArray.of(30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1, 40.3, 57, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6,
        16.2, 24.7);
static final NDArray LYNX = NDArray.of(4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4, 8, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1,
        8.6);

// Hares are born at rate α and eaten at rate β per lynx; lynxes die at rate γ and are born at rate δ per hare.
NDArray growth(NDArray population, NDArray theta) {
    var hare = population.get(0);
    var lynx = population.get(1);
    return stack(List.of(
            theta.get(0).minus(theta.get(1).times(lynx)).times(hare),
            theta.get(3).times(hare).minus(theta.get(2)).times(lynx)), 0);
}

void model(NDArray pelts) {
    var theta = sample("theta", new LeftTruncatedDistribution(new Normal(NDArray.of(1, 0.05, 1, 0.05), NDArray.of(0.5, 0.05, 0.5, 0.05)), 0)
            .toEvent(1));
    var sigma = sample("sigma", new LogNormal(-1, 1).expand(2).toEvent(1));
    var start = sample("z_init", new LogNormal(Math.log(10), 1).expand(2).toEvent(1));
    var population = deterministic("z", odeint((z, _) -> growth(z, theta), start, YEARS, new Ode.Accuracy(1e-6, 1e-5, 1000)));
    sample("pelts", new LogNormal(log(population), sigma), pelts);
}

void main() {
    var pelts = stack(List.of(HARE, LYNX), -1);
    var posterior = new MCMC(new NUTS(() -> model(pelts))).run(key(1));
    posterior.printSummary();

    var z = posterior.samples("z");
    IO.println("\nYear   hares: counted, expected [90%]     lynxes: counted, expected [90%]");
    for (int year = 0; year < 21; year += 4) {
        IO.println("%d   %8.1f %9.1f %-14s   %8.1f %9.1f %-14s".formatted(1900 + year,
                HARE.get(year).item(), mean(z, year, 0), interval(z, year, 0),
                LYNX.get(year).item(), mean(z, year, 1), interval(z, year, 1)));
    }
}

double mean(NDArray z, int year, int species) {
    return z.get(ALL, at(year), at(species)).mean().item();
}

String interval(NDArray z, int year, int species) {
    var bounds = Intervals.hpdi(z.get(ALL, at(year), at(species)), 0.9);
    return "[%.1f, %.1f]".formatted(bounds.get(0).item(), bounds.get(1).item());
}
