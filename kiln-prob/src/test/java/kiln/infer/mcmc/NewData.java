package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Categorical;
import kiln.dist.HalfCauchy;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.model.Model;

/// A program that fits the same model to one data set after the other, of the same shape.
///
/// Arguments: the name of the model, and the numbers of the data sets. After each fit it writes a line `fit NUMBER HASH RUNS`: a hash of all draws, and how often the model was run.
final class NewData {
    private NewData() {}

    static Model model(String name, int number) {
        NDArray x = key(2L * number).normal(Shape.of(40, 3));
        NDArray noise = key(2L * number + 1).normal(40);
        return switch (name) {
            case "regression" -> () -> {
                NDArray b = sample("b", new Normal(0, 1).expand(3));
                sample("y", new Normal(x.matmul(b), sample("sigma", new HalfNormal(1))), noise);
            };
            case "counts" -> () -> {
                NDArray rate = Np.exp(sample("a", new Normal(0, 1)).plus(sample("b", new Normal(0, 1)).times(noise)));
                sample("y", new Poisson(rate), Np.floor(Np.abs(x.get(Index.ALL, Index.at(0))).times(3)));
            };
            case "hierarchy" -> () -> {
                NDArray mu = sample("mu", new Normal(0, 5));
                NDArray tau = sample("tau", new HalfCauchy(5));
                try (var _ = plate("group", 40)) {
                    NDArray theta = sample("theta", new Normal(mu, tau));
                    sample("y", new Normal(theta, 10), noise.times(10).plus(5));
                }
            };
            case "recursion" -> () -> {
                NDArray a = sample("a", new Normal(0, 1));
                NDArray mean = Control.scan((NDArray m, NDArray y) -> {
                    NDArray next = m.times(0.5).plus(a.times(y));
                    return new Carried<>(next, next);
                }, Np.scalar(0.0), noise).output();
                sample("y", new Normal(mean, 1), noise);
            };
            case "mixture" -> () -> {
                NDArray loc = sample("loc", new Normal(0, 5).expand(2));
                try (var _ = plate("n", 40)) {
                    NDArray c = sample("c", new Categorical(NDArray.of(0.3, 0.7)));
                    sample("y", new Normal(loc.get(Index.at(c)), 1), noise);
                }
            };
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// {@return what a fit writes, without its number}
    static String fit(String name, int number) {
        Model model = model(name, number);
        AtomicInteger runs = new AtomicInteger();
        var posterior = new MCMC(new NUTS(() -> {
            runs.incrementAndGet();
            model.run();
        })).numWarmup(120).numSamples(50).threads(1).progress(ProgressListener.NONE).run(key(3));
        int hash = 0;
        for (String site : posterior.names()) {
            hash = 31 * hash + Arrays.hashCode(posterior.samples(site).toDoubleArray());
        }
        return Integer.toHexString(hash) + " " + runs.get();
    }

    static void main(String[] args) {
        for (int i = 1; i < args.length; i++) {
            System.out.println("fit " + args[i] + " " + fit(args[0], Integer.parseInt(args[i])));
        }
    }
}
