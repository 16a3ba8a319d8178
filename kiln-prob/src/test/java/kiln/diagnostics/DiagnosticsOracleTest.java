package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/// Every record of `diagnostics.json`: 25 sets of chains by NumPyro's own definitions and R's posterior 1.4.0; Pareto fits, smoothed weights, LOO and WAIC
/// by R's loo 2.5.1.
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

    /// One comparison.
    private record Comparison(String name, Executable body) {}

    @TestFactory
    Stream<DynamicTest> everyRecordAgrees() throws IOException {
        return comparisons(DiagnosticsOracle.open()).stream().map(c -> DynamicTest.dynamicTest(c.name, c.body));
    }

    /// All comparisons together read every value of the file: a record or a field that is added to it and compared with nothing fails.
    @Test
    void everyRecordAndEveryFieldIsUsed() throws Throwable {
        DiagnosticsOracle all = DiagnosticsOracle.open();
        List<Comparison> comparisons = comparisons(all);
        for (Comparison c : comparisons) {
            c.body.execute();
        }
        assertThat(all.read()).containsExactlyInAnyOrderElementsOf(all.values());
        Map<String, Integer> records = new LinkedHashMap<>();
        for (String section : List.of("chains", "psis", "gpdfit")) {
            records.put(section, all.get(section).records().size());
        }
        assertThat(records).isEqualTo(Map.of("chains", 25, "psis", 5, "gpdfit", 5));
        System.out.println("diagnostics.json: records " + records + " and loo, " + all.values().size() + " fields, " + comparisons.size() + " comparisons");
    }

    private static List<Comparison> comparisons(DiagnosticsOracle all) {
        List<Comparison> out = new ArrayList<>();
        out.add(new Comparison("about", () -> {
            assertThat(all.get("schema").text()).isEqualTo("see README.md, section diagnostics");
            DiagnosticsOracle versions = all.get("r_versions");
            assertThat(versions.fields()).containsExactly("posterior", "loo", "R");
            assertThat(versions.fields().stream().map(f -> versions.get(f).text())).containsExactly("1.4.0", "2.5.1", "4.2.2");
        }));
        all.get("chains").records().forEach(r -> out.addAll(chains(r)));
        all.get("psis").records().forEach(r -> out.add(new Comparison(r.path(), () -> smoothedWeights(r))));
        all.get("gpdfit").records().forEach(r -> out.add(new Comparison(r.path(), () -> paretoFits(r))));
        DiagnosticsOracle loo = all.get("loo");
        for (String mode : List.of("r_eff_one", "r_eff_estimated")) {
            out.add(new Comparison("loo " + mode, () -> leaveOneOut(loo, mode)));
        }
        out.add(new Comparison("loo waic", () -> waic(loo)));
        return out;
    }

    // ---- chains

    private static List<Comparison> chains(DiagnosticsOracle record) {
        String name = record.get("name").text();
        double[][] x = record.get("x").table();
        List<Comparison> out = new ArrayList<>();
        out.add(new Comparison(name + " shape", () -> {
            assertThat(x).hasDimensions((int) record.get("chains").number(), (int) record.get("draws").number());
            assertThat(record.get("how").text()).startsWith("numpyro: own numpy code after NumPyro 0.21 definitions; posterior_R: R package posterior");
        }));
        out.addAll(rows(name, record, "numpyro", NUMPYRO, x));
        out.addAll(rows(name, record, "posterior_R", POSTERIOR, x));
        return out;
    }

    private static List<Comparison> rows(
            String name, DiagnosticsOracle record, String source, Map<String, Function<double[][], double[]>> table, double[][] x) {
        List<Comparison> out = new ArrayList<>();
        double rtol = record.get("rtol").number() + conditioning(x);
        DiagnosticsOracle fields = record.get(source);
        for (String key : fields.fields()) {
            Function<double[][], double[]> estimator = Objects.requireNonNull(table.get(key), "no estimator for " + source + "." + key);
            DiagnosticsOracle want = fields.get(key);
            String what = name + " " + source + "." + key;
            if (key.equals("autocovariance_chain0") && Moments.variance(x[0]) == 0) {
                // The oracle writes γ = ρ γ(0), which is 0/0 here; the autocovariance of a constant is 0.
                out.add(new Comparison(what + " of a constant", () -> {
                    assertThat(want.numbers()).containsOnly(Double.NaN);
                    assertThat(estimator.apply(x)).containsOnly(0);
                }));
            } else {
                out.add(new Comparison(what, () -> assertClose(what, estimator.apply(x), want.numbers(), rtol)));
            }
        }
        return out;
    }

    /// Draws whose mean is large against their spread lose digits when they are centred, in the oracle's own arithmetic too:
    /// `4 · 2⁻⁵² |mean| / sd`, which matters for the one record with an offset of 1e8 (its NumPyro ESS and R's differ by 1e-8).
    private static double conditioning(double[][] x) {
        double[] all = Chains.pooled(x);
        double sd = Moments.std(all);
        return sd > 0 ? 4 * 0x1p-52 * Math.abs(Moments.mean(all)) / sd : 0;
    }

    private static void assertClose(String what, double[] got, double[] want, double rtol) {
        // Lists of autocorrelations begin with 1, and what follows is small beside it.
        double scale = want.length > 1 && Math.abs(want[0]) == 1 ? 1 : 0;
        for (int i = 0; i < want.length; i++) {
            if (Double.isNaN(want[i])) {
                assertThat(got[i]).as("%s[%d] got %s", what, i, got[i]).isNaN();
            } else if (Double.isInfinite(want[i])) {
                assertThat(got[i]).as("%s[%d] got %s", what, i, got[i]).isEqualTo(want[i]);
            } else {
                assertThat(Math.abs(got[i] - want[i])).as("%s[%d] got %s, want %s", what, i, got[i], want[i])
                        .isLessThanOrEqualTo(rtol * Math.max(scale, Math.abs(want[i])));
            }
        }
    }

    // ---- Pareto smoothing, LOO, WAIC

    private static void close(String what, double[] got, double[] want, double rtol) {
        assertThat(got).as(what).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            if (Double.isInfinite(want[i]) || Double.isNaN(want[i])) {
                assertThat(got[i]).as("%s[%d]", what, i).isEqualTo(want[i]);
            } else {
                assertThat(got[i]).as("%s[%d]", what, i).isCloseTo(want[i], within(rtol * Math.max(Math.abs(want[i]), 1)));
            }
        }
    }

    private static void paretoFits(DiagnosticsOracle r) {
        assertThat(r.get("how").text()).startsWith("R loo::gpdfit");
        double[] x = r.get("x").numbers();
        double rtol = r.get("rtol").number();
        GeneralizedPareto free = GeneralizedPareto.fitWithoutPrior(x);
        GeneralizedPareto with = GeneralizedPareto.fit(x);
        close("no prior", new double[] {free.k(), free.sigma()}, r.get("no_prior_k_sigma").numbers(), rtol);
        close("prior", new double[] {with.k(), with.sigma()}, r.get("prior_k_sigma").numbers(), rtol);
    }

    private static void smoothedWeights(DiagnosticsOracle r) {
        assertThat(r.get("how").text()).startsWith("R loo::psis");
        PSIS p = PSIS.of(r.get("log_ratios").numbers(), r.get("r_eff").number());
        double rtol = r.get("rtol").number();
        close("k", new double[] {p.k()}, r.get("pareto_k").numbers(), rtol);
        close("n_eff", new double[] {p.ess()}, r.get("n_eff").numbers(), rtol);
        assertThat(p.tailLength()).isEqualTo((int) r.get("tail_len").number());
        close("log weights", p.logWeights(), r.get("log_weights").numbers(), rtol);
    }

    /// The log likelihood of LOO and WAIC, `[chain][draw][observation]`.
    static double[][][] logLikelihood(DiagnosticsOracle loo) {
        assertThat(loo.get("layout").text()).isEqualTo("rows = draws (4 chains of 100, stacked), columns = observations");
        double[][] stacked = loo.get("log_lik").table();
        return IntStream.range(0, 4).mapToObj(c -> Arrays.copyOfRange(stacked, 100 * c, 100 * (c + 1))).toArray(double[][][]::new);
    }

    private static double[] pair(Estimate e) {
        return new double[] {e.value(), e.se()};
    }

    private static void leaveOneOut(DiagnosticsOracle record, String mode) {
        assertThat(record.get("how").text()).isEqualTo("R package loo");
        double rtol = record.get("rtol").number();
        DiagnosticsOracle r = record.get(mode);
        double[][][] logLikelihood = logLikelihood(record);
        LOO loo = mode.equals("r_eff_one") ? LOO.of(logLikelihood, 1) : LOO.of(logLikelihood);
        double[] rEff = r.get("r_eff").numbers();
        close("k", loo.k(), r.get("pareto_k").numbers(), rtol);
        close("ess", IntStream.range(0, 20).mapToDouble(i -> loo.weights(i).ess()).toArray(), r.get("psis_n_eff").numbers(), rtol);
        close("tail", IntStream.range(0, 20).mapToDouble(i -> loo.weights(i).tailLength()).toArray(), r.get("tail_len").numbers(), 0);
        close("elpd_i", loo.elpdPointwise(), r.get("elpd_loo_pointwise").numbers(), rtol);
        close("p_i", loo.pPointwise(), r.get("p_loo_pointwise").numbers(), rtol);
        close("mcse_i", IntStream.range(0, 20).mapToDouble(i -> bySampling(loo.mcsePointwise()[i], rEff[i])).toArray(),
                r.get("mcse_elpd_loo").numbers(), rtol);
        close("elpd", pair(loo.elpd()), r.get("elpd_loo").numbers(), rtol);
        close("p", pair(loo.p()), r.get("p_loo").numbers(), rtol);
        close("looic", pair(loo.looic()), r.get("looic").numbers(), rtol);
        close("weights 0", loo.weights(0).logWeights(), r.get("log_weights_obs_0").numbers(), rtol);
        close("weights 19", loo.weights(19).logWeights(), r.get("log_weights_obs_19").numbers(), rtol);
        // R's own estimates of the relative efficiency, given to both.
        close("given efficiencies", LOO.of(logLikelihood, rEff).elpdPointwise(), r.get("elpd_loo_pointwise").numbers(), rtol);
    }

    /// loo 2.5.1 takes `exp(elpd)` to be normal and computes the standard deviation of its logarithm at 1000 normal scores; Kiln, and loo since,
    /// take it to be lognormal. This is the former from the latter, through the variance both start from.
    private static double bySampling(double mcse, double rEff) {
        double relativeVariance = rEff * Math.expm1(mcse * mcse);
        double[] logs = IntStream.rangeClosed(1, 1000)
                .mapToDouble(k -> 1 + Math.sqrt(relativeVariance) * kiln.math.Erf.ndtri((k - 0.375) / 1000.25))
                .filter(v -> v > 0).map(Math::log).toArray();
        return Math.sqrt(Moments.variance(logs) / rEff);
    }

    private static void waic(DiagnosticsOracle record) {
        DiagnosticsOracle r = record.get("waic");
        WAIC waic = WAIC.of(logLikelihood(record));
        double rtol = record.get("rtol").number();
        close("elpd_i", waic.elpdPointwise(), r.get("elpd_waic_pointwise").numbers(), rtol);
        close("elpd", pair(waic.elpd()), r.get("elpd_waic").numbers(), rtol);
        close("p", pair(waic.p()), r.get("p_waic").numbers(), rtol);
        close("waic", pair(waic.waic()), r.get("waic").numbers(), rtol);
    }
}
