import module kiln;
import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

// A Gaussian process on a circle, by Fourier transform (NumPyro's tutorial `circulant_gp`).
//
// The covariance of a stationary process at equally spaced times of a day is circulant: its first row says all, and the density costs
// n log n instead of n³.

static final Path DATA = Path.of(System.getProperty("jdk.launcher.sourcefile", "examples/numpyro/CirculantGp.java"))
        .resolveSibling("../data/numpyro/circulant.csv");

// Covariance between midnight and each half hour, with a distance that is periodic.
NDArray row(int n, NDArray amplitude, NDArray length, NDArray noise) {
    var time = arange(n).div(n);
    var s = sin(time.times(Math.PI)).div(length);
    var smooth = amplitude.times(amplitude).times(exp(s.times(s).times(-0.5)));
    return smooth.plus(where(arange(n).eq(0), noise.times(noise), 0.0));
}

NDArray hyperparameter(String name, double logMedian) {
    return sample(name, new LogNormal(logMedian, 1));
}

void model(NDArray y) {
    var covariance = row(y.size(), hyperparameter("amplitude", 0), hyperparameter("length", -1), hyperparameter("noise", 0));
    sample("y", CirculantNormal.row(zerosLike(y), covariance), y);
}

void main() throws IOException {
    var y = loadtxt(DATA, ",", 0).squeeze(-1);

    // The two ways of writing the density agree.
    var covariance = row(y.size(), scalar(2.0), scalar(0.35), scalar(0.5));
    var index = remainder(arange(y.size()).expandDims(-1).minus(arange(y.size())), y.size());
    IO.println("log density by Fourier transform %.6f, by Cholesky %.6f".formatted(
            CirculantNormal.row(zerosLike(y), covariance).logProb(y).item(),
            MultivariateNormal.covariance(zerosLike(y), covariance.get(index)).logProb(y).item()));

    var posterior = new MCMC(new NUTS(() -> model(y))).run(key(1));
    posterior.printSummary();
    for (var name : posterior.names()) {
        var log = log(posterior.samples(name));
        IO.println("log %-9s %6.3f ± %.3f".formatted(name, log.mean().item(), std(log).item()));
    }
}
