package kiln.examples;

import static kiln.examples.Example.example;

import java.util.List;

/// The rows of the programs in `examples/numpyro/`, the counterparts of NumPyro's own examples.
///
/// The expected numbers are exact: `examples/tools/numpyro_answers.py` computes them from the same data with numpy and scipy, by quadrature
/// or, where it says so, by long chains of another sampler. A tolerance is four Monte Carlo standard errors (the posterior's standard deviation over the root of the run's effective
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
            // 2500 and 2100 effective draws; a sum over a grid in two dimensions.
            example("numpyro/Subsampling")
                    .number("^a +(\\S+)", -0.69721, 0.0029)
                    .number("^b +(\\S+)", 1.22506, 0.0037)
                    .number("^a .* ± (\\S+)", 0.03459, 0.0021)
                    .number("^b .* ± (\\S+)", 0.04170, 0.0027),
            // Sums of four terms; the effective draws that the program prints, 4000, 360 and 310.
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
                    .number("^ +sigma\\[0\\] +(\\S+)", 0.24806, 0.0034 + 0.005),
            // Gibbs samplers, 400 chains side by side; a probability is a share of 2000 draws.
            example("numpyro/Annotation")
                    .number("^multinomial: zeta (\\S+)", 0.78163, 0.0045)
                    .number("^multinomial: .*\\R.*36 in 4: (\\S+)", 0.05982, 0.030)
                    .number("^Dawid-Skene: beta (\\S+)", 0.62049, 0.0165)
                    .number("^Dawid-Skene: beta .* ± (\\S+)", 0.13033, 0.0117)
                    .number("^Dawid-Skene: .*\\R.*36 in 4: (\\S+)", 0.14507, 0.0445)
                    .number("^Dawid-Skene: .*\\R.*2 in category 3: ([\\d.]+),", 0.98595, 0.0155)
                    .number("^MACE: theta (\\S+)", 0.74438, 0.0105)
                    .number("^MACE: .*\\R.*36 in 4: (\\S+)", 0.08264, 0.0355),
            // Lebreton et al. print the modes 0.560 and 0.903, with floods 0.607, 0.469 and 0.900.
            example("numpyro/CaptureRecapture")
                    .numbers("^phi  +(\\S+)", new double[] {0.56165, 0.60864}, 0.0045)
                    .numbers("^phi  .* ± (\\S+)", new double[] {0.02511, 0.03093}, 0.0032)
                    .number("^phi flood  +(\\S+)", 0.47063, 0.006)
                    .numbers("^p  +(\\S+)", new double[] {0.89552, 0.89226}, 0.0043)
                    .number("^difference  +(\\S+)", 0.13801, 0.0072),
            example("numpyro/HmmPlates")
                    .number("^stay  (\\S+)", 0.86489, 0.0044)
                    .number("^low   (\\S+)", 0.19948, 0.0046)
                    .number("^rise  (\\S+)", 0.64045, 0.0058)
                    .number("^rise  .* ± (\\S+)", 0.05143, 0.0041),
            example("numpyro/HmmAutoregressive")
                    .number("^stay    (\\S+)", 0.84611, 0.0055)
                    .number("^off     (\\S+)", -1.57558, 0.031)
                    .number("^rise    (\\S+)", 1.91912, 0.037)
                    .number("^memory  (\\S+)", 1.09838, 0.030)
                    .number("^memory  .* ± (\\S+)", 0.27410, 0.021),
            // Two ways to explain five points, between which chains go seldom: some 300 effective draws.
            example("numpyro/GaussianMixture")
                    .number("^log scale +(\\S+)", 0.27368, 0.165)
                    .number("^lower mean +(\\S+)", 0.42276, 0.188)
                    .number("^higher mean +(\\S+)", 10.62250, 0.207)
                    .number("^1 and 10 apart +(\\S+)", 0.90543, 0.069)
                    .number("^0 and 1 together +(\\S+)", 0.97260, 0.039),
            example("numpyro/DiscreteImputation")
                    .number("^P\\(drug\\) +(\\S+)", 0.28007, 0.0053)
                    .number("^P\\(well \\| drug\\) +(\\S+)", 0.83184, 0.0075)
                    .number("^P\\(well \\| none\\) +(\\S+)", 0.43116, 0.0058)
                    .number("^Of 55 unknown (\\S+) took it", 16.7284, 0.5),
            // P(A) is conjugate: Beta(1 + 186, 1 + 114).
            example("numpyro/ToyMixture")
                    .number("^P\\(A\\) +(\\S+)", 0.61921, 0.004)
                    .numbers("^P\\(B \\| A\\) +(\\S+)", new double[] {0.19146, 0.86326}, 0.0113)
                    .numbers("^P\\(B \\| A\\) .* ± (\\S+)", new double[] {0.08966, 0.06515}, 0.0087)
                    .numbers("^P\\(C \\| B\\) +(\\S+)", new double[] {0.20071, 0.87706}, 0.01),
            // Regression on the two values before; a forecast has the error of 1000 draws.
            example("numpyro/Ar2")
                    .number("^constant +(\\S+)", 0.30085, 0.0094)
                    .number("^alpha 1 +(\\S+)", 0.91669, 0.0113)
                    .number("^alpha 2 +(\\S+)", -0.39446, 0.0113)
                    .number("^sigma +(\\S+)", 0.58211, 0.0054)
                    .number("^1 ahead +(\\S+)", 0.00277, 0.075),
            example("numpyro/HoltWinters")
                    .number("^level +(\\S+)", 0.07475, 0.0136)
                    .number("^trend +(\\S+)", 0.41581, 0.036)
                    .number("^season +(\\S+)", 0.15862, 0.0155)
                    .number("^noise +(\\S+)", 0.37445, 0.0063)
                    .number("^1 ahead +(\\S+)", 3.12681, 0.035)
                    .number("^4 ahead +(\\S+)", 2.84999, 0.036),
            // Gibbs sampling by forward filtering and backward sampling, 400 chains side by side.
            example("numpyro/SemiSupervisedHmm")
                    .prints("The density is that of the forward algorithm: true")
                    .number("^stays in its category: (\\S+)", 0.64732, 0.0105)
                    .number("^stays in its category: \\S+ (\\S+)", 0.63885, 0.0095)
                    .number("^stays in its category: \\S+ \\S+ (\\S+)", 0.61886, 0.0105)
                    .number("^says its word: +(\\S+)", 0.77517, 0.0105)
                    .number("^says its word: +\\S+ (\\S+)", 0.47774, 0.0095)
                    .number("^says its word: +\\S+ \\S+ (\\S+)", 0.37562, 0.0105)
                    .number("^140 hidden words, (\\S+) of", 37.486, 0.66));
}
