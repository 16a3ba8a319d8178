package kiln.infer;

import static kiln.array.Np.abs;
import static kiln.array.Np.exp;
import static kiln.array.Np.scalar;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static kiln.model.Primitives.subsample;
import static kiln.model.Primitives.subsampleSize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Bernoulli;
import kiln.dist.Dirichlet;
import kiln.dist.HalfCauchy;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.mcmc.AdaptiveSampler;
import kiln.infer.mcmc.BarkerMH;
import kiln.infer.mcmc.Chain;
import kiln.infer.mcmc.ChainRandom;
import kiln.infer.mcmc.DiscreteHMCGibbs;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.HMCECS;
import kiln.infer.mcmc.HMCGibbs;
import kiln.infer.mcmc.Kernel;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.MixedHMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients that are taken forwards: those of reverse mode to rounding where there is one, and the only ones of loops whose length is not known.
class ForwardModeTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);
    private static final NDArray X = key(1).normal(40, 3);
    private static final NDArray Z = X.matmul(NDArray.of(1.0, -2, 0.5)).plus(key(2).normal(40));

    private static final NDArray PAIRS = key(3).normal(40, 2);

    private static final Model SCHOOLS = () -> {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            NDArray theta = sample("theta", new Normal(mu, tau));
            sample("y", new Normal(theta, SIGMA), Y);
        }
    };

    private static final Model REGRESSION = () -> {
        NDArray beta = sample("beta", new Normal(0, 1).expand(3).toEvent(1));
        NDArray sigma = sample("sigma", new HalfNormal(1));
        try (var _ = plate("data", 40)) {
            sample("z", new Normal(X.matmul(beta), sigma), Z);
        }
    };

    private static final Model SIMPLEX = () -> {
        NDArray p = sample("p", new Dirichlet(NDArray.of(1.0, 2, 3)));
        sample("w", new Normal(p, 0.1), NDArray.of(0.2, 0.3, 0.5));
    };

    private static final Model RECURSION = () -> {
        NDArray rate = sample("rate", new Normal(0, 0.5));
        NDArray path = Control.scan((NDArray h, NDArray now) -> {
            NDArray next = Np.tanh(rate.times(h)).plus(now);
            return new Carried<>(next, next);
        }, scalar(0.0), Y.times(0.1)).output();
        sample("z", new Normal(path, 1), SIGMA.times(0.1));
    };

    static List<Model> models() {
        return List.of(SCHOOLS, REGRESSION, SIMPLEX, RECURSION);
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsAreThoseOfReverseMode(Model model) {
        PosteriorDensity reverse = PosteriorDensity.of(model, key(0));
        assertSame(PosteriorDensity.of(model, key(0), Differentiation.FORWARD), reverse, 1e-12);
    }

    private static void assertSame(PosteriorDensity got, PosteriorDensity want, double tolerance) {
        int d = want.dimension();
        assertThat(got.dimension()).isEqualTo(d);
        var random = new ChainRandom(3);
        double[] q = new double[d];
        double[] gradient = new double[d];
        double[] other = new double[d];
        for (int n = 0; n < 20; n++) {
            for (int i = 0; i < d; i++) {
                q[i] = random.normal();
            }
            double value = want.valueAndGradient(q, gradient);
            assertThat(got.valueAndGradient(q, other)).isCloseTo(value, within(tolerance * Math.abs(value)));
            for (int i = 0; i < d; i++) {
                assertThat(other[i]).isCloseTo(gradient[i], within(tolerance * Math.max(1, Math.abs(gradient[i]))));
            }
        }
    }

    /// Whole runs, warm-up and all, as long as rounding errors have not grown to where a decision of a chain falls the other way.
    @ParameterizedTest
    @MethodSource("models")
    void drawsAreThoseOfReverseMode(Model model) {
        for (AdaptiveSampler<?> kernel : List.of(new NUTS(model), new HMC(model).trajectoryLength(1), new BarkerMH(model))) {
            assertThat(run(kernel.forwardModeDifferentiation(true), 5).size()).isPositive();
            compare(run(kernel.forwardModeDifferentiation(true), 5), run(kernel, 5), 1e-6);
        }
    }

    private static List<NDArray> run(Kernel kernel, int draws) {
        var posterior = new MCMC(kernel).numChains(2).numWarmup(5).numSamples(draws).progress(ProgressListener.NONE).run(key(4));
        return new ArrayList<>(posterior.samples().values());
    }

    private static void compare(List<NDArray> got, List<NDArray> want, double tolerance) {
        for (int k = 0; k < want.size(); k++) {
            double[] a = got.get(k).toDoubleArray();
            double[] b = want.get(k).toDoubleArray();
            for (int i = 0; i < b.length; i++) {
                assertThat(a[i]).isCloseTo(b[i], within(tolerance * Math.max(1, Math.abs(b[i]))));
            }
        }
    }

    /// `√e^a` by Newton's method until it stands still, in a loop whose length depends on `a`; and as `e^{a/2}`.
    private static Model root(boolean loops) {
        return () -> {
            NDArray a = sample("a", new Normal(NDArray.of(0.0, 1), 1).toEvent(1));
            NDArray target = exp(a);
            record State(NDArray x, NDArray step) {}
            NDArray x = loops
                    ? Control.whileLoop(
                            (State s) -> abs(s.step()).max().gt(1e-14),
                            s -> {
                                NDArray next = s.x().plus(target.div(s.x())).times(0.5);
                                return new State(next, next.minus(s.x()));
                            },
                            new State(target, target.plus(1))).x()
                    : exp(a.times(0.5));
            sample("y", new Normal(x, 0.3).toEvent(1), NDArray.of(1.2, 1.5));
        };
    }

    @Test
    void loopsOfUnknownLengthHaveAForwardDerivative() {
        assertSame(PosteriorDensity.of(root(true), key(0), Differentiation.FORWARD), PosteriorDensity.of(root(false), key(0)), 1e-10);
        compare(run(new NUTS(root(true)).forwardModeDifferentiation(true), 10), run(new NUTS(root(false)), 10), 1e-6);
    }

    /// Kernels around a kernel take its gradients.
    @Test
    void kernelsAroundAKernel() {
        Model mixed = () -> {
            NDArray k = sample("k", new Bernoulli(0.4));
            NDArray m = sample("m", new Normal(0, 1));
            sample("y", new Normal(m.plus(k), 0.5), NDArray.of(0.3, 1.2));
        };
        Model rows = () -> {
            NDArray m = sample("m", new Normal(0, 1).expand(2).toEvent(1));
            try (var _ = plate("data", 40, subsampleSize(8))) {
                sample("z", new Normal(subsample(PAIRS, 1).matmul(m), 1), subsample(Z, 0));
            }
        };
        compare(run(new DiscreteHMCGibbs(new NUTS(mixed).forwardModeDifferentiation(true)), 10), run(new DiscreteHMCGibbs(new NUTS(mixed)), 10), 1e-6);
        compare(run(new MixedHMC(new HMC(mixed).trajectoryLength(1).forwardModeDifferentiation(true)), 5),
                run(new MixedHMC(new HMC(mixed).trajectoryLength(1)), 5), 1e-6);
        compare(run(new HMCECS(new NUTS(rows).forwardModeDifferentiation(true)), 10), run(new HMCECS(new NUTS(rows)), 10), 1e-6);
        HMCGibbs gibbs = new HMCGibbs(new NUTS(mixed), (_, sites, _) -> sites, "k");
        compare(run(new HMCGibbs(new NUTS(mixed).forwardModeDifferentiation(true), gibbs.gibbsFn(), "k"), 10), run(gibbs, 10), 1e-6);
    }

    @Test
    void anEvaluationAllocatesNothing() throws ReflectiveOperationException {
        Chain chain = new NUTS().start(PosteriorDensity.of(REGRESSION, key(0), Differentiation.FORWARD), new double[4], 1, 100);
        double[] q = new double[4];
        for (int i = 0; i < 300; i++) {
            chain.next(q);
        }
        var counter = new AllocatedBytes();
        counter.read();
        long before = counter.read();
        for (int i = 0; i < 200; i++) {
            chain.next(q);
        }
        assertThat(counter.read() - before).isLessThan(4096);
    }
}
