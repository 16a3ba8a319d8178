package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The options of the kernels, one by one: defaults as NumPyro's signatures have them, or as docs/numpyro-options.md says where they differ; a copy with
/// another value has that value, in its description too, by which a run folder knows its run; values outside the domain are refused.
class KernelOptionsTest {
    /// One option.
    ///
    /// @param kernel with all defaults
    /// @param read   its value in a kernel
    /// @param first  the default
    /// @param set    a copy with another value
    /// @param other  that value
    record Row<K extends Kernel>(String name, K kernel, Function<K, Object> read, Object first, Function<K, K> set, Object other) {
        void check() {
            K changed = set.apply(kernel);
            assertThat(read.apply(kernel)).isEqualTo(first);
            assertThat(read.apply(changed)).isEqualTo(other);
            assertThat(changed.description()).isNotEqualTo(kernel.description());
        }

        @Override
        public String toString() {
            return kernel.getClass().getSimpleName() + " " + name;
        }
    }

    static Stream<Row<?>> rows() {
        Stream<Row<?>> shared = Stream.of(adaptive(new NUTS()), adaptive(new HMC()), adaptive(new BarkerMH())).flatMap(s -> s);
        var discrete = new DiscreteHMCGibbs(new NUTS());
        var mixed = new MixedHMC(new HMC());
        Stream<Row<?>> own = Stream.of(
                new Row<>("trajectoryLength", new HMC(), HMC::trajectoryLength, 2 * Math.PI, k -> k.trajectoryLength(1), 1.0),
                new Row<>("numSteps", new HMC(), HMC::numSteps, OptionalInt.empty(), k -> k.numSteps(3), OptionalInt.of(3)),
                kineticFn(new NUTS(), NUTS::kineticFn), kineticFn(new HMC(), HMC::kineticFn), kineticFn(new WALNUTS(), WALNUTS::kineticFn),
                new Row<>("maxTreeDepth", new NUTS(), NUTS::maxTreeDepth, 10, k -> k.maxTreeDepth(4), 4),
                new Row<>("maxTreeDepth of the warm-up", new NUTS(), NUTS::maxWarmupTreeDepth, 10, k -> k.maxTreeDepth(5, 10), 5),
                new Row<>("randomWalk", discrete, DiscreteHMCGibbs::randomWalk, false, k -> k.randomWalk(true), true),
                new Row<>("modified", discrete, DiscreteHMCGibbs::modified, false, k -> k.modified(true), true),
                new Row<>("randomWalk", mixed, MixedHMC::randomWalk, false, k -> k.randomWalk(true), true),
                new Row<>("modified", mixed, MixedHMC::modified, false, k -> k.modified(true), true),
                new Row<>("numDiscreteUpdates", mixed, MixedHMC::numDiscreteUpdates, OptionalInt.empty(), k -> k.numDiscreteUpdates(2),
                        OptionalInt.of(2)),
                new Row<>("numBlocks", new HMCECS(new NUTS()), HMCECS::numBlocks, 1, k -> k.numBlocks(7), 7),
                new Row<>("adaptStateSize", new SA(), SA::adaptStateSize, 0, k -> k.adaptStateSize(9), 9),
                new Row<>("denseMass", new SA(), SA::denseMass, true, k -> k.denseMass(false), false),
                new Row<>("moves", new AIES(), AIES::weights, Map.of(new AIES.DEMove(1e-5, 0), 1.0),
                        k -> k.moves(Map.of(new AIES.StretchMove(), 1.0)), Map.of(new AIES.StretchMove(2), 1.0)),
                new Row<>("randomizeSplit", new AIES(), AIES::randomizeSplit, false, k -> k.randomizeSplit(true), true),
                new Row<>("moves", new ESS(), ESS::weights, Map.of(new ESS.DifferentialMove(), 1.0),
                        k -> k.moves(Map.of(new ESS.GaussianMove(), 1.0)), Map.of(new ESS.GaussianMove(), 1.0)),
                new Row<>("randomizeSplit", new ESS(), ESS::randomizeSplit, true, k -> k.randomizeSplit(false), false),
                new Row<>("maxSteps", new ESS(), ESS::maxSteps, 10_000, k -> k.maxSteps(5), 5),
                new Row<>("maxIter", new ESS(), ESS::maxIter, 10_000, k -> k.maxIter(5), 5),
                new Row<>("initMu", new ESS(), ESS::initMu, 1.0, k -> k.initMu(2), 2.0),
                new Row<>("tuneMu", new ESS(), ESS::tuneMu, true, k -> k.tuneMu(false), false));
        return Stream.concat(shared, own);
    }

