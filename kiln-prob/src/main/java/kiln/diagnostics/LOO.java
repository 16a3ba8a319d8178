package kiln.diagnostics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// Leave-one-out cross-validation from the draws of one fit: how well the model predicts each observation from the others.
///
/// ```
/// log w_i ∝ PSIS of −ll_i;   elpd_i = log Σ_s w_is exp(ll_is);   elpd = Σ_i elpd_i,  se = √(n Var_i)
/// p_i = log(1/S Σ_s exp(ll_is)) − elpd_i;   looic = −2 elpd
/// mcse_i = √log(1 + v_i/exp(2 elpd_i)),  v_i = Σ_s w_is² (exp(ll_is) − exp(elpd_i))² / r_i
/// ```
///
/// An observation whose Pareto `k` exceeds [ParetoK#limit] changes the posterior too much to be left out this way: its term, and with it the
/// sum, is not to be trusted. `p` above the number of parameters points to a wrong model.
///
/// Source: Vehtari, Gelman and Gabry, *Practical Bayesian model evaluation using leave-one-out cross-validation and WAIC* (2017),
/// sections 2 and 5. Immutable.
public final class LOO {
    private final PointwiseLikelihood logLikelihood;
    private final PSIS[] weights;
    private final double[] elpd;
    private final double[] p;
    private final double[] mcse;

    private LOO(PointwiseLikelihood logLikelihood, double[] relativeEfficiency) {
        this.logLikelihood = logLikelihood;
        int n = logLikelihood.observations();
        weights = new PSIS[n];
        elpd = new double[n];
        p = new double[n];
        mcse = new double[n];
        for (int i = 0; i < n; i++) {
            double[] ll = Chains.pooled(logLikelihood.of(i));
            weights[i] = PSIS.of(Arrays.stream(ll).map(v -> -v).toArray(), relativeEfficiency[i]);
            double[] lw = weights[i].logWeights();
            double[] terms = new double[ll.length];
            for (int s = 0; s < ll.length; s++) {
                terms[s] = lw[s] + ll[s];
            }
            elpd[i] = LogSumExp.of(terms);
            p[i] = PointwiseLikelihood.logMeanExp(ll) - elpd[i];
            // Relative to exp(elpd), so that nothing under- or overflows.
            double v = 0;
            for (int s = 0; s < ll.length; s++) {
                double d = Elementary.exp(lw[s]) * Elementary.expm1(ll[s] - elpd[i]);
                v += d * d;
            }
            mcse[i] = Math.sqrt(Elementary.log1p(v / relativeEfficiency[i]));
        }
    }

    /// The criterion with relative efficiencies that are estimated, ESS of `exp(ll_i)` over the number of draws.
    ///
    /// @param logLikelihood log density of every observation at every draw, `[chain][draw][observation]`, in nats; only read
    /// @throws IllegalArgumentException if there are no values, their numbers differ, or one is not finite
    public static LOO of(double[][][] logLikelihood) {
        var ll = new PointwiseLikelihood("LOO", logLikelihood);
        double total = ll.chains() * ll.draws();
        return new LOO(ll, IntStream.range(0, ll.observations())
                .mapToDouble(i -> {
                    double[][] x = ll.of(i);
                    double max = Arrays.stream(Chains.pooled(x)).max().orElseThrow();
                    double ess = EffectiveSampleSize.ess(Chains.map(x, v -> Elementary.exp(v - max)));
                    return Double.isNaN(ess) ? 1 : ess / total;
                })
                .toArray());
    }

    /// The criterion with given relative efficiencies.
    ///
    /// @param logLikelihood      as for [#of(double\[\]\[\]\[\])]
    /// @param relativeEfficiency effective draws per draw, > 0: one number for each observation, or one for all
    /// @throws IllegalArgumentException as for [#of(double\[\]\[\]\[\])], or if the number of efficiencies is another
    public static LOO of(double[][][] logLikelihood, double... relativeEfficiency) {
        var ll = new PointwiseLikelihood("LOO", logLikelihood);
        int n = ll.observations();
        if (relativeEfficiency.length != n && relativeEfficiency.length != 1) {
            throw new IllegalArgumentException("LOO: there is not one relative efficiency for each observation.\n"
                    + "  Expected: " + n + ", or 1 for all\n"
                    + "  Got:      " + relativeEfficiency.length);
        }
        return new LOO(ll, relativeEfficiency.length == n ? relativeEfficiency
                : IntStream.range(0, n).mapToDouble(_ -> relativeEfficiency[0]).toArray());
    }

    /// The criterion for the elements of a site of log likelihoods.
    ///
    /// @param logLikelihood draws that have the log likelihood of every observation as an element of a site
    /// @param site          name of the site
    /// @throws IllegalArgumentException as for [#of(double\[\]\[\]\[\])], or if there is no such site
    public static LOO of(Draws logLikelihood, String site) {
        double[][][] x = new double[logLikelihood.chains()][logLikelihood.draws()][logLikelihood.size(site)];
        for (int e = 0; e < logLikelihood.size(site); e++) {
            double[][] element = logLikelihood.element(site, e);
            for (int c = 0; c < x.length; c++) {
                for (int i = 0; i < x[c].length; i++) {
                    x[c][i][e] = element[c][i];
                }
            }
        }
        return of(x);
    }

