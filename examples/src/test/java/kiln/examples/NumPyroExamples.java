package kiln.examples;

import static kiln.examples.Example.example;

import java.util.List;

/// The rows of the programs in `examples/numpyro/`, the counterparts of NumPyro's own examples.
///
/// The expected numbers are exact: `examples/tools/numpyro_answers.py` computes them by quadrature from the same data, with numpy and
/// scipy. A tolerance is four Monte Carlo standard errors (the posterior's standard deviation over the root of the run's effective
/// sample size, for a standard deviation that of `sd / √(2 ESS)`, twice it where the tail is heavy) and half a unit of the last
/// printed digit.
final class NumPyroExamples {
    private NumPyroExamples() {}

    static final List<Example> ROWS = List.of(
            example("numpyro/BayesianRegression")
                    .numbers("^  bM +(\\S+)", new double[] {0.348, -0.061}, 0.011)
                    .numbers("^  bA +(\\S+)", new double[] {-0.566, -0.607}, 0.011)
                    .numbers("^  bA .* ± (\\S+)", new double[] {0.115, 0.158}, 0.008)
                    .numbers("^  sigma +(\\S+)", new double[] {0.949, 0.823, 0.827}, 0.007),
            example("numpyro/Baseball")
                    .number("Clemente +0\\.400 +(\\S+)", 0.26601, 0.0012)
                    .number("Clemente +0\\.400 +\\S+ +(\\S+)", 0.40426, 0.004)
                    .number("Clemente +0\\.400 +\\S+ +\\S+ +(\\S+)", 0.32170, 0.005)
                    .number("Alvis +0\\.156 +\\S+ +\\S+ +(\\S+)", 0.22206, 0.004)
                    .number("^Population mean (\\S+)", 0.26857, 0.001),
            example("numpyro/GaussianProcess")
                    .number("^log variance +(\\S+)", 0.1595, 0.055)
                    .number("^log length +(\\S+)", -0.7998, 0.028)
                    .number("^log noise +(\\S+)", -2.5052, 0.030)
                    .number("^log noise .* ± (\\S+)", 0.346, 0.022),
            example("numpyro/ProportionTest")
                    .number("^effect on the log odds +(\\S+)", -0.40863, 0.010)
                    .number("^effect .* ± (\\S+)", 0.09269, 0.007)
                    .number("^change of the proportion (\\S+),", -0.03883, 0.001),
            // Conjugate: the rate is Gamma(2 + 38, 1000 + hours).
            example("numpyro/Censoring")
                    .prints("60 machines, 22 still running")
                    .number("as censored: mean life (\\S+)", 466.35, 8.0)
                    .number("as censored: .* ± (\\S+) ", 75.65, 8.0)
                    .number("as failures: mean life (\\S+)", 298.16, 4.1),
            example("numpyro/TruncatedDistributions")
                    .prints("mean 2.84, standard deviation 0.95")
                    .number("^loc +(\\S+)", 1.844, 0.055)
                    .number("^scale +(\\S+)", 1.492, 0.025)
                    .prints("smallest 1.50"),
            example("numpyro/CirculantGp")
                    .prints("log density by Fourier transform -47.056991, by Cholesky -47.056991")
                    .number("^log amplitude +(\\S+)", 0.7037, 0.028)
                    .number("^log length +(\\S+)", -0.9196, 0.020)
                    .number("^log noise +(\\S+)", -0.7985, 0.011),
            example("numpyro/ZeroInflatedPoisson")
                    .number("^a +(\\S+)", 0.2056, 0.014)
                    .number("^b +(\\S+)", 1.0868, 0.015)
                    .number("^gate +(\\S+)", 0.3370, 0.0035)
                    .number("^gate .* ± (\\S+)", 0.0375, 0.003),
            // The states are drawn given each draw of the parameters; their number has a standard deviation of about 4 steps.
            example("numpyro/HiddenMarkov")
                    .number("^stay +(\\S+)", 0.8759, 0.0036)
                    .number("^stay .* ± (\\S+)", 0.0296, 0.0026)
                    .number("^mu +(\\S+)", 1.1500, 0.0082)
                    .number("^mu .* ± (\\S+)", 0.0749, 0.006)
                    .number("^steps in state 1 +(\\S+)", 131.69, 0.4),
            example("numpyro/HierarchicalRegression")
                    .number("^mu_a +(\\S+)", 70.833, 0.42)
                    .number("^mu_b +(\\S+)", -0.642, 0.012)
                    .number("^tau_a +(\\S+)", 8.552, 0.30)
                    .number("^tau_b +(\\S+)", 0.331, 0.013)
                    .number("^sigma +(\\S+)", 1.995, 0.015),
            example("numpyro/OrdinalRegression")
                    .number("^slope +(\\S+) ±", 0.884, 0.009)
                    .number("^cut 1 +(\\S+)", -1.425, 0.015)
                    .number("^cut 2 +(\\S+)", 0.458, 0.011)
                    .number("^cut 3 +(\\S+)", 1.957, 0.014),
            example("numpyro/BayesianImputation")
                    .number("^a +(\\S+)", 29.459, 0.036)
                    .number("^b +(\\S+)", 3.779, 0.034)
                    .number("^d +(\\S+)", -0.5542, 0.0025)
                    .number("^s +(\\S+)", 6.104, 0.026)
                    .number("^t +(\\S+)", 3.022, 0.014)
                    .prints("40 of 150 ages were missing"),
            example("numpyro/HorseshoeRegression")
                    .number("^ +2 +(\\S+) .*matters", 1.5571, 0.0045)
                    .number("^ +7 +(\\S+) .*matters", -0.9533, 0.0045)
                    .number("^ +11 +(\\S+) .*matters", 0.2863, 0.005)
                    .number("^ +0 +(\\S+)", 0.0605, 0.005)
                    .prints("divergences: 0"),
            // Long chains of an independent program; McElreath prints −0.51, −0.16 and −0.31 for v_mu and rho.
            example("numpyro/UcbAdmit")
                    .number("^v_mu\\[0\\] +(\\S+)", -0.4937, 0.08)
                    .number("^v_mu\\[1\\] +(\\S+)", -0.1586, 0.02)
                    .number("^sigma\\[0\\] +(\\S+)", 1.3900, 0.04)
                    .number("^sigma\\[1\\] +(\\S+)", 0.4576, 0.022)
                    .number("^rho +(\\S+)", -0.3204, 0.03),
            // y is normal with standard deviation 3; the centred chains do not get into the neck of the funnel.
            example("numpyro/Funnel")
                    .number("^decentred: y +(\\S+)", 0, 0.2)
                    .number("^decentred: y +\\S+ ± (\\S+),", 3, 0.14)
                    .number("^decentred: .*below (\\S+),", -4.93, 0.4)
                    .number("^decentred: .*divergences (\\d+)", 0, 0),
            // About 1000 effective draws at least; the trapezoidal rule in two dimensions.
            example("numpyro/Subsampling")
                    .number("^a +(\\S+)", -0.69721, 0.0044)
                    .number("^b +(\\S+)", 1.22506, 0.0053)
                    .number("^a .* ± (\\S+)", 0.03459, 0.0031)
                    .number("^b .* ± (\\S+)", 0.04170, 0.0037),
            // Sums of four terms; the effective draws that the program prints, 3700, 360 and 310.
            example("numpyro/DiscreteMixture")
                    .number("^MixedHMC .* x (\\S+)", 1.3, 0.137)
                    .number("^MixedHMC .* ± (\\S+),", Math.sqrt(4.36), 0.1)
                    .number("^MixedHMC +c (\\S+)", 0.15, 0.024)
                    .number("^MixedHMC +c \\S+ \\S+ \\S+ (\\S+)", 0.25, 0.029)
                    .number("^DiscreteHMCGibbs .* x (\\S+)", 1.3, 0.44)
                    .number("^HMCGibbs .* x (\\S+)", 1.3, 0.48),
            // By hand: 0.4 · 0.8 · 0.4 + 0.6 · 0.1 · 0.9 over 0.4 · 0.8 + 0.6 · 0.1, and 0.4 · 0.4 + 0.6 · 0.9; without the drug in the same way.
            example("numpyro/EffectHandlers")
                    .numbers("^drug = .*with it (\\S+),", new double[] {0.182 / 0.38, 0.456 / 0.62}, 5e-5)
                    .numbers("^drug = .*everybody had it (\\S+)$", new double[] {0.7, 0.6}, 5e-5)
                    .prints("Visible outside: [drug, recovered]")
                    .prints("Replayed: grave 1, drug 0")
                    .number("^log joint (\\S+),", Math.log(0.4 * 0.2 * 0.3), 5e-5)
                    .prints("masked 0.0000")
                    .prints("[north/grave, north/drug, north/recovered, south/grave"),
            // Means of posteriordb's reference draws of hudson_lynx_hare-lotka_volterra.
            example("numpyro/LotkaVolterra")
                    .number("^ +theta\\[0\\] +(\\S+)", 0.54686, 0.0075 + 0.005)
                    .number("^ +theta\\[2\\] +(\\S+)", 0.80010, 0.0115 + 0.005)
                    .number("^ z_init\\[0\\] +(\\S+)", 34.0352, 0.22)
                    .number("^ z_init\\[1\\] +(\\S+)", 5.9359, 0.045)
                    .number("^ +sigma\\[0\\] +(\\S+)", 0.24806, 0.0034 + 0.005));
}
