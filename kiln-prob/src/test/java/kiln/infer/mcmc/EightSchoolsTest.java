package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.EnergyFraction;
import kiln.diagnostics.MonteCarloError;
import kiln.diagnostics.Rhat;
import org.junit.jupiter.api.Test;

/// Eight schools, non-centred, as a hand-written density: NUTS against posteriordb's reference draws.
class EightSchoolsTest {
    private static final int REFERENCE_DRAWS = 10_000;

    @Test
    void densityAgreesWithPosteriordb() throws IOException {
        EightSchools density = new EightSchools();
        double[] first = new double[2];
        JsonNode points = read("eight_schools_noncentered_test_points.json").get("points");
        for (int i = 0; i < points.size(); i++) {
            JsonNode p = points.get(i).get("params");
            double[] q = new double[10];
            for (int j = 0; j < 8; j++) {
                q[j] = p.get("theta_trans").get(j).asDouble();
            }
            q[8] = p.get("mu").asDouble();
            q[9] = StrictMath.log(p.get("tau").asDouble());
            // Up to a constant, and with the log-Jacobian of tau = exp(u).
            double[] both = {density.valueAndGradient(q, new double[10]) - q[9], points.get(i).get("log_joint").asDouble()};
            if (i == 0) {
                first = both;
            }
            assertThat(both[0] - first[0]).isCloseTo(both[1] - first[1], within(1e-10));
        }
    }

    @Test
    void gradientIsTheDerivative() {
        EightSchools density = new EightSchools();
        double[] q = {0.5, 0.1, -0.1, 0.2, -0.3, -0.1, 0.6, 0.2, 4.4, 1.2};
        double[] gradient = new double[10];
        density.valueAndGradient(q, gradient);
        for (int i = 0; i < 10; i++) {
            double[] up = q.clone();
            double[] down = q.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double difference = (density.valueAndGradient(up, new double[10]) - density.valueAndGradient(down, new double[10])) / 2e-5;
            assertThat(gradient[i]).isCloseTo(difference, within(1e-7));
        }
    }

    /// Means and standard deviations within 4 combined Monte Carlo errors; the reference draws are nearly independent.
    @Test
    void posteriorAgreesWithTheReference() throws IOException {
        EightSchools density = new EightSchools();
        ChainDraws draws = new ParallelChains().numSamples(3000).threads(2).keep(EnumSet.of(Statistic.ENERGY, Statistic.ACCEPT_PROB))
                .run(new NUTS().targetAcceptProb(0.9), density, Targets.starts(density, 4), Targets.seeds(4, 2026), 1000);
        JsonNode reference = read("eight_schools_noncentered_reference.json").get("params");
        for (int j = 0; j < 8; j++) {
            int school = j;
            compare(draws, "theta[" + (j + 1) + "]", q -> q[8] + StrictMath.exp(q[9]) * q[school], reference);
        }
        compare(draws, "mu", q -> q[8], reference);
        compare(draws, "tau", q -> StrictMath.exp(q[9]), reference);
        for (double[] energy : draws.statistic(Statistic.ENERGY)) {
            assertThat(EnergyFraction.ebfmi(energy)).isGreaterThan(0.3);
        }
    }

    private static void compare(ChainDraws draws, String name, ToDoubleFunction<double[]> quantity, JsonNode reference) {
        double[][] x = new double[draws.chains()][draws.draws()];
        double sum = 0;
        for (int c = 0; c < x.length; c++) {
            for (int i = 0; i < x[c].length; i++) {
                x[c][i] = quantity.applyAsDouble(draws.position(c, i));
                sum += x[c][i];
            }
        }
        int n = x.length * x[0].length;
        double mean = sum / n;
        double squares = 0;
        for (double[] chain : x) {
            for (double v : chain) {
                squares += (v - mean) * (v - mean);
            }
        }
        JsonNode want = reference.get(name);
        double error = MonteCarloError.mcseMean(x);
        double referenceError = want.get("mcse_mean").asDouble();
        assertThat(mean).as(name).isCloseTo(want.get("mean").asDouble(), within(4 * hypot(error, referenceError)));
        double sdError = MonteCarloError.mcseSd(x);
        double referenceSdError = sdError * Math.sqrt(EffectiveSampleSize.essSd(x) / REFERENCE_DRAWS);
        assertThat(Math.sqrt(squares / (n - 1))).as("sd of " + name)
                .isCloseTo(want.get("sd").asDouble(), within(4 * hypot(sdError, referenceSdError)));
        assertThat(Rhat.rhat(x)).as("R̂ of " + name).isLessThan(1.01);
    }

    private static double hypot(double a, double b) {
        return Math.sqrt(a * a + b * b);
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EightSchoolsTest.class.getResourceAsStream(name))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