    /// {@return the number of observations `n`}
    public int observations() {
        return elpd.length;
    }

    /// {@return the expected log density of new data, `Σ elpd_i`, in nats}
    public Estimate elpd() {
        return Estimate.sumOf(elpd);
    }

    /// {@return the effective number of parameters, `Σ p_i`}
    public Estimate p() {
        return Estimate.sumOf(p);
    }

    /// {@return the criterion on the scale of a deviance, `−2 elpd`}
    public Estimate looic() {
        return elpd().times(-2);
    }

    /// {@return the terms of [#elpd], one for each observation; a copy}
    public double[] elpdPointwise() {
        return elpd.clone();
    }

    /// {@return the terms of [#p]; a copy}
    public double[] pPointwise() {
        return p.clone();
    }

    /// {@return the Monte Carlo standard error of each term of [#elpd], in nats; a copy}
    public double[] mcsePointwise() {
        return mcse.clone();
    }

    /// {@return the Monte Carlo standard error of [#elpd], in nats; NaN if a `k` is above the limit}
    public double mcse() {
        if (unreliable().length > 0) {
            return Double.NaN;
        }
        return Math.sqrt(Arrays.stream(mcse).map(v -> v * v).sum());
    }

    /// {@return the Pareto `k` of each observation; a copy}
    public double[] k() {
        return Arrays.stream(weights).mapToDouble(PSIS::k).toArray();
    }

    /// {@return the smoothed weights that take an observation out}
    public PSIS weights(int observation) {
        return weights[observation];
    }

    /// {@return the indices of the observations whose `k` is above [ParetoK#limit]}
    public int[] unreliable() {
        double limit = ParetoK.limit(logLikelihood.chains() * logLikelihood.draws());
        return IntStream.range(0, weights.length).filter(i -> !(weights[i].k() <= limit)).toArray();
    }

    /// The place of each observation in its predictive distribution from the others, `u_i = Σ_s w_is 1(yrep_is ≤ y_i)`.
    ///
    /// Uniform on (0, 1) if the model is right and the observations are continuous: see [Uniformity]. Equal replicates are counted by half.
    ///
    /// @param y          the observations, length `n`
    /// @param replicated `[chain][draw][observation]`, data drawn at each of the draws
    /// @return `u`, length `n`, each in [0, 1]
    /// @throws IllegalArgumentException if the sizes differ
    public double[] pit(double[] y, double[][][] replicated) {
        if (y.length != elpd.length || replicated.length != logLikelihood.chains()
                || Arrays.stream(replicated).anyMatch(chain -> chain.length != logLikelihood.draws()
                        || Arrays.stream(chain).anyMatch(row -> row.length != y.length))) {
            throw new IllegalArgumentException("LOO.pit: the data do not have the size of the log likelihood.\n"
                    + "  Expected: " + elpd.length + " observations, " + logLikelihood.chains() + " chains of " + logLikelihood.draws()
                    + " draws\n"
                    + "  Got:      " + y.length + " observations, " + replicated.length + " chains");
        }
        double[] u = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            double[] lw = weights[i].logWeights();
            int s = 0;
            for (double[][] chain : replicated) {
                for (double[] row : chain) {
                    double share = row[i] < y[i] ? 1 : row[i] == y[i] ? 0.5 : 0;
                    u[i] += share * Elementary.exp(lw[s++]);
                }
            }
            u[i] = Math.min(u[i], 1);
        }
        return u;
    }

    /// The estimates with their errors, and how many observations can be trusted.
    @Override
    public String toString() {
        int total = logLikelihood.chains() * logLikelihood.draws();
        double limit = ParetoK.limit(total);
        double[] k = k();
        var text = new StringBuilder("LOO of " + elpd.length + " observations from " + total + " draws\n")
                .append(Criterion.table("elpd_loo", elpd(), "p_loo", p(), "looic", looic()))
                .append("\nPareto k          observations\n");
        String bound = Text.decimals(limit, 2);
        row(text, "(-inf, " + bound + "]", "good", i -> k[i] <= limit);
        row(text, "(" + bound + ", 1]", "bad", i -> k[i] > limit && k[i] <= 1);
        row(text, "(1, inf]", "very bad", i -> !(k[i] <= 1));
        int[] bad = unreliable();
        if (bad.length > 0) {
            text.append("Not to be trusted: observation").append(bad.length == 1 ? " " : "s ");
            text.append(Text.list(bad, 8)).append(". Fit the model without ").append(bad.length == 1 ? "it" : "each of them")
                    .append(" instead, or use a likelihood with heavier tails.\n");
        }
        return text.toString();
    }

    private void row(StringBuilder text, String range, String name, IntPredicate in) {
        long count = IntStream.range(0, elpd.length).filter(in).count();
        text.append(String.format(Locale.ROOT, "  %-14s  %5d  %s\n", range, count, name));
    }
}
