package kiln.infer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.MonteCarloError;
import kiln.diagnostics.Rhat;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// NUTS on models of posteriordb against its reference draws: every mean and standard deviation within four combined Monte Carlo
/// standard errors, R̂ below 1.01.
///
/// A correct sampler exceeds four standard errors with probability 6e-5 per comparison; with about 80 comparisons under fixed keys
/// the suite raises a false alarm with probability 0.5% once, when a key or the order of computation changes.
class PosteriorReferenceTest {
    private static final Pattern SCALAR = Pattern.compile("([A-Za-z_0-9]+)(?:\\[([0-9,]+)])?");
    private static final int REFERENCE_DRAWS = 10_000;

    static Stream<PosteriorDbModels.Case> quick() {
        return cases(List.of("eight_schools-eight_schools_noncentered", "kidiq-kidscore_momhsiq"));
    }

    static Stream<PosteriorDbModels.Case> others() {
        return cases(List.of(
                "sblrc-blr",
                "mesquite-logmesquite_logvash",
                "arK-arK",
                "garch-garch11",
                "gp_pois_regr-gp_regr",
                "low_dim_gauss_mix-low_dim_gauss_mix"));
    }

    private static Stream<PosteriorDbModels.Case> cases(List<String> names) {
        return PosteriorDbModels.cases().filter(c -> names.contains(c.name()));
    }

    @ParameterizedTest
    @MethodSource
    void quick(PosteriorDbModels.Case c) {
        check(c);
    }

    @ParameterizedTest
    @MethodSource
    @Tag("slow")
    void others(PosteriorDbModels.Case c) {
        check(c);
    }

    private static void check(PosteriorDbModels.Case c) {
        Posterior posterior =
                new MCMC(new NUTS(c.model()).targetAcceptProb(0.9)).progress(ProgressListener.NONE).run(PRNGKey.key(2026));
        for (Map.Entry<String, JsonNode> entry : new PosteriorDb(c.name()).reference().properties()) {
            String scalar = entry.getKey();
            double[][] draws = draws(posterior, scalar);
            double[] all = Arrays.stream(draws).flatMapToDouble(Arrays::stream).toArray();
            double mean = Arrays.stream(all).average().orElseThrow();
            double sd = Math.sqrt(Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum() / (all.length - 1));
            assertThat(Rhat.rhat(draws)).as("R̂ of %s", scalar).isLessThan(1.01);
            double ess = EffectiveSampleSize.essMean(draws);
            within(scalar + " mean", mean, entry.getValue().get("mean").asDouble(),
                    Math.hypot(MonteCarloError.mcseMean(draws), entry.getValue().get("mcse_mean").asDouble()));
            // The reference's own error of the standard deviation is ours, scaled to its number of independent draws.
            double mcseSd = MonteCarloError.mcseSd(draws);
            within(scalar + " sd", sd, entry.getValue().get("sd").asDouble(),
                    mcseSd * Math.sqrt(1 + ess / REFERENCE_DRAWS));
        }
    }

    private static void within(String what, double got, double want, double error) {
        assertThat(Math.abs(got - want) / error).as("%s: %s, reference %s, in combined standard errors", what, got, want)
                .isLessThan(4);
    }

    private static double[][] draws(Posterior posterior, String scalar) {
        Matcher m = SCALAR.matcher(scalar);
        assertThat(m.matches()).as(scalar).isTrue();
        NDArray x = posterior.samplesByChain(m.group(1));
        int element = 0;
        if (m.group(2) != null) {
            Shape rest = x.shape().slice(2, x.rank());
            String[] index = m.group(2).split(",", -1);
            for (int a = 0; a < index.length; a++) {
                element = element * rest.dim(a) + Integer.parseInt(index[a]) - 1;
            }
        }
        double[][] out = new double[x.size(0)][x.size(1)];
        double[] flat = x.toDoubleArray();
        int size = flat.length / (x.size(0) * x.size(1));
        for (int c = 0; c < out.length; c++) {
            for (int i = 0; i < out[c].length; i++) {
                out[c][i] = flat[(c * out[c].length + i) * size + element];
            }
        }
        return out;
    }
}
