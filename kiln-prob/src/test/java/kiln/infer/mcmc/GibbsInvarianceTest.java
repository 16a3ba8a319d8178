package kiln.infer.mcmc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.infer.GaussianPrior;
import kiln.infer.GibbsDensity;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;
import kiln.math.Erf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// One transition of a kernel that moves discrete coordinates or knows the prior leaves the target invariant: exact draws, moved once,
/// still follow it. Each kernel meets six targets.
///
/// 20 000 independent draws; chi-square of the discrete values and Kolmogorov–Smirnov of the continuous one given them. Either fails by
/// chance with probability 1e-6.
class GibbsInvarianceTest {
    private static final int DRAWS = 20_000;
    private static final double FALSE_ALARM = 1e-6;

    static Stream<Arguments> discrete() {
        Stream<GibbsSampler> gibbs = Stream.of(new NUTS().stepSize(0.9), new HMC().stepSize(0.7).numSteps(3))
                .flatMap(inner -> Stream.of(false, true).flatMap(walk -> Stream.of(false, true)
                        .map(modified -> new DiscreteHMCGibbs(inner, walk, modified))));
        HMC hmc = new HMC().stepSize(0.7).trajectoryLength(2);
        Stream<GibbsSampler> mixed = Stream.of(
                new MixedHMC(hmc), new MixedHMC(hmc).modified(true), new MixedHMC(hmc).randomWalk(true),
                new MixedHMC(hmc).randomWalk(true).modified(true), new MixedHMC(hmc, OptionalInt.of(1), false, true),
                new MixedHMC(hmc, OptionalInt.of(7), true, true), new MixedHMC(new HMC().stepSize(1.3).numSteps(3), OptionalInt.of(2), false, false));
        return Stream.concat(gibbs, mixed).flatMap(k -> MixedTarget.ALL.stream().map(t -> Arguments.of(k, t)));
    }

    @ParameterizedTest
    @MethodSource("discrete")
    @Checks(SamplerCheck.STATIONARITY)
    void exactDrawsStayExact(GibbsSampler kernel, MixedTarget target) {
        check(kernel, target, target);
    }

    /// The discrete values of a table as a Gibbs site `z`.
    private record Named(MixedTarget table) implements Tabulated, GibbsDensity {
        @Override
        public Map<String, NDArray> gibbsSites(double[] position) {
            return Map.of("z", NDArray.of(Arrays.copyOfRange(position, 1, position.length)));
        }

        @Override
        public Map<String, NDArray> hmcSites(double[] position) {
            return Map.of("q", NDArray.of(position[0]));
        }

        @Override
        public void putGibbsSites(Map<String, NDArray> values, double[] position) {
            double[] z = requireNonNull(values.get("z")).toDoubleArray();
            System.arraycopy(z, 0, position, 1, z.length);
        }
    }

    private static HMCGibbs gibbs(AdaptiveSampler<?> inner, MixedTarget target) {
        return new HMCGibbs(inner,
                (key, gibbsSites, hmcSites) -> Map.of("z", NDArray.of(target.drawDiscrete(requireNonNull(hmcSites.get("q")).item(), key.uniform().item()))), Set.of("z"));
    }

    static Stream<Arguments> functions() {
        return Stream.of(new NUTS().stepSize(0.9), new HMC().stepSize(0.7).numSteps(3))
                .flatMap(inner -> MixedTarget.ALL.stream().map(t -> Arguments.of(t, inner)));
    }

    @ParameterizedTest
    @MethodSource("functions")
    @Checks(value = SamplerCheck.STATIONARITY, kernels = "HMCGibbs")
    void exactDrawsStayExactUnderAFunctionOfTheUser(MixedTarget target, AdaptiveSampler<?> inner) {
        check(gibbs(inner, target), new Named(target), target);
    }

    static Stream<Arguments> rows() {
        return Stream.of(new HMCECS(new NUTS().stepSize(0.7)), new HMCECS(new HMC().stepSize(0.4).numSteps(3)).numBlocks(2))
                .flatMap(k -> RowTarget.ALL.stream().map(t -> Arguments.of(k, t)));
    }

    /// The target is the density of parameter and rows together.
    @ParameterizedTest
    @MethodSource("rows")
    @Checks(SamplerCheck.STATIONARITY)
    void exactDrawsStayExactWithTheirRows(HMCECS kernel, RowTarget target) {
        check(kernel, target, target.table());
    }

