package kiln.infer.mcmc;

import static kiln.array.Index.at;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Bernoulli;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.infer.TaylorProxy;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Energy conserving subsampling on models. Stationarity and bits: [GibbsInvarianceTest].
class HMCECSTest {
    private static final int N = 300;
    private static final NDArray NOISE = key(11).normal(N);
    private static final NDArray X = key(12).normal(N);

    private static MCMC mcmc(HMCECS kernel) {
        return new MCMC(kernel).numWarmup(500).numSamples(3000).progress(ProgressListener.NONE);
    }

    /// Conjugate: `mu ~ N(0, 1)`, 300 observations of standard deviation 2. The polynomial of degree 2 is the likelihood, so that 15 rows give the
    /// exact posterior `N(Σy/4 / (1 + n/4), 1/(1 + n/4))`. Mean and mean square within four Monte Carlo errors (6e-5 each).
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    @Checks(value = SamplerCheck.POSTERIOR, kernels = "HMCECS")
    void aNormalLikelihoodIsExact(int numBlocks) {
        NDArray y = NOISE.times(2).plus(0.7);
        Model model = () -> {
            var mu = sample("mu", new Normal(0, 1));
            try (var rows = plate("data", N, subsampleSize(15))) {
                sample("y", new Normal(mu, 2), y.get(at(rows.indices())));
            }
        };
        Posterior posterior = mcmc(new HMCECS(new NUTS(model)).numBlocks(numBlocks).proxy(HMCECS.taylorProxy(Map.of("mu", Np.scalar(0.5)))))
                .run(key(1));
        assertThat(posterior.names()).containsExactly("mu");
        double precision = 1 + N / 4.0;
        double mean = y.sum().item() / 4 / precision;
        double[][] x = posterior.draws().element("mu", 0);
        double[][] squares = Arrays.stream(x).map(c -> Arrays.stream(c).map(v -> (v - mean) * (v - mean)).toArray()).toArray(double[][]::new);
        assertThat(Np.mean(NDArray.of(x)).item()).isCloseTo(mean, within(4 * MonteCarloError.mcseMean(x)));
        assertThat(Np.mean(NDArray.of(squares)).item()).isCloseTo(1 / precision, within(4 * MonteCarloError.mcseMean(squares)));
    }

    private static NDArray outcomes() {
        return key(13).uniform(N).lt(Np.sigmoid(X.times(0.8)));
    }

    private static void logistic(NDArray outcomes) {
        var slope = sample("slope", new Normal(0, 1));
        try (var _ = plate("data", N, subsampleSize(30))) {
            sample("y", Bernoulli.logits(slope.times(subsample(X, 0))), subsample(outcomes, 0));
        }
    }