    private static <K extends AdaptiveSampler<K>> Row<K> kineticFn(K kernel, BiFunction<K, KineticEnergy, K> set) {
        KineticEnergy energy = KineticEnergy.relativistic(2);
        return new Row<>("kineticFn", kernel, k -> k.settings().kineticFn(), Optional.empty(), k -> set.apply(k, energy), Optional.of(energy));
    }

    private static <K extends AdaptiveSampler<K>> Stream<Row<?>> adaptive(K kernel) {
        Metric metric = Metric.diagonal(1, 2);
        double target = kernel instanceof BarkerMH ? 0.4 : 0.8;
        return Stream.of(
                new Row<>("stepSize", kernel, k -> k.settings().stepSize(), 1.0, k -> k.stepSize(0.1), 0.1),
                new Row<>("adaptStepSize", kernel, k -> k.settings().adaptStepSize(), true, k -> k.adaptStepSize(false), false),
                new Row<>("adaptMassMatrix", kernel, k -> k.settings().adaptMassMatrix(), true, k -> k.adaptMassMatrix(false), false),
                new Row<>("denseMass", kernel, k -> k.settings().denseMass(), false, k -> k.denseMass(true), true),
                new Row<>("denseMass in groups", kernel, k -> k.settings().denseBlocks(), List.of(), k -> k.denseMass(List.of(List.of("a"))),
                        List.of(List.of("a"))),
                new Row<>("targetAcceptProb", kernel, k -> k.settings().targetAcceptProb(), target, k -> k.targetAcceptProb(0.9), 0.9),
                new Row<>("findHeuristicStepSize", kernel, k -> k.settings().findHeuristicStepSize(), true, k -> k.findHeuristicStepSize(false),
                        false),
                new Row<>("regularizeMassMatrix", kernel, k -> k.settings().regularizeMassMatrix(), true, k -> k.regularizeMassMatrix(false),
                        false),
                new Row<>("forwardModeDifferentiation", kernel, k -> k.settings().forwardModeDifferentiation(), false,
                        k -> k.forwardModeDifferentiation(true), true),
                new Row<>("inverseMassMatrix", kernel, k -> k.settings().inverseMassMatrix(), Optional.empty(),
                        k -> k.inverseMassMatrix(metric), Optional.of(metric)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void defaultCopyAndDescription(Row<?> row) {
        row.check();
    }

    @Test
    void theRunHasItsDefaults() {
        var mcmc = new MCMC(new NUTS());
        assertThat(mcmc.numWarmup()).isEqualTo(1000);
        assertThat(mcmc.chains().numSamples()).isEqualTo(1000);
        assertThat(mcmc.chains().numChains()).isEqualTo(4);
        assertThat(mcmc.chains().thinning()).isEqualTo(1);
    }

    @Test
    void valuesOutsideTheDomainAreRefused() {
        refused(() -> new NUTS().stepSize(0), "stepSize must be finite and > 0.\n  Got:      0.0");
        refused(() -> new HMC().trajectoryLength(Double.POSITIVE_INFINITY), "trajectoryLength must be finite and > 0.\n  Got:      Infinity");
        refused(() -> new HMC().numSteps(0), "numSteps must be ≥ 1.\n  Got:      OptionalInt[0]");
        refused(() -> new MixedHMC(new HMC()).numDiscreteUpdates(0), "numDiscreteUpdates must be ≥ 1.\n  Got:      OptionalInt[0]");
        refused(() -> new HMCECS(new NUTS()).numBlocks(0), "numBlocks must be ≥ 1.\n  Got:      0");
        refused(() -> new SA().adaptStateSize(1), "adaptStateSize must be ≥ 2, or 0 for the default.\n  Got:      1");
        refused(() -> new AIES.StretchMove(1), "StretchMove: a must be finite and > 1.\n  Got:      1.0");
        refused(() -> new ESS().maxSteps(0), "maxSteps must be ≥ 1.\n  Got:      0");
        refused(() -> new ESS().maxIter(0), "maxIter must be ≥ 1.\n  Got:      0");
        refused(() -> new ESS().initMu(-1), "initMu must be finite and > 0.\n  Got:      -1.0");
        refused(() -> new LogProgress(Duration.ZERO), "LogProgress: the period must be > 0.\n  Got:      PT0S");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message + "\n  At:       ");
    }
}
