package kiln.infer;

import static kiln.array.Np.exp;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.BernoulliLogits;
import kiln.dist.Categorical;
import kiln.dist.CategoricalLogits;
import kiln.dist.HalfNormal;
import kiln.dist.MixtureSameFamily;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.model.Model;

/// Prints the bits of densities over 100,000 observations, for one, two and four threads: what [SharedEvaluationTest] compares.
final class SharedBits {
    private static final int N = 100_000;

    private SharedBits() {}

    /// {@return densities that visit every observation, by name}
    static Map<String, PosteriorDensity> densities() {
        PRNGKey[] keys = PRNGKey.key(3).split(6);
        NDArray x = keys[0].normal(N);
        NDArray y = x.times(2).plus(3);
        NDArray design = keys[1].normal(N, 25);
        NDArray outcomes = keys[2].bernoulli(0.4, Shape.of(N)).astype(DType.FLOAT64);
        NDArray group = keys[3].randint(Shape.of(N), 0, 85);
        NDArray counts = keys[4].poisson(exp(x.times(0.3).plus(0.7)), Shape.of(N));
        NDArray classes = keys[5].randint(Shape.of(N), 0, 3);
        Map<String, Model> models = new LinkedHashMap<>();
        models.put("normal", () -> {
            var mu = sample("mu", new Normal(0, 10));
            var sigma = sample("sigma", new HalfNormal(10));
            try (var _ = plate("row", N)) {
                sample("y", new Normal(mu, sigma), y);
            }
        });
        models.put("logistic", () -> {
            var beta = sample("beta", new Normal(0, 1).expand(25).toEvent(1));
            try (var _ = plate("row", N)) {
                sample("y", new BernoulliLogits(design.matmul(beta)), outcomes);
            }
        });
        models.put("poisson", () -> {
            var mu = sample("mu", new Normal(0, 2));
            var b = sample("b", new Normal(0, 1));
            NDArray offset;
            try (var _ = plate("group", 85)) {
                offset = sample("offset", new Normal(0, 0.5));
            }
            try (var _ = plate("row", N)) {
                sample("y", new Poisson(exp(mu.plus(offset.get(group)).plus(b.times(x)))), counts);
            }
        });
        models.put("mixture", () -> {
            var mu = sample("mu", new Normal(0, 5).expand(2).toEvent(1));
            var sigma = sample("sigma", new HalfNormal(2).expand(2).toEvent(1));
            try (var _ = plate("row", N)) {
                sample("y", new MixtureSameFamily(new Categorical(NDArray.of(0.3, 0.7)), new Normal(mu, sigma)), y);
            }
        });
        models.put("softmax", () -> {
            var beta = sample("beta", new Normal(0, 1).expand(25, 3).toEvent(2));
            try (var _ = plate("row", N)) {
                sample("y", new CategoricalLogits(design.matmul(beta)), classes);
            }
        });
        Map<String, PosteriorDensity> densities = new LinkedHashMap<>();
        models.forEach((name, model) -> densities.put(name, PosteriorDensity.uncollapsed(model, PRNGKey.key(0))));
        return densities;
    }

    /// {@return the bits of value and gradient at some positions, as text}
    static String bits(LogDensity density) {
        long sum = 0;
        double value = 0;
        double[] gradient = new double[density.dimension()];
        for (int k = 0; k < 6; k++) {
            double shift = 0.1 * k;
            double[] q = IntStream.range(0, gradient.length).mapToDouble(i -> 0.2 * ((i * 7) % 5 - 2) + shift).toArray();
            value = density.valueAndGradient(q, gradient);
            sum = sum * 1_000_003 + Double.doubleToRawLongBits(value);
            for (double g : gradient) {
                sum = sum * 1_000_003 + Double.doubleToRawLongBits(g);
            }
        }
        return Long.toHexString(sum) + " " + Double.isFinite(value);
    }

    public static void main(String[] args) {
        System.out.println(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        densities().forEach((name, density) -> {
            for (int threads : List.of(1, 2, 4)) {
                System.out.println(name + " " + bits(density.threads(threads)));
            }
        });
    }
}
