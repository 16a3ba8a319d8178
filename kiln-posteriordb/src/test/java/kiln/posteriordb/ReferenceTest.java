package kiln.posteriordb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
import kiln.diagnostics.Quantile;
import kiln.diagnostics.Rhat;
import kiln.infer.Posterior;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.posteriordb.Problem.Reference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// NUTS, 4 × (1000 + 1000), against posteriordb's reference draws: every mean and standard deviation within four combined Monte Carlo
/// standard errors, R̂ below 1.01.
///
/// Chains that sample the same distribution exceed 1.01 by chance, the more often the fewer their effective draws are ([Rhat#falseAlarm(double, double\[\]\[\])]: 0.8% for a
/// scalar with 1000 of them, 9% with 650): a failure says how often for this scalar. For all scalars of a posterior docs/performance.md has the probability.
///
/// A correct sampler exceeds four standard errors with probability 6e-5 per comparison. One posterior differs: `one_comp_mm_elim_abs` has no
/// variance, where K_m and V_m grow together the likelihood tends to a constant, and the tail of either is that of x⁻³ by the two Cauchy priors. Their
/// quantiles are compared.
class ReferenceTest {
    private static final Pattern SCALAR = Pattern.compile("([A-Za-z_0-9]+)(?:\\[([0-9,]+)])?");
    private static final List<String> QUICK = List.of("eight_schools-eight_schools_noncentered", "kidiq-kidscore_momhsiq");
    private static final List<String> NO_VARIANCE = List.of("K_m", "V_m");

    /// Those that take minutes: a regression on 5000 rows that needs deep trees (Stan took 6 million gradients).
    private static final List<String> LONG = List.of("diamonds-diamonds");

    static Stream<Problem> quick() {
        return QUICK.stream().map(Posteriordb::named);
    }

    static Stream<Problem> others() {
        return Posteriordb.all().stream()
                .filter(Problem::hasReference)
                .filter(p -> !QUICK.contains(p.name()) && !LONG.contains(p.name()));
    }

    static Stream<Problem> lengthy() {
        return LONG.stream().map(Posteriordb::named);
    }

    @ParameterizedTest
    @MethodSource
    void quick(Problem problem) {
        check(problem);
    }

    @ParameterizedTest
    @MethodSource
    @Tag("slow")
    void others(Problem problem) {
        check(problem);
    }

    @ParameterizedTest
    @MethodSource
    @Tag("very-slow")
    void lengthy(Problem problem) {
        check(problem);
    }

    private static void check(Problem problem) {
        Posterior posterior = run(problem);
        var wrong = new ArrayList<String>();
        problem.reference().forEach((scalar, reference) -> {
            double[][] draws = draws(posterior, scalar);
            double rhat = Rhat.rhat(draws);
            if (!(rhat < 1.01)) {
                wrong.add("R̂ of %s is %.4f, above 1.01 by chance in %.2g of all runs".formatted(scalar, rhat, Rhat.falseAlarm(1.01, draws)));
            }
            if (NO_VARIANCE.contains(scalar)) {
                quantiles(wrong, scalar, draws, reference);
            } else {
                moments(wrong, scalar, draws, reference);
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static Posterior run(Problem problem) {
        return new MCMC(new NUTS(problem.model()).targetAcceptProb(0.9)).progress(ProgressListener.NONE).run(PRNGKey.key(2026));
    }

    private static void moments(List<String> wrong, String scalar, double[][] draws, Reference reference) {
        double[] all = Arrays.stream(draws).flatMapToDouble(Arrays::stream).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        double sd = Math.sqrt(Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum() / (all.length - 1));
        within(wrong, scalar + " mean", mean, reference.mean(), Math.hypot(MonteCarloError.mcseMean(draws), reference.mcseMean()));
        // The reference's own error of the standard deviation is ours, scaled to its number of independent draws. The error is relative to
        // the reference's value, which has more draws: taken from the sample, it would be too small just when the sample's is.
        double inflation = Math.sqrt(1 + EffectiveSampleSize.essMean(draws) / reference.draws());
        within(wrong, scalar + " sd", sd, reference.sd(), MonteCarloError.mcseSd(draws) / sd * reference.sd() * inflation);
    }

    private static void quantiles(List<String> wrong, String scalar, double[][] draws, Reference reference) {
        double[] all = Arrays.stream(draws).flatMapToDouble(Arrays::stream).toArray();
        Map.of(0.05, reference.q05(), 0.5, reference.q50(), 0.95, reference.q95()).forEach((p, want) -> {
            double inflation = Math.sqrt(1 + EffectiveSampleSize.essQuantile(draws, p) / reference.draws());
            double error = MonteCarloError.mcseQuantile(draws, p) * inflation;
            within(wrong, scalar + " quantile " + p, Quantile.quantile(all, p), want, error);
        });
    }

    private static void within(List<String> wrong, String what, double got, double want, double error) {
        if (!(Math.abs(got - want) < 4 * error)) {
            wrong.add("%s is %.6g, reference %.6g: %.2f combined standard errors".formatted(what, got, want, (got - want) / error));
        }
    }

    /// {@return the draws of a scalar by chain; its name has 1-based indices}
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
