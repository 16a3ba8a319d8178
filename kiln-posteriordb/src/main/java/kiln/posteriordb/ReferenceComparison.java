package kiln.posteriordb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.diagnostics.Draws;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.MonteCarloError;
import kiln.diagnostics.Quantile;
import kiln.diagnostics.Rhat;
import kiln.infer.Posterior;
import kiln.posteriordb.Problem.Reference;

/// A run beside posteriordb's reference draws: the mean and the standard deviation of every scalar, and its R̂. Of a posterior without reference draws, the
/// R̂ of all random variables.
///
/// ```
/// distance = (estimate − reference) / √(error² + reference error²)
/// ```
///
/// A correct sampler exceeds a distance of 4 with probability 6e-5 per estimate, as far as the errors are what they are said to be. K_m and V_m of
/// `one_comp_mm_elim_abs` have no variance (where both grow together the likelihood tends to a constant, and the tail of either is that of x⁻³ by the two
/// Cauchy priors): their 5%, 50% and 95% quantiles are compared.
public final class ReferenceComparison {
    private static final Pattern SCALAR = Pattern.compile("([A-Za-z_0-9]+)(?:\\[([0-9,]+)])?");
    private static final List<String> NO_VARIANCE = List.of("K_m", "V_m");

    /// Of the quantiles, the one that a run's own error says too little about: whether a chain comes to the limb, and for how long, is a matter of a few visits in 1000 draws.
    private static final double FAR = 0.95;

    private final List<Estimate> estimates = new ArrayList<>();
    private final List<Far> far = new ArrayList<>();
    private final List<Agreement> agreements = new ArrayList<>();

    /// One number about the posterior, of a run and of the reference.
    ///
    /// @param quantity  what it is: `mu mean`
    /// @param got       of the run
    /// @param error     its Monte Carlo standard error
    /// @param want      of the reference draws
    /// @param wantError theirs
    public record Estimate(String quantity, double got, double error, double want, double wantError) {
        /// {@return how far they are apart, in combined standard errors}
        public double distance() {
            return (got - want) / Math.hypot(error, wantError);
        }

        /// {@return whether it is a quantile in the limb of a posterior without variance: its error is only right if the run has been there often enough, so that runs are compared by [#far]}
        public boolean isFar() {
            return quantity.endsWith("quantile " + FAR);
        }

        @Override
        public String toString() {
            return "%s is %.6g, reference %.6g: %.2f combined standard errors".formatted(quantity, got, want, distance());
        }
    }

    /// How far the chains of a run agree about a scalar.
    ///
    /// @param scalar   its name
    /// @param rhat     R̂
    /// @param byChance at most how often chains that agree have an R̂ above 1.01, see [Rhat#falseAlarm(double, double\[\]\[\])]
    public record Agreement(String scalar, double rhat, double byChance) {
        @Override
        public String toString() {
            return "R̂ of %s is %.4f, above 1.01 by chance in %.2g of all runs".formatted(scalar, rhat, byChance);
        }
    }

    /// Of a scalar without variance, which share of the draws of each chain is below the reference's far quantile.
    private record Far(String scalar, List<Double> shares, int referenceDraws) {
        Far {
            shares = List.copyOf(shares);
        }
    }

    private ReferenceComparison() {}

    /// {@return a run beside the reference draws of its posterior}
    public static ReferenceComparison of(Problem problem, Posterior posterior) {
        var out = new ReferenceComparison();
        if (!problem.hasReference()) {
            Draws draws = posterior.draws();
            for (String site : draws.names()) {
                List<String> labels = draws.labels(site);
                IntStream.range(0, labels.size()).forEach(k -> out.agreement(labels.get(k), draws.element(site, k)));
            }
            return out;
        }
        problem.reference().forEach((scalar, reference) -> {
            double[][] draws = draws(posterior, scalar);
            out.agreement(scalar, draws);
            if (NO_VARIANCE.contains(scalar)) {
                out.quantiles(scalar, draws, reference);
            } else {
                out.moments(scalar, draws, reference);
            }
        });
        return out;
    }

    /// {@return the estimates, scalar by scalar; none without reference draws}
    public List<Estimate> estimates() {
        return List.copyOf(estimates);
    }

    /// {@return what the chains agree about, scalar by scalar}
    public List<Agreement> agreements() {
        return List.copyOf(agreements);
    }

    /// {@return the largest R̂}
    public double rhat() {
        return agreements.stream().mapToDouble(Agreement::rhat).max().orElseThrow();
    }

