package kiln.infer.mcmc;

import static kiln.array.Np.abs;
import static kiln.array.Np.exp;
import static kiln.array.Np.minimum;
import static kiln.array.Np.scalar;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.Normal;
import kiln.func.Control;
import kiln.infer.Differentiation;
import kiln.infer.GaussianPrior;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels that look at no gradient: nothing in a run of theirs asks for one, so models that have none can be sampled, and none is compiled.
class WithoutGradientTest {
    /// `√e^a` by Newton's method until it stands still: a loop of unknown length, which has no reverse derivative.
    private static final Model LOOP = () -> {
        NDArray a = sample("a", new Normal(NDArray.of(0.0, 1), 1).toEvent(1));
        NDArray target = exp(a);
        record State(NDArray x, NDArray step) {}
        NDArray x = Control.whileLoop(
                (State s) -> abs(s.step().div(s.x())).max().gt(1e-12),
                s -> {
                    NDArray next = s.x().plus(target.div(s.x())).times(0.5);
                    return new State(next, next.minus(s.x()));
                },
                new State(target, target.plus(1))).x();
        sample("y", new Normal(x, 0.3).toEvent(1), NDArray.of(1.2, 1.5));
    };

    /// The same by the exponential function of half the exponent.
    private static final Model FORMULA = () -> {
        NDArray a = sample("a", new Normal(NDArray.of(0.0, 1), 1).toEvent(1));
        sample("y", new Normal(exp(a.times(0.5)), 0.3).toEvent(1), NDArray.of(1.2, 1.5));
    };

    /// A density that has values alone.
    private record Values(LogDensity density) implements LogDensity {
        @Override
        public int dimension() {
            return density.dimension();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            throw new AssertionError("nobody may ask for a gradient");
        }

        @Override
        public double value(double[] position, double[] scratch) {
            return density.valueAndGradient(position, scratch);
        }
    }

    private static final LogDensity DENSITY = new Values(Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.7)));

    private static final GaussianPrior PRIOR = GaussianPrior.independent(new double[3], new double[] {1, 1, 1});

    @TempDir
    private Path temp;

    static Stream<Kernel> ofModels() {
        return Stream.of(new AIES(LOOP), new ESS(LOOP), new SA(LOOP), new EllipticalSlice(LOOP), new RandomWalkMetropolis(LOOP));
    }

    static Stream<Kernel> ofDensities() {
        return Stream.of(new AIES(DENSITY), new ESS(DENSITY), new SA(DENSITY), new EllipticalSlice(DENSITY, PRIOR), new RandomWalkMetropolis(DENSITY));
    }

    private static MCMC mcmc(Kernel kernel) {
        return new MCMC(kernel).numChains(8).numWarmup(150).numSamples(50).blockSize(10).progress(ProgressListener.NONE);
    }

    /// The means of both coordinates, within six standard errors of those that NUTS finds with the formula; false alarm below 1e-6 for estimates of the
    /// spread of chains that are independent.
    @ParameterizedTest
    @MethodSource("ofModels")
    void aModelThatHasNoGradient(Kernel kernel) {
        assertThat(kernel.usesGradient()).isFalse();
        Posterior got = mcmc(kernel).numWarmup(1500).numSamples(4000).run(key(1));
        Posterior want = new MCMC(new NUTS(FORMULA)).numWarmup(300).numSamples(4000).progress(ProgressListener.NONE).run(key(2));
        for (String element : List.of("a[0]", "a[1]")) {
            var mine = got.summary().row(element);
            var other = want.summary().row(element);
            double error = Math.sqrt(mine.std() * mine.std() / mine.nEff() + other.std() * other.std() / other.nEff());
            assertThat(Math.abs(mine.mean() - other.mean())).as(element).isLessThan(6 * error);
        }
    }

    /// The model has none that NUTS could take; asking for one says so.
    @Test
    void whoAsksForAGradientIsTold() {
        assertThatThrownBy(() -> mcmc(new NUTS(LOOP)).run(key(0))).isInstanceOf(DomainException.class);
        for (RandomWalkMetropolis kernel : List.of(new RandomWalkMetropolis(LOOP).metricAdaptation(MetricAdaptation.FISHER),
                new RandomWalkMetropolis(LOOP).centering(Centering.ADAPTED))) {
            assertThat(kernel.usesGradient()).isTrue();
            assertThatThrownBy(() -> mcmc(kernel).run(key(0))).isInstanceOf(DomainException.class);
        }
        assertThatThrownBy(() -> mcmc(new SA(LOOP)).chainStart(new ChainStart.Ascents(4)).run(key(0))).isInstanceOf(DomainException.class);
        PosteriorDensity density = PosteriorDensity.of(LOOP, key(0), Differentiation.ON_DEMAND);
        assertThat(density.explain()).isNotEmpty();
        assertThatThrownBy(() -> density.valueAndGradient(new double[2], new double[2])).isInstanceOf(DomainException.class);
    }

    /// Starts, folders, resuming, states in memory, starts that are given.
    @ParameterizedTest
    @MethodSource("ofDensities")
    void nothingInARunAsksForAGradient(Kernel kernel) {
        MCMC mcmc = mcmc(kernel);
        Posterior want = mcmc.run(key(1));
        Path folder = temp.resolve("run");
        var asked = new java.util.concurrent.atomic.AtomicInteger();
        int iterations = kernel instanceof EnsembleSampler ? 180 : 8 * 180;
        mcmc.folder(folder).stopWhen(() -> asked.incrementAndGet() > iterations).run(key(1));
        assertThat(mcmc.resume(folder).samples("z").known().sameAs(want.samples("z").known())).isTrue();
        assertThat(mcmc.run(mcmc.warmup(key(1)).lastState()).samples("z").known().sameAs(want.samples("z").known())).isTrue();
        assertThat(mcmc.initParams(Map.of("z", key(3).normal(8, 3))).run(key(1)).samples("z").size(0)).isEqualTo(400);
    }

    /// A random walk inside a kernel of discrete variables.
    @Test
    void insideAnotherKernel() {
        Model mixture = () -> {
            NDArray k = sample("k", new Bernoulli(0.4));
            NDArray a = sample("a", new Normal(0, 1));
            record State(NDArray x) {}
            NDArray half = Control.whileLoop((State s) -> s.x().gt(0.5), s -> new State(s.x().times(0.5)), new State(minimum(exp(a), scalar(1e6)))).x();
            sample("y", new Normal(half.plus(k), 0.5), NDArray.of(1.1));
        };
        assertThatThrownBy(() -> mcmc(new DiscreteHMCGibbs(new NUTS(mixture))).run(key(0))).isInstanceOf(DomainException.class);
        Posterior p = mcmc(new DiscreteHMCGibbs(new RandomWalkMetropolis(mixture))).run(key(0));
        assertThat(p.samples("k").toDoubleArray()).contains(0, 1);
    }
}
