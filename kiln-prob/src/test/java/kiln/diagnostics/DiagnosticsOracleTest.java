package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every estimator against 25 sets of chains: NumPyro's own definitions, and R's posterior 1.4.0.
class DiagnosticsOracleTest {
    private static final Map<String, Function<double[][], double[]>> NUMPYRO = new LinkedHashMap<>();
    private static final Map<String, Function<double[][], double[]>> POSTERIOR = new LinkedHashMap<>();

    static {
        scalar(NUMPYRO, "gelman_rubin", Rhat::gelmanRubin);
        scalar(NUMPYRO, "split_gelman_rubin", Rhat::splitGelmanRubin);
        scalar(NUMPYRO, "effective_sample_size", x -> EffectiveSampleSize.effectiveSampleSize(x, true));
        scalar(NUMPYRO, "effective_sample_size_unbiased", x -> EffectiveSampleSize.effectiveSampleSize(x, false));
        scalar(NUMPYRO, "mean", x -> Moments.mean(Chains.pooled(x)));
        scalar(NUMPYRO, "std_ddof1", x -> Moments.std(Chains.pooled(x)));
        scalar(NUMPYRO, "median", x -> Quantile.median(Chains.pooled(x)));
        NUMPYRO.put("hpdi_0.9", x -> limits(Hpdi.hpdi(Chains.pooled(x), 0.9)));
        NUMPYRO.put("hpdi_0.5", x -> limits(Hpdi.hpdi(Chains.pooled(x), 0.5)));
        NUMPYRO.put("autocorrelation_chain0", x -> Autocorrelation.autocorrelation(x[0], true));
        NUMPYRO.put("autocorrelation_chain0_unbiased", x -> Autocorrelation.autocorrelation(x[0], false));
        NUMPYRO.put("autocovariance_chain0", x -> Autocorrelation.autocovariance(x[0], true));

        scalar(POSTERIOR, "rhat", Rhat::rhat);
        scalar(POSTERIOR, "rhat_basic_split", x -> Chains.isDegenerate(x) ? Double.NaN : Rhat.splitGelmanRubin(x));
        scalar(POSTERIOR, "rhat_basic_nosplit", x -> Chains.isDegenerate(x) ? Double.NaN : Rhat.gelmanRubin(x));
        scalar(POSTERIOR, "ess_bulk", EffectiveSampleSize::essBulk);
        scalar(POSTERIOR, "ess_tail", EffectiveSampleSize::essTail);
        scalar(POSTERIOR, "ess_mean", EffectiveSampleSize::essMean);
        scalar(POSTERIOR, "ess_sd", EffectiveSampleSize::essSd);
        scalar(POSTERIOR, "ess_median", EffectiveSampleSize::essMedian);
        scalar(POSTERIOR, "ess_basic_split", x -> EffectiveSampleSize.ess(Chains.split(x)));
        scalar(POSTERIOR, "ess_basic_nosplit", EffectiveSampleSize::ess);
        scalar(POSTERIOR, "ess_quantile_05", x -> EffectiveSampleSize.essQuantile(x, 0.05));
        scalar(POSTERIOR, "ess_quantile_95", x -> EffectiveSampleSize.essQuantile(x, 0.95));
        scalar(POSTERIOR, "mcse_mean", MonteCarloError::mcseMean);
        scalar(POSTERIOR, "mcse_sd", MonteCarloError::mcseSd);
        scalar(POSTERIOR, "mcse_median", x -> MonteCarloError.mcseQuantile(x, 0.5));
        scalar(POSTERIOR, "mcse_quantile_05", x -> MonteCarloError.mcseQuantile(x, 0.05));
        scalar(POSTERIOR, "mcse_quantile_95", x -> MonteCarloError.mcseQuantile(x, 0.95));
        scalar(POSTERIOR, "mean", x -> Moments.mean(Chains.pooled(x)));
        scalar(POSTERIOR, "sd", x -> Moments.std(Chains.pooled(x)));
        POSTERIOR.put("quantiles_type7", x -> Stream.of(0.05, 0.25, 0.5, 0.75, 0.95)
                .mapToDouble(p -> Quantile.quantile(Chains.pooled(x), p)).toArray());
        scalar(POSTERIOR, "mad", x -> 1.4826 * Quantile.median(Chains.pooled(RankNormal.folded(x))));
    }

