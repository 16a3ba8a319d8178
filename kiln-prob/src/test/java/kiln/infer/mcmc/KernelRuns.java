package kiln.infer.mcmc;

import static java.util.Objects.requireNonNull;
import static kiln.model.Primitives.sample;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.infer.GaussianPrior;
import kiln.infer.LogDensity;

/// A small run of every kernel, by name: what is stopped, killed and resumed. Separate processes make the same run from its name.
final class KernelRuns {
    /// Kernels, and ways of some of them to estimate a metric or to move chains; the name begins with that of the class.
    static final List<String> NAMES = List.of("NUTS", "NUTS dense", "NUTS block", "NUTS vectorized", "HMC", "HMC block", "WALNUTS", "BarkerMH", "RandomWalkMetropolis", "RandomWalkMetropolis vectorized", "SA",
            "AIES", "ESS", "EllipticalSlice", "DiscreteHMCGibbs", "MixedHMC", "HMCECS", "HMCGibbs");

    /// What has no chains, see [#particles].
    static final String PARTICLES = "TemperedSMC";

    private static final LogDensity DENSITY = Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.7));

    private KernelRuns() {}

    static Kernel kernel(String name) {
        MixedTarget mixed = MixedTarget.ALL.getFirst();
        return switch (name) {
            case "NUTS" -> new NUTS(DENSITY);
            case "NUTS dense" -> new NUTS(DENSITY).denseMass(true);
            case "NUTS block" -> new NUTS(DENSITY).denseMass(List.of(List.of("z")));
            case "NUTS vectorized" -> new NUTS(ChainMethodTest.RECURSION);
            case "HMC" -> new HMC(DENSITY);
            case "HMC block" -> new HMC(DENSITY).denseMass(List.of(List.of("z"))).metricAdaptation(MetricAdaptation.FISHER);
            case "WALNUTS" -> new WALNUTS(DENSITY);
            case "BarkerMH" -> new BarkerMH(DENSITY);
            case "RandomWalkMetropolis" -> new RandomWalkMetropolis(DENSITY);
            case "RandomWalkMetropolis vectorized" -> new RandomWalkMetropolis(ChainMethodTest.RECURSION);
            case "SA" -> new SA(DENSITY);
            case "AIES" -> new AIES(DENSITY);
            case "ESS" -> new ESS(DENSITY);
            case "EllipticalSlice" -> new EllipticalSlice(DENSITY, GaussianPrior.independent(new double[3], new double[] {1, 1, 1}));
            case "DiscreteHMCGibbs" -> new DiscreteHMCGibbs(new NUTS(mixed));
            case "MixedHMC" -> new MixedHMC(new HMC(mixed));
            case "HMCECS" -> new HMCECS(new NUTS(RowTarget.ALL.get(2)));
            case "HMCGibbs" -> new HMCGibbs(new NUTS(() -> {
                var z = sample("z", new Normal(0, 1));
                sample("x", new Normal(z, 1));
            }), (rngKey, _, hmcSites) -> Map.of("x", new Normal(requireNonNull(hmcSites.get("z")), 1).sample(rngKey)), "x");
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// Particles on their way to a narrow posterior, over some ten powers.
    static TemperedSMC particles() {
        return new TemperedSMC(() -> sample("y", new Normal(sample("mu", new Normal(0, 10)), 0.02), NDArray.of(1.5))).numParticles(50).essFraction(0.7);
    }

    /// The run of a kernel by four chains; walkers of ensembles are eight.
    static MCMC mcmc(String name) {
        Kernel kernel = kernel(name);
        MCMC mcmc = new MCMC(kernel).numWarmup(60).numSamples(50).numChains(kernel instanceof EnsembleSampler ? 8 : 4).blockSize(20).progress(ProgressListener.NONE);
        return name.endsWith("vectorized") ? mcmc.chainMethod(ChainMethod.VECTORIZED) : mcmc;
    }
}
