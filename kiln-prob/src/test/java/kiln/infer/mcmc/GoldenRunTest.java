package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import kiln.infer.GaussianPrior;
import kiln.infer.LogDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bits of whole runs, stored: the same seed gives them on every machine. They change only with the version, on purpose.
///
/// A difference without a change of the sampler, of `kiln.math` or of the generator means that some arithmetic depends on the machine.
class GoldenRunTest {
    /// A row has a run for each of two keys.
    @ParameterizedTest
    @CsvSource({
        "NUTS, 8517e02, dd4a8f23", "NUTS variances, 920e69d3, 63e486ea", "NUTS covariances, f43077c6, cc4e6f6f", "NUTS diagonal, a4862441, a7f38761", "HMC, c39ee99a, 6f55fa82",
        "HMC variances, 4de0e262, 2507987", "BarkerMH, 81335731, dfae68f5", "RandomWalkMetropolis, ab58ea4e, 8d58cca7", "WALNUTS, 997a0cb8, d79695e9", "SA, b7e8f6ec, 460ee75a",
        "EllipticalSlice, d107d6b5, 4d7b28ca"
    })
    @Checks(SamplerCheck.GOLDEN)
    void bits(String name, String want, String other) {
        Sampler sampler = switch (name) {
            case "NUTS" -> new NUTS();
            case "NUTS variances" -> new NUTS().metricAdaptation(MetricAdaptation.VARIANCE);
            case "NUTS covariances" -> new NUTS().denseMass(true).metricAdaptation(MetricAdaptation.VARIANCE);
            case "NUTS diagonal" -> new NUTS().metricAdaptation(MetricAdaptation.FISHER_DIAGONAL);
            case "HMC variances" -> new HMC().trajectoryLength(2).metricAdaptation(MetricAdaptation.VARIANCE);
            case "HMC" -> new HMC().trajectoryLength(2);
            case "WALNUTS" -> new WALNUTS();
            case "BarkerMH" -> new BarkerMH();
            case "RandomWalkMetropolis" -> new RandomWalkMetropolis();
            case "SA" -> new SA();
            // The standardised effects and log τ, μ are no normal prior of this density: any will do for the bits.
            default -> new EllipticalSlice(GaussianPrior.independent(new double[10], ones(10)));
        };
        double[] start = new double[10];
        assertThat(hash(sampler, new EightSchools(), start, 2026, 300)).isEqualTo(want);
        assertThat(hash(sampler, new EightSchools(), start, 5, 300)).isEqualTo(other);
    }

    /// {@return the bits of a run of 500 iterations, which goes on from its state after 400 of them}
    static String hash(Sampler sampler, LogDensity density, double[] start, long seed, int numWarmup) {
        Chain chain = sampler.start(density, start, seed, numWarmup);
        double[] q = start.clone();
        int hash = 1;
        for (int i = 0; i < 500; i++) {
            chain.next(q);
            hash = 31 * hash + Arrays.hashCode(q);
            if (i == 400) {
                chain = sampler.resume(density, chain.state());
            }
        }
        return Integer.toHexString(hash);
    }

    @ParameterizedTest
    @CsvSource({"AIES, 81048d6e, 9afd405b", "ESS, f637bfae, 7b98d138"})
    @Checks(SamplerCheck.GOLDEN)
    void bitsOfEnsembles(String name, String want, String other) {
        EnsembleSampler sampler = name.equals("AIES")
                ? new AIES().moves(Map.of(new AIES.DEMove(), 0.7, new AIES.StretchMove(), 0.3))
                : new ESS().moves(Map.of(new ESS.DifferentialMove(), 0.4, new ESS.GaussianMove(), 0.3, new ESS.KDEMove(), 0.3));
        assertThat(hash(sampler, 2026)).isEqualTo(want);
        assertThat(hash(sampler, 5)).isEqualTo(other);
    }

    private static String hash(EnsembleSampler sampler, long seed) {
        EightSchools density = new EightSchools();
        double[][] walkers = Targets.starts(density, 20);
        Ensemble ensemble = sampler.start(density, walkers, seed, 50);
        int hash = 1;
        for (int i = 0; i < 100; i++) {
            ensemble.next(walkers);
            hash = 31 * hash + Arrays.deepHashCode(walkers);
            if (i == 60) {
                ensemble = sampler.resume(density, ensemble.state());
            }
        }
        return Integer.toHexString(hash);
    }

    private static double[] ones(int n) {
        double[] v = new double[n];
        Arrays.fill(v, 1);
        return v;
    }
}