    private static void scalar(Map<String, Function<double[][], double[]>> table, String key, ToDoubleFunction<double[][]> f) {
        table.put(key, x -> new double[] {f.applyAsDouble(x)});
    }

    private static double[] limits(Hpdi h) {
        return new double[] {h.lower(), h.upper()};
    }

    @TestFactory
    List<DynamicTest> everyRecordAgrees() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode record : DiagnosticsOracle.section("chains")) {
            double[][] x = DiagnosticsOracle.table(record.get("x"));
            tests.addAll(rows(record, "numpyro", NUMPYRO, x));
            tests.addAll(rows(record, "posterior_R", POSTERIOR, x));
        }
        return tests;
    }

    @Test
    void everyFieldOfTheOracleIsChecked() throws IOException {
        for (JsonNode record : DiagnosticsOracle.section("chains")) {
            assertThat(record.get("numpyro").fieldNames()).toIterable().isSubsetOf(NUMPYRO.keySet());
            assertThat(record.get("posterior_R").fieldNames()).toIterable().isSubsetOf(POSTERIOR.keySet());
        }
    }

    private static List<DynamicTest> rows(
            JsonNode record, String source, Map<String, Function<double[][], double[]>> table, double[][] x) {
        List<DynamicTest> tests = new ArrayList<>();
        double rtol = record.get("rtol").asDouble() + conditioning(x);
        table.forEach((key, estimator) -> {
            JsonNode want = record.get(source).get(key);
            if (want != null && key.equals("autocovariance_chain0") && Moments.variance(x[0]) == 0) {
                // The oracle writes γ = ρ γ(0), which is 0/0 here; the autocovariance of a constant is 0.
                tests.add(DynamicTest.dynamicTest(record.get("name").asText() + " constant " + key,
                        () -> assertThat(estimator.apply(x)).containsOnly(0)));
            } else if (want != null) {
                tests.add(DynamicTest.dynamicTest(record.get("name").asText() + " " + source + "." + key,
                        () -> assertClose(record.get("name").asText() + " " + key, estimator.apply(x), want, rtol)));
            }
        });
        return tests;
    }

    /// Draws whose mean is large against their spread lose digits when they are centred, in the oracle's own arithmetic too:
    /// `4 · 2⁻⁵² |mean| / sd`, which matters for the one record with an offset of 1e8 (its NumPyro ESS and R's differ by 1e-8).
    private static double conditioning(double[][] x) {
        double[] all = Chains.pooled(x);
        double sd = Moments.std(all);
        return sd > 0 ? 4 * 0x1p-52 * Math.abs(Moments.mean(all)) / sd : 0;
    }

    private static void assertClose(String what, double[] got, JsonNode want, double rtol) {
        int n = want.isArray() ? want.size() : 1;
        for (int i = 0; i < n; i++) {
            double w = DiagnosticsOracle.number(want.isArray() ? want.get(i) : want);
            if (Double.isNaN(w)) {
                assertThat(got[i]).as("%s[%d] got %s", what, i, got[i]).isNaN();
            } else if (Double.isInfinite(w)) {
                assertThat(got[i]).as("%s[%d] got %s", what, i, got[i]).isEqualTo(w);
            } else {
                double scale = want.isArray() && Math.abs(DiagnosticsOracle.number(want.get(0))) == 1 ? 1 : Math.abs(w);
                assertThat(Math.abs(got[i] - w)).as("%s[%d] got %s, want %s", what, i, got[i], w).isLessThanOrEqualTo(rtol * scale);
            }
        }
    }
}
