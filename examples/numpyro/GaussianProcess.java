import module kiln;
import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A Gaussian process regression written out: kernel, Cholesky factor, prediction (NumPyro's example `gp`).

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/GaussianProcess.java"))
        .resolveSibling("../data/numpyro/gaussian_process.csv");
static final double JITTER = 1e-6;

// Squared exponential covariance between the points x and z.
NDArray kernel(NDArray x, NDArray z, NDArray variance, NDArray length) {
    var distance = x.expandDims(-1).minus(z).div(length);
    return variance.times(exp(distance.times(distance).times(-0.5)));
}

void model(NDArray x, NDArray y) {
    var variance = sample("variance", new LogNormal(0, 1));
    var length = sample("length", new LogNormal(0, 1));
    var noise = sample("noise", new LogNormal(0, 1));
    var covariance = kernel(x, x, variance, length).plus(eye(x.size()).times(noise.plus(JITTER)));
    sample("y", MultivariateNormal.covariance(zerosLike(x), covariance), y);
}

// Mean of the function at new points, for one draw of the hyperparameters.
NDArray predict(NDArray x, NDArray y, NDArray at, NDArray variance, NDArray length, NDArray noise) {
    var covariance = kernel(x, x, variance, length).plus(eye(x.size()).times(noise.plus(JITTER)));
    return kernel(at, x, variance, length).matmul(Linalg.solve(covariance, y));
}

void main() throws IOException {
    var table = loadtxt(DATA, ",", 0);
    var x = table.get(ALL, at(0));
    var y = table.get(ALL, at(1));
    var posterior = new MCMC(new NUTS(() -> model(x, y))).run(key(1));
    posterior.printSummary();
    for (var name : List.of("variance", "length", "noise")) {
        var log = log(posterior.samples(name));
        IO.println("log %-9s %6.3f ± %.3f".formatted(name, log.mean().item(), std(log).item()));
    }

    var grid = linspace(-1, 1, 5);
    var lines = Functions.vmap((NDArray v, NDArray l, NDArray n) -> predict(x, y, grid, v, l, n))
            .apply(posterior.samples("variance"), posterior.samples("length"), posterior.samples("noise"));
    IO.println("\n     x   function, 90% interval");
    for (int i = 0; i < grid.size(); i++) {
        var band = Intervals.hpdi(lines.get(ALL, at(i)), 0.9);
        IO.println("%6.2f   %6.2f [%.2f, %.2f]".formatted(grid.get(i).item(), lines.get(ALL, at(i)).mean().item(), band.get(0).item(),
                band.get(1).item()));
    }
}