    /// A logistic likelihood is none of its polynomials; with 30 of 300 rows the perturbed posterior is still within a hundredth of a standard
    /// deviation of the posterior, which the trapezoidal rule knows. Four Monte Carlo errors and that hundredth, for mean and standard deviation.
    @Test
    void aLogisticLikelihoodIsNearlyExact() {
        NDArray y = outcomes();
        double[] xs = X.toDoubleArray();
        double[] ys = y.toDoubleArray();
        double total = 0;
        double mean = 0;
        double square = 0;
        double shift = Double.NaN;
        double mode = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k <= 4000; k++) {
            double b = k / 2000.0;
            double log = -0.5 * b * b;
            for (int i = 0; i < N; i++) {
                log += ys[i] * b * xs[i] - StrictMath.log1p(StrictMath.exp(b * xs[i]));
            }
            shift = k == 0 ? log : shift;
            double w = StrictMath.exp(log - shift);
            mode = log > best ? b : mode;
            best = Math.max(log, best);
            total += w;
            mean += w * b;
            square += w * b * b;
        }
        mean /= total;
        double sd = Math.sqrt(square / total - mean * mean);
        Posterior posterior = mcmc(new HMCECS(new NUTS(() -> logistic(y))).numBlocks(10)
                .proxy(HMCECS.taylorProxy(Map.of("slope", Np.scalar(mode))))).run(key(2));
        double[][] x = posterior.draws().element("slope", 0);
        double center = mean;
        double[][] squares = Arrays.stream(x).map(c -> Arrays.stream(c).map(v -> (v - center) * (v - center)).toArray()).toArray(double[][]::new);
        assertThat(Np.mean(NDArray.of(x)).item()).isCloseTo(mean, within(4 * MonteCarloError.mcseMean(x) + 0.01 * sd));
        assertThat(Np.mean(NDArray.of(squares)).item()).isCloseTo(sd * sd, within(4 * MonteCarloError.mcseMean(squares) + 0.02 * sd * sd));
    }

    /// Two plates, two parameters, one of them positive: the density against its formula, with the polynomials from hand-made derivatives.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theDensityIsItsFormula(int degree) {
        NDArray counts = NDArray.of(3.0, 1, 4, 1, 5);
        NDArray y = NDArray.of(0.5, -1, 2);
        Model model = () -> {
            var a = sample("a", new Normal(0, 2));
            var s = sample("s", new HalfNormal(1));
            try (var _ = plate("counts", 5, subsampleSize(2))) {
                sample("k", new Poisson(Np.exp(a)), subsample(counts, 0));
            }
            try (var _ = plate("rest", 3, subsampleSize(3))) {
                sample("y", new Normal(a, s), subsample(y, 0));
            }
        };
        double a0 = 1.1;
        double t0 = 0.2;
        Optional<TaylorProxy> proxy = degree == 0 ? Optional.empty()
                : Optional.of(HMCECS.taylorProxy(Map.of("a", Np.scalar(a0), "s", Np.scalar(t0)), degree));
        PosteriorDensity density = PosteriorDensity.withSubsampling(model, proxy, key(0), kiln.infer.Differentiation.REVERSE);
        double[] k = counts.toDoubleArray();
        double a = 0.8;
        double t = -0.3;
        double s = StrictMath.exp(t);
        double want = -0.125 * a * a - StrictMath.log(2) - 0.5 * StrictMath.log(2 * StrictMath.PI)
                + 0.5 * StrictMath.log(2 / StrictMath.PI) - 0.5 * s * s + t;
        for (double v : y.toDoubleArray()) {
            want += -0.5 * (v - a) * (v - a) / (s * s) - t - 0.5 * StrictMath.log(2 * StrictMath.PI);
        }
        // Rows 4 and 1 of the counts; only the first plate is subsampled.
        double[] d = new double[2];
        int[] rows = {4, 1};
        for (int j = 0; j < 2; j++) {
            d[j] = likelihood(k[rows[j]], a) - polynomial(k[rows[j]], a0, a - a0, degree);
        }
        double mean = (d[0] + d[1]) / 2;
        want += 5 * mean;
        if (degree > 0) {
            for (double v : k) {
                want += polynomial(v, a0, a - a0, degree);
            }
            want -= 0.5 * 25.0 / 2 * ((d[0] - mean) * (d[0] - mean) + (d[1] - mean) * (d[1] - mean)) / 2;
        }
        double[] q = {a, t, 4, 1};
        double[] gradient = new double[4];
        assertThat(density.dimension()).isEqualTo(4);
        assertThat(density.valueAndGradient(q, gradient)).isCloseTo(want, within(1e-12 * Math.abs(want)));
        double[] unused = new double[4];
        for (int i = 0; i < 2; i++) {
            double[] up = q.clone();
            double[] down = q.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (density.valueAndGradient(up, unused) - density.valueAndGradient(down, unused)) / 2e-5;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
        }
        assertThat(gradient[2]).isZero();
        // A number between two rows is the nearer one.
        assertThat(density.valueAndGradient(new double[] {a, t, 4.4, 0.7}, unused)).isEqualTo(density.valueAndGradient(q, unused));
    }

    private static double likelihood(double k, double a) {
        double log = k * a - StrictMath.exp(a);
        for (int i = 2; i <= k; i++) {
            log -= StrictMath.log(i);
        }
        return log;
    }

    private static double polynomial(double k, double a0, double x, int degree) {
        double rate = StrictMath.exp(a0);
        return degree == 0 ? 0 : likelihood(k, a0) + (k - rate) * x - (degree == 2 ? 0.5 * rate * x * x : 0);
    }

    @Test
    void drawsDoNotDependOnThreads() {
        NDArray y = outcomes();
        MCMC mcmc = mcmc(new HMCECS(new HMC(() -> logistic(y)).trajectoryLength(1)).numBlocks(3)).numWarmup(50).numSamples(50);
        PRNGKey key = key(4);
        assertThat(mcmc.threads(4).run(key).samplesByChain("slope").known().sameAs(mcmc.threads(1).run(key).samplesByChain("slope").known())).isTrue();
    }

    @Test
    void whatCannotBeSubsampledIsSaid() {
        Model whole = () -> sample("mu", new Normal(0, 1));
        assertThatThrownBy(() -> mcmc(new HMCECS(new NUTS(whole))).run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessage("HMCECS: the model has no subsampled plate.\n  Got:      sites [mu]\n"
                        + "  Fix:      open the plate of the data with subsampleSize(n), or use the inner kernel alone: new MCMC(new NUTS(model)).");
        Model local = () -> {
            try (var _ = plate("data", 10, subsampleSize(2))) {
                sample("z", new Normal(0, 1));
            }
        };
        assertThatThrownBy(() -> mcmc(new HMCECS(new NUTS(local))).run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessageContaining("sample(\"z\"): a random variable of a subsampled plate has no value for the rows that are not looked at.")
                .hasMessageContaining("in plate data[2 of 10]");
        Model mixture = () -> {
            var z = sample("z", new Bernoulli(0.4));
            var mu = sample("mu", new Normal(z, 1));
            try (var _ = plate("data", N, subsampleSize(2))) {
                sample("y", new Normal(mu, 1), subsample(NOISE, 0));
            }
        };
        assertThatThrownBy(() -> mcmc(new HMCECS(new NUTS(mixture)).proxy(HMCECS.taylorProxy(Map.of("mu", Np.scalar(0.0))))).run(key(0)))
                .hasMessageContaining("sample(\"z\"): a proxy cannot stand for a likelihood out of which a discrete random variable is summed.");
        NDArray y = outcomes();
        assertThatThrownBy(() -> mcmc(new HMCECS(new NUTS(() -> logistic(y))).numBlocks(31)).threads(1).run(key(0)))
                .hasMessageContaining("HMCECS: there are more blocks than rows in them.").hasMessageContaining("Fix:      numBlocks(30).");
        assertThatThrownBy(() -> mcmc(new HMCECS(new NUTS(() -> logistic(y))).proxy(HMCECS.taylorProxy(Map.of()))).run(key(0)))
                .hasMessageContaining("every latent site needs one position").hasMessageContaining("missing \"slope\"");
        assertThatThrownBy(() -> HMCECS.taylorProxy(Map.of(), 3)).isInstanceOf(DomainException.class)
                .hasMessageContaining("taylorProxy: the degree must be 1 or 2.");
        assertThatThrownBy(() -> new HMCECS(new NUTS(whole)).numBlocks(0)).hasMessageContaining("numBlocks must be ≥ 1");
    }
}