    /// {@return at most how often chains that agree, with draws as effective as these, have some R̂ above 1.01}
    public double byChance() {
        return Math.min(1, agreements.stream().mapToDouble(Agreement::byChance).sum());
    }

    /// {@return the estimates of several runs of one posterior taken together: their averages}
    ///
    /// The runs have to be independent of each other; the reference is the same for all, so that its error does not become smaller.
    ///
    /// @param runs one at least
    public static List<Estimate> together(List<ReferenceComparison> runs) {
        int n = runs.size();
        return IntStream.range(0, runs.getFirst().estimates.size())
                .mapToObj(i -> {
                    List<Estimate> all = runs.stream().map(r -> r.estimates.get(i)).toList();
                    return new Estimate(
                            all.getFirst().quantity() + " over all runs",
                            all.stream().mapToDouble(Estimate::got).sum() / n,
                            Math.sqrt(all.stream().mapToDouble(e -> e.error() * e.error()).sum()) / n,
                            all.getFirst().want(),
                            all.stream().mapToDouble(Estimate::wantError).sum() / n);
                })
                .toList();
    }

    /// {@return of the scalars without variance, the share of all chains' draws that is below the reference's 95% quantile}
    ///
    /// Every chain is one observation, and the error is made of how much they differ: chains that were not in the limb at all, and chains that stayed there, are what it sees.
    /// With 40 chains a correct sampler exceeds a distance of 4.5 with probability 6e-5 (Student's t with 39 degrees of freedom).
    ///
    /// @param runs one at least
    public static List<Estimate> far(List<ReferenceComparison> runs) {
        return IntStream.range(0, runs.getFirst().far.size())
                .mapToObj(i -> {
                    Far first = runs.getFirst().far.get(i);
                    double[] shares = runs.stream().flatMap(r -> r.far.get(i).shares.stream()).mapToDouble(Double::doubleValue).toArray();
                    double mean = Arrays.stream(shares).average().orElseThrow();
                    double variance = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum() / (shares.length - 1);
                    return new Estimate(first.scalar + " below the reference's quantile " + FAR, mean, Math.sqrt(variance / shares.length), FAR,
                            Math.sqrt(FAR * (1 - FAR) / first.referenceDraws));
                })
                .toList();
    }

    private void agreement(String scalar, double[][] draws) {
        agreements.add(new Agreement(scalar, Rhat.rhat(draws), Rhat.falseAlarm(1.01, draws)));
    }

    private void moments(String scalar, double[][] draws, Reference reference) {
        double[] all = Arrays.stream(draws).flatMapToDouble(Arrays::stream).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        double sd = Math.sqrt(Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum() / (all.length - 1));
        estimates.add(new Estimate(scalar + " mean", mean, MonteCarloError.mcseMean(draws), reference.mean(), reference.mcseMean()));
        // The error is relative to the reference's value, which has more draws: taken from the sample, it would be too small just when the sample's is.
        double error = MonteCarloError.mcseSd(draws) / sd * reference.sd();
        estimates.add(scaled(scalar + " sd", sd, error, reference.sd(), EffectiveSampleSize.essMean(draws), reference));
    }

    private void quantiles(String scalar, double[][] draws, Reference reference) {
        double[] all = Arrays.stream(draws).flatMapToDouble(Arrays::stream).toArray();
        double[] of = {0.05, 0.5, FAR};
        double[] want = {reference.q05(), reference.q50(), reference.q95()};
        for (int k = 0; k < of.length; k++) {
            double error = MonteCarloError.mcseQuantile(draws, of[k]);
            estimates.add(scaled(scalar + " quantile " + of[k], Quantile.quantile(all, of[k]), error, want[k], EffectiveSampleSize.essQuantile(draws, of[k]), reference));
        }
        double limit = reference.q95();
        List<Double> shares = Arrays.stream(draws).map(chain -> Arrays.stream(chain).filter(x -> x < limit).count() / (double) chain.length).toList();
        far.add(new Far(scalar, shares, reference.draws()));
    }

    /// The reference's own error is the run's, scaled to its number of independent draws.
    private static Estimate scaled(String quantity, double got, double error, double want, double ess, Reference reference) {
        return new Estimate(quantity, got, error, want, error * Math.sqrt(ess / reference.draws()));
    }

    /// {@return the draws of a scalar by chain; its name has 1-based indices}
    private static double[][] draws(Posterior posterior, String scalar) {
        Matcher m = SCALAR.matcher(scalar);
        if (!m.matches()) {
            throw new IllegalArgumentException("not the name of a scalar: " + scalar);
        }
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