    private static void check(Sampler kernel, LogDensity density, MixedTarget target) {
        var random = new ChainRandom(20261127);
        List<double[]> after = new ArrayList<>();
        double[] uniforms = new double[DRAWS];
        int changed = 0;
        for (int i = 0; i < DRAWS; i++) {
            double[] start = target.draw(random);
            double[] q = new double[start.length];
            kernel.start(density, start, i, 0).next(q);
            after.add(q);
            uniforms[i] = target.uniform(q);
            boolean sameCell = q.length > 1 && Arrays.equals(start, 1, q.length, q, 1, q.length);
            changed += sameCell || q[0] == start[0] ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(DRAWS / 20);
        assertThat(target.cellsByChance(after)).isGreaterThan(FALSE_ALARM);
        assertThat(InvarianceTest.distance(uniforms)).isLessThan(Math.sqrt(-0.5 * StrictMath.log(FALSE_ALARM / 2) / DRAWS));
    }

    /// `q ~ N(mean, sd²)` times a likelihood.
    private static MixedTarget prior(String name, double mean, double sd, java.util.function.DoubleUnaryOperator logLikelihood) {
        // Elliptical slice sampling looks at no derivative.
        return new MixedTarget(name, 24, new double[0][], (q, z, g) -> -0.5 * (q - mean) * (q - mean) / (sd * sd) + logLikelihood.applyAsDouble(q));
    }

    static Stream<Arguments> priors() {
        return Stream.of(
                Arguments.of(prior("logistic", 0.5, 2, q -> -Elementary.softplus(-q)), 0.5, 2.0),
                Arguments.of(prior("Poisson", 0, 1, q -> 3 * q - Elementary.exp(q)), 0.0, 1.0),
                Arguments.of(prior("Student", -1, 2, q -> -2.5 * Elementary.log1p((q - 3) * (q - 3) / 4)), -1.0, 2.0),
                Arguments.of(prior("two modes", 0, 3, q -> Elementary.logAddExp(-2 * (q - 2) * (q - 2), -2 * (q + 2) * (q + 2))), 0.0, 3.0),
                Arguments.of(prior("step", 0, 1, q -> q > 0.7 ? 0 : -1.5), 0.0, 1.0));
    }

    @ParameterizedTest
    @MethodSource("priors")
    @Checks(value = SamplerCheck.STATIONARITY, kernels = "EllipticalSlice")
    void ellipticalSlicesLeaveExactDrawsExact(MixedTarget target, double mean, double sd) {
        check(new EllipticalSlice(GaussianPrior.independent(new double[] {mean}, new double[] {sd})), target, target);
    }

    /// The sixth: two correlated coordinates of variance 1 and correlation 0.6, and one observation 1 of their sum, with standard deviation 0.5:
    /// `x + y | 1 ~ N(3.2/3.45, 0.8/3.45)`, `x − y ~ N(0, 0.8)` independent of it.
    @ParameterizedTest
    @CsvSource("0.6")
    @Checks(value = SamplerCheck.STATIONARITY, kernels = "EllipticalSlice")
    void ellipticalSlicesLeaveCorrelatedDrawsExact(double rho) {
        double sd = Math.sqrt(1 - rho * rho);
        LogDensity density = Targets.of(2, (q, g) -> {
            double w = (q[1] - rho * q[0]) / sd;
            double e = 2 * (1 - q[0] - q[1]);
            return -0.5 * (q[0] * q[0] + w * w + e * e);
        });
        var kernel = new EllipticalSlice(new GaussianPrior(new double[2], new double[][] {{1}, {rho, sd}}));
        var random = new ChainRandom(5);
        double prior = 2 + 2 * rho;
        double mean = prior / (prior + 0.25);
        double sumSd = Math.sqrt(prior * 0.25 / (prior + 0.25));
        double differenceSd = Math.sqrt(2 - 2 * rho);
        double[] sums = new double[DRAWS];
        double[] differences = new double[DRAWS];
        double[] q = new double[2];
        for (int i = 0; i < DRAWS; i++) {
            double sum = mean + sumSd * random.normal();
            double difference = differenceSd * random.normal();
            q[0] = (sum + difference) / 2;
            q[1] = (sum - difference) / 2;
            kernel.start(density, q, i, 0).next(q);
            sums[i] = Erf.ndtr((q[0] + q[1] - mean) / sumSd);
            differences[i] = Erf.ndtr((q[0] - q[1]) / differenceSd);
        }
        for (double[] u : List.of(sums, differences)) {
            assertThat(InvarianceTest.distance(u)).isLessThan(Math.sqrt(-0.5 * StrictMath.log(FALSE_ALARM / 2) / DRAWS));
        }
    }

    // ---- acceptance

    static Stream<Arguments> acceptances() {
        // Two rows of three are the same rows again with probability 1/9, and are then taken.
        return Stream.of(Arguments.of(new HMCECS(new NUTS().stepSize(0.7)), RowTarget.ALL.getFirst(), 1 / 9.0),
                Arguments.of(new DiscreteHMCGibbs(new NUTS().stepSize(0.9), false, true), MixedTarget.ALL.get(1), 0.0),
                Arguments.of(new DiscreteHMCGibbs(new NUTS().stepSize(0.9), true, true), MixedTarget.ALL.get(1), 0.0));
    }

    /// A move changes the values as often as its acceptance probability says: the sum of the differences is a martingale whose steps are below 1.
    /// Five of its standard errors, 6e-7 each.
    @ParameterizedTest
    @MethodSource("acceptances")
    void acceptanceProbabilitiesAreThoseOfTheMoves(GibbsSampler kernel, LogDensity density, double sameAgain) {
        double[] q = new double[density.dimension()];
        Chain chain = kernel.start(density, q, 3, 0);
        double sum = 0;
        double probabilities = 0;
        for (int i = 0; i < DRAWS; i++) {
            double[] before = q.clone();
            chain.next(q);
            probabilities += Statistic.of("gibbs_accept_prob").of(chain);
            sum += (Arrays.equals(before, 1, q.length, q, 1, q.length) ? 0 : 1) + sameAgain - chain.gibbsAcceptProb();
        }
        assertThat(sum).isBetween(-5 * Math.sqrt(DRAWS), 5 * Math.sqrt(DRAWS));
        assertThat(probabilities / DRAWS).isBetween(0.05, 0.95);
    }

    // ---- resuming and bits

    /// Every kernel of the family with a density that suits it.
    private static Map.Entry<Sampler, LogDensity> named(String name) {
        MixedTarget shifted = MixedTarget.ALL.getFirst();
        RowTarget rows = RowTarget.ALL.get(3);
        return switch (name) {
            case "DiscreteHMCGibbs" -> Map.entry(new DiscreteHMCGibbs(new NUTS()), shifted);
            case "HMCGibbs" -> Map.entry(gibbs(new NUTS(), shifted), new Named(shifted));
            case "MixedHMC" -> Map.entry(new MixedHMC(new HMC().trajectoryLength(2)).modified(true), shifted);
            case "MixedHMC walk" -> Map.entry(new MixedHMC(new HMC().numSteps(4)).randomWalk(true).numDiscreteUpdates(5), shifted);
            default -> Map.entry(new HMCECS(new NUTS()).numBlocks(3), rows);
        };
    }

    /// The bits of whole runs for each of two keys, see [GoldenRunTest].
    @ParameterizedTest
    @CsvSource({
        "DiscreteHMCGibbs, 8cb307ff, efb3eece", "HMCGibbs, c0b39da, 8ad872ea", "MixedHMC, 9a63ae64, b6e7f519", "MixedHMC walk, 761862ef, 8bc1983f", "HMCECS, b6b90924, 2ad77779"
    })
    @Checks(SamplerCheck.GOLDEN)
    void bits(String name, String want, String other) {
        var pair = named(name);
        double[] start = new double[pair.getValue().dimension()];
        start[1] = 1;
        assertThat(GoldenRunTest.hash(pair.getKey(), pair.getValue(), start, 2026, 150)).isEqualTo(want);
        assertThat(GoldenRunTest.hash(pair.getKey(), pair.getValue(), start, 5, 150)).isEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource({"DiscreteHMCGibbs", "HMCGibbs", "MixedHMC", "MixedHMC walk", "HMCECS"})
    void aResumedChainContinuesBitForBit(String name) {
        var pair = named(name);
        double[] first = new double[pair.getValue().dimension()];
        first[1] = 1;
        for (int stop : new int[] {0, 60, 149, 180}) {
            Chain whole = pair.getKey().start(pair.getValue(), first, 9, 150);
            double[] q = new double[first.length];
            for (int i = 0; i < stop; i++) {
                whole.next(q);
            }
            ChainState state = whole.state();
            Chain resumed = pair.getKey().resume(pair.getValue(), state);
            double[] r = new double[first.length];
            for (int i = stop; i < 220; i++) {
                whole.next(q);
                resumed.next(r);
                assertThat(r).isEqualTo(q);
            }
        }
    }
}
